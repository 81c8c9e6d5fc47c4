// Small pieces come from malloc, all others straight from the kernel, so that what is given back leaves the process at once.
#include "core/lock_memory.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>

#include "core/sanitizers.hpp"

namespace flux::core {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;

std::byte* map(std::size_t bytes) noexcept {
  void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<std::byte*>(memory);
}

std::byte* map_aligned(std::size_t bytes) noexcept {
  std::byte* const memory = map(bytes);
  if (memory == nullptr || reinterpret_cast<std::uintptr_t>(memory) % bytes == 0) return memory;
  // Twice as much has an aligned piece in it.
  ::munmap(memory, bytes);
  std::byte* const wide = map(2 * bytes);
  if (wide == nullptr) return nullptr;
  const std::size_t before = bytes - reinterpret_cast<std::uintptr_t>(wide) % bytes;
  ::munmap(wide, before);
  if (before != bytes) ::munmap(wide + before + bytes, bytes - before);
  return wide + before;
}

}  // namespace

void* lock_memory::get(std::size_t bytes) noexcept {
  if (bytes < kPage) return std::calloc(1, bytes);
  std::byte* const memory = map_aligned(bytes);
  if (memory == nullptr) return nullptr;
  // The slots of very many keys: read all over, and so worth fewer entries of the core's table of pages.
  if (bytes >= kHugePage) ::madvise(memory, bytes, MADV_HUGEPAGE);
  note_mapped(memory, bytes);
  return memory;
}

void lock_memory::put(void* memory, std::size_t bytes) noexcept {
  if (bytes < kPage) {
    std::free(memory);
  } else {
    note_unmapped(memory, bytes);
    ::munmap(memory, bytes);
  }
}

}  // namespace flux::core
