#include "record_memory.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

#include "violation.hpp"

namespace flux::test {

namespace {
// All records, for the fault handler. Only one thread works at a time, so nothing guards the list.
record_memory* records = nullptr;
}  // namespace

record_memory::record_memory(std::size_t size, std::size_t alignment) noexcept : next_(records) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  length_ = (size + page - 1) / page * page;
  void* const pages = ::mmap(nullptr, length_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) {
    next_ = nullptr;
    return;
  }
  pages_ = pages;
  storage_ = static_cast<char*>(pages) + (length_ - size) / alignment * alignment;
  if (records != nullptr) records->previous_ = this;
  records = this;
}

record_memory::~record_memory() {
  if (pages_ == nullptr) return;
  (previous_ == nullptr ? records : previous_->next_) = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
  ::munmap(pages_, length_);
}

void record_memory::close(const char* why) noexcept {
  why_ = why;
  if (::mprotect(pages_, length_, PROT_NONE) != 0) violation("mprotect failed: too many records alive for this runtime");
}

void record_memory::open() noexcept {
  why_ = nullptr;
  if (::mprotect(pages_, length_, PROT_READ | PROT_WRITE) != 0) violation("mprotect failed");
}

struct record_fault {
  static void handle(int signal, siginfo_t* information, void* /*context*/) noexcept {
    const auto at = reinterpret_cast<std::uintptr_t>(information->si_addr);
    for (const record_memory* memory = records; memory != nullptr; memory = memory->next_) {
      const auto first = reinterpret_cast<std::uintptr_t>(memory->pages_);
      if (memory->why_ != nullptr && at >= first && at < first + memory->length_) violation("a record was touched %s", memory->why_);
    }
    // Not ours: die of it as usual.
    ::signal(signal, SIG_DFL);
    ::raise(signal);
  }
};

void report_record_faults() noexcept {
  struct sigaction action = {};
  action.sa_sigaction = &record_fault::handle;
  action.sa_flags = SA_SIGINFO;
  ::sigaction(SIGSEGV, &action, nullptr);
}

}  // namespace flux::test
