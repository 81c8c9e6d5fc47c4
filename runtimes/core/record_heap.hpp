// Memory for flow records: made by one thread, given back by any. After warm-up a flow costs no call of malloc.
#ifndef FLUX_CORE_RECORD_HEAP_HPP
#define FLUX_CORE_RECORD_HEAP_HPP

#include <atomic>
#include <cstddef>

namespace flux::core {

// Blocks of one size. The thread that starts flows takes them here; the thread on which a flow ends gives its block back to the heap
// it came from, so a source that starts what others end does not run dry and nobody hoards.
//
// Thread safety: take by the owner alone; give_back by any thread.
//
// Invariants:
//   (1) A block is in mine_, in returned_, or taken.
//   (2) returned_ is only pushed to, or emptied as a whole by the owner: a stack without ABA.
//
// Memory is never given back to the system while the program runs: the heap is as large as the most flows there ever were.
class record_heap {
 public:
  record_heap(std::size_t size, std::size_t alignment) noexcept;
  ~record_heap();
  record_heap(const record_heap&) = delete;
  record_heap& operator=(const record_heap&) = delete;

  // Uninitialised memory for one record; null if there is none. Blocks only as malloc does, and then only while the heap grows.
  [[nodiscard]] void* take() noexcept;

  // REQUIRES: `block` came from take of this heap. Never blocks.
  void give_back(void* block) noexcept;

 private:
  struct free_block {
    free_block* next;
  };
  struct slab {
    slab* next;
  };

  bool grow() noexcept;

  std::size_t size_;
  std::size_t alignment_;
  free_block* mine_ = nullptr;
  slab* slabs_ = nullptr;
  std::size_t next_slab_blocks_ = 4;
  alignas(64) std::atomic<free_block*> returned_{nullptr};
};

}  // namespace flux::core

#endif
