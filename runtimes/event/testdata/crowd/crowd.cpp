// `crowd VISITORS restless`: the first is. `crowd VISITORS alone`: from then on no thread can be made, and it takes a while to hear that.
#include "crowd.hpp"

#include <dlfcn.h>
#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>

#include "flux/stop.hpp"

namespace {

using std::chrono::microseconds;

int visitors = 0;
bool one_is_restless = false;
std::atomic<bool> no_more_threads{false};
int came = 0;
std::atomic<int> gone{0};

}  // namespace

// Stands before libc's; a sanitizer has one of its own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
extern "C" int pthread_create(pthread_t* made, const pthread_attr_t* attributes, void* (*main)(void*), void* argument) noexcept {
  if (no_more_threads.load()) {
    std::this_thread::sleep_for(microseconds(300));
    return EAGAIN;
  }
  static const auto libc = reinterpret_cast<decltype(&pthread_create)>(::dlsym(RTLD_NEXT, "pthread_create"));
  return libc(made, attributes, main, argument);
}
#endif

int init(int argc, char** argv) {
  if (argc != 3) return 1;
  visitors = std::atoi(argv[1]);
  one_is_restless = std::string_view(argv[2]) == "restless";
  return 0;
}

int Next(int& number) {
  if (came == 0 && !one_is_restless) {
    // The others of its kind have been made before the server called anybody.
    std::this_thread::sleep_for(microseconds(100'000));
    no_more_threads.store(true);
  }
  while (came == visitors) {
    if (flux::stopping()) return ECANCELED;
    std::this_thread::sleep_for(microseconds(1'000));
  }
  number = came++;
  return 0;
}

int Turn(int&) { return 0; }
bool IsRestless(int number) { return one_is_restless && number == 0 && gone.load() + 1 < visitors; }
int Rest(int&) { return 0; }

int Leave(int) {
  if (gone.fetch_add(1) + 1 != visitors) return 0;
  std::puts("all have left");
  std::fflush(stdout);
  return 0;
}
