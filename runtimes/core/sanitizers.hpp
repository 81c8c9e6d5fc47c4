// What the sanitizers must be told of hand-made memory and hand-made locks, and helgrind of the locks where FLUX_HELGRIND is defined.
// Nothing in an ordinary build.
#ifndef FLUX_CORE_SANITIZERS_HPP
#define FLUX_CORE_SANITIZERS_HPP

#include <cstddef>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FLUX_ADDRESS_SANITIZER 1
#endif
#if __has_feature(thread_sanitizer)
#define FLUX_THREAD_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define FLUX_ADDRESS_SANITIZER 1
#endif
#if defined(__SANITIZE_THREAD__)
#define FLUX_THREAD_SANITIZER 1
#endif

#ifdef FLUX_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#endif
#ifdef FLUX_THREAD_SANITIZER
#include <sanitizer/tsan_interface.h>
// What compiled code calls where it writes much at once; no header has it.
extern "C" void __tsan_write_range(void* memory, unsigned long size);
#endif
// For a build that is to run under `valgrind --tool=helgrind`: it sees in which order locks are acquired. It does not know std::atomic, so of
// what it says of data races nothing is to be believed.
#ifdef FLUX_HELGRIND
#include <valgrind/helgrind.h>
#endif

namespace flux::core {

inline void poison([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t size) noexcept {
#ifdef FLUX_ADDRESS_SANITIZER
  __asan_poison_memory_region(memory, size);
#endif
}

inline void unpoison([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t size) noexcept {
#ifdef FLUX_ADDRESS_SANITIZER
  __asan_unpoison_memory_region(memory, size);
#endif
}

// Memory that is not malloc's and holds addresses of what is: or that would be taken for lost.
inline void note_mapped([[maybe_unused]] const void* memory, [[maybe_unused]] std::size_t size) noexcept {
#ifdef FLUX_ADDRESS_SANITIZER
  __lsan_register_root_region(memory, size);
#endif
}

inline void note_unmapped([[maybe_unused]] const void* memory, [[maybe_unused]] std::size_t size) noexcept {
#ifdef FLUX_ADDRESS_SANITIZER
  __lsan_unregister_root_region(memory, size);
#endif
}

// A lock was acquired by the calling thread, which will also release it. With these ThreadSanitizer knows what a flow held when it
// reports a race, and reports an inversion of the lock order that did not yet deadlock; helgrind too. Each is one point in time, before or after the
// operation: between the two halves of an annotation ThreadSanitizer would ignore the atomics that make the lock.
inline void note_acquired([[maybe_unused]] void* lock, [[maybe_unused]] bool reading) noexcept {
#ifdef FLUX_THREAD_SANITIZER
  const unsigned flags = __tsan_mutex_linker_init | (reading ? __tsan_mutex_read_lock : 0u);
  __tsan_mutex_pre_lock(lock, flags);
  __tsan_mutex_post_lock(lock, flags, 0);
#endif
#ifdef FLUX_HELGRIND
  ANNOTATE_RWLOCK_ACQUIRED(lock, reading ? 0 : 1);
#endif
}

inline void note_release([[maybe_unused]] void* lock, [[maybe_unused]] bool reading) noexcept {
#ifdef FLUX_THREAD_SANITIZER
  __tsan_mutex_pre_unlock(lock, reading ? __tsan_mutex_read_lock : 0u);
  __tsan_mutex_post_unlock(lock, reading ? __tsan_mutex_read_lock : 0u);
#endif
#ifdef FLUX_HELGRIND
  ANNOTATE_RWLOCK_RELEASED(lock, reading ? 0 : 1);
#endif
}

// A lock in memory that has been another before, and will be again: from note_made to note_gone it has an order of its own. One that is
// not made ThreadSanitizer takes for a static one, which it cannot forget.
inline void note_made([[maybe_unused]] void* lock) noexcept {
#ifdef FLUX_THREAD_SANITIZER
  __tsan_mutex_create(lock, __tsan_mutex_not_static);
#endif
#ifdef FLUX_HELGRIND
  ANNOTATE_RWLOCK_CREATE(lock);
#endif
}

// Gone it counts as written all over: one who only looks at it, and is not known to have done so before, is reported.
inline void note_gone([[maybe_unused]] void* lock, [[maybe_unused]] std::size_t size) noexcept {
#ifdef FLUX_THREAD_SANITIZER
  __tsan_mutex_destroy(lock, __tsan_mutex_not_static);
  __tsan_write_range(lock, size);
#endif
#ifdef FLUX_HELGRIND
  ANNOTATE_RWLOCK_DESTROY(lock);
#endif
}

#ifdef FLUX_ADDRESS_SANITIZER
inline constexpr bool kSanitized = true;
#elif defined(FLUX_THREAD_SANITIZER)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace flux::core

#endif
