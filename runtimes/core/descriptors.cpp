// The table of descriptor generations, and the strong definitions of the calls that end a descriptor.
#include "core/descriptors.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <new>

#include "core/sanitizers.hpp"

#ifdef FLUX_THREAD_SANITIZER
// ThreadSanitizer's own definitions, which those below stand in front of.
extern "C" {
int __interceptor_close(int);
int __interceptor_dup2(int, int);
int __interceptor_dup3(int, int, int);
}
#endif

namespace flux::descriptors {

constinit std::atomic<detail::chunk*> detail::chunks[kChunks];

namespace {

using namespace detail;

// For numbers beyond all chunks, and those there was no memory for: one word for all. A generation that moves too often costs a
// registration, never an event.
constinit std::atomic<std::uint32_t> beyond{0};

bool is_beyond(int fd) noexcept { return fd >= kChunkSize * kChunks; }

std::atomic<std::uint32_t>& find_or_make(int fd) noexcept {
  if (std::atomic<std::uint32_t>* const word = find(fd)) return *word;
  if (is_beyond(fd)) return beyond;
  chunk* const made = new (std::nothrow) chunk{};
  if (made == nullptr) return beyond;
  chunk* expected = nullptr;
  auto& slot = chunks[fd / kChunkSize];
  if (!slot.compare_exchange_strong(expected, made, std::memory_order_acq_rel)) {
    delete made;
    return expected->words[fd % kChunkSize];
  }
  return made->words[fd % kChunkSize];
}

void renew(std::atomic<std::uint32_t>& word, std::uint32_t known) noexcept {
  std::uint32_t old = word.load(std::memory_order_relaxed);
  while (!word.compare_exchange_weak(old, ((old & ~(kGenerationStep - 1)) + kGenerationStep) | known, std::memory_order_acq_rel)) {
  }
}

// The calls themselves. ThreadSanitizer has to hear that a number is free, or whoever gets it next seems to race with whoever had it.
#ifdef FLUX_THREAD_SANITIZER
int close_number(int fd) noexcept { return __interceptor_close(fd); }
int replace_number(int from, int to) noexcept { return __interceptor_dup2(from, to); }
int replace_number(int from, int to, int flags) noexcept { return __interceptor_dup3(from, to, flags); }
#else
int close_number(int fd) noexcept { return static_cast<int>(::syscall(SYS_close, fd)); }
int replace_number(int from, int to, int flags) noexcept { return static_cast<int>(::syscall(SYS_dup3, from, to, flags)); }
int replace_number(int from, int to) noexcept { return replace_number(from, to, 0); }
#endif

}  // namespace

std::uint32_t detail::generation_of_unknown(int fd) noexcept {
  return find_or_make(fd).load(std::memory_order_acquire) / kGenerationStep;
}

void closing(int fd) noexcept {
  // Nobody asked about a number that has no chunk, so there is nothing to void.
  if (std::atomic<std::uint32_t>* const word = is_beyond(fd) ? &beyond : find(fd)) renew(*word, kUnknown);
}

void set_loop(int fd, registration now) noexcept {
  std::atomic<std::uint32_t>* const word = find(fd);
  if (word == nullptr) return;
  std::uint32_t seen = word->load(std::memory_order_relaxed);
  while (seen / kGenerationStep == now.generation && (seen & kLoopMask) == 0) {
    if (word->compare_exchange_weak(seen, seen | now.loop * kLoopStep, std::memory_order_acq_rel)) return;
  }
}

void accepted(int fd) noexcept { renew(find_or_make(fd), kNonBlocking); }

bool detail::ask_is_blocking(int fd) noexcept {
  if (fd < 0) return false;
  std::atomic<std::uint32_t>& word = find_or_make(fd);
  std::uint32_t seen = word.load(std::memory_order_acquire);
  if (&word != &beyond && (seen & kKnownMask) != kUnknown) return (seen & kKnownMask) == kBlocking;
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0) return false;
  const bool blocking = (flags & O_NONBLOCK) == 0;
  // Only while nobody closed it since. O_NONBLOCK set later, by the program, is not seen: polling before the call stays correct.
  if (&word != &beyond) word.compare_exchange_strong(seen, seen | (blocking ? kBlocking : kNonBlocking), std::memory_order_acq_rel);
  return blocking;
}

}  // namespace flux::descriptors

// An executable's own definition comes before libc's for every caller that is not inside libc. The generation moves *before* the
// number is free: moved after it, it would void the registration of whoever got the number in between.
extern "C" {

int close(int fd) {
  flux::descriptors::closing(fd);
  return flux::descriptors::close_number(fd);
}

int dup2(int from, int to) noexcept {
  if (from == to) return ::fcntl(from, F_GETFD) < 0 ? -1 : to;
  flux::descriptors::closing(to);
  return flux::descriptors::replace_number(from, to);
}

int dup3(int from, int to, int flags) noexcept {
  flux::descriptors::closing(to);
  return flux::descriptors::replace_number(from, to, flags);
}

int close_range(unsigned first, unsigned last, int flags) noexcept {
  // CLOSE_RANGE_CLOEXEC (4) closes nothing now.
  if ((flags & 4) == 0 && first <= last) {
    using namespace flux::descriptors;
    const unsigned end = last < static_cast<unsigned>(kChunkSize * kChunks) ? last : static_cast<unsigned>(kChunkSize * kChunks) - 1;
    for (unsigned fd = first; fd <= end; ++fd) {
      // Whole chunks that nobody asked about are skipped.
      if (fd % kChunkSize == 0 && chunks[fd / kChunkSize].load(std::memory_order_acquire) == nullptr) {
        fd += kChunkSize - 1;
        continue;
      }
      closing(static_cast<int>(fd));
    }
    renew(beyond, kUnknown);
  }
#ifdef SYS_close_range
  return static_cast<int>(::syscall(SYS_close_range, first, last, flags));
#else
  errno = ENOSYS;
  return -1;
#endif
}

}  // extern "C"
