// Slabs that double in size, and a stack of what came back. Under AddressSanitizer a free block is poisoned, so that a record that
// is touched after its flow ended is reported although its memory is never freed.
#include "core/record_heap.hpp"

#include <new>

#include "core/sanitizers.hpp"

namespace flux::core {
namespace {

constexpr std::size_t kLargestSlab = 256;

constexpr std::size_t rounded_up(std::size_t value, std::size_t alignment) { return (value + alignment - 1) / alignment * alignment; }

}  // namespace

record_heap::record_heap(std::size_t size, std::size_t alignment) noexcept
    : alignment_(alignment < alignof(slab) ? alignof(slab) : alignment) {
  size_ = rounded_up(size < sizeof(free_block) ? sizeof(free_block) : size, alignment_);
}

record_heap::~record_heap() {
  while (slabs_ != nullptr) {
    slab* const next = slabs_->next;
    ::operator delete(slabs_, std::align_val_t(alignment_));
    slabs_ = next;
  }
}

void* record_heap::take() noexcept {
  if (mine_ == nullptr) mine_ = returned_.exchange(nullptr, std::memory_order_acquire);
  if (mine_ == nullptr && !grow()) return nullptr;
  free_block* const block = mine_;
  mine_ = block->next;
  unpoison(block, size_);
  return block;
}

void record_heap::give_back(void* memory) noexcept {
  auto* const block = ::new (memory) free_block{returned_.load(std::memory_order_relaxed)};
  poison(block + 1, size_ - sizeof(free_block));
  while (!returned_.compare_exchange_weak(block->next, block, std::memory_order_release, std::memory_order_relaxed)) {
  }
}

bool record_heap::grow() noexcept {
  // A slab begins with its link, padded so that the first block is aligned.
  const std::size_t head = rounded_up(sizeof(slab), alignment_);
  std::size_t blocks = next_slab_blocks_;
  void* memory = ::operator new(head + blocks * size_, std::align_val_t(alignment_), std::nothrow);
  if (memory == nullptr && blocks > 1) {
    blocks = 1;
    memory = ::operator new(head + size_, std::align_val_t(alignment_), std::nothrow);
  }
  if (memory == nullptr) return false;
  slabs_ = ::new (memory) slab{slabs_};
  for (std::size_t index = blocks; index-- > 0;) {
    auto* const block = ::new (static_cast<std::byte*>(memory) + head + index * size_) free_block{mine_};
    poison(block + 1, size_ - sizeof(free_block));
    mine_ = block;
  }
  if (next_slab_blocks_ < kLargestSlab) next_slab_blocks_ *= 2;
  return true;
}

}  // namespace flux::core
