// What the conformance programs are made with: a trace, time, things that are counted, a source of numbers.
// Knows nothing of a runtime: a program is the same on all of them.
#ifndef FLUX_CONFORMANCE_TRACE_HPP
#define FLUX_CONFORMANCE_TRACE_HPP

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <vector>

#include "flux/flux.hpp"

// The test runtime has it: time that passes without anybody waiting for it.
extern "C" [[gnu::weak]] void flux_test_spend(long milliseconds);

namespace conformance {

inline std::string text_of(const char* format, std::va_list arguments) {
  char line[512];
  std::vsnprintf(line, sizeof line, format, arguments);
  return line;
}

// Prints a line now. For what happens in one order on every runtime.
[[gnu::format(printf, 1, 2)]] inline void say(const char* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  const std::string line = text_of(format, arguments) + "\n";
  va_end(arguments);
  if (::write(1, line.data(), line.size()) != static_cast<ssize_t>(line.size())) std::abort();
}

inline std::mutex notes_guard;
inline std::vector<std::string> notes;

// Keeps a line for `say_notes`. For what flows do side by side.
[[gnu::format(printf, 1, 2)]] inline void note(const char* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  const std::string line = text_of(format, arguments);
  va_end(arguments);
  const std::lock_guard guard(notes_guard);
  notes.push_back(line);
}

// Prints what was noted, sorted.
inline void say_notes() {
  const std::lock_guard guard(notes_guard);
  std::ranges::sort(notes);
  for (const auto& line : notes) say("%s", line.c_str());
  notes.clear();
}

// The work of a node takes this long.
inline void spend(long milliseconds) {
  if (flux_test_spend != nullptr) {
    flux_test_spend(milliseconds);
    return;
  }
  timespec left = {milliseconds / 1000, milliseconds % 1000 * 1'000'000};
  while (::nanosleep(&left, &left) != 0) {
  }
}

// Something that must be destroyed exactly once. Aborts on a second destruction and on use after the end.
class counted {
 public:
  static inline std::atomic<int> alive = 0;
  static inline std::atomic<int> copies = 0;

  counted() : counted(0) {}
  explicit counted(int value) : value(value) { ++alive; }
  counted(const counted& other) : value(other.checked()) {
    ++alive;
    ++copies;
  }
  counted(counted&& other) noexcept : value(other.checked()) {
    other.value = 0;
    ++alive;
  }
  counted& operator=(const counted& other) {
    value = other.checked();
    ++copies;
    return *this;
  }
  counted& operator=(counted&& other) noexcept {
    value = other.checked();
    other.value = 0;
    return *this;
  }
  ~counted() {
    if (state_ != kAlive) std::abort();
    state_ = kDead;
    --alive;
  }

  int value;

 private:
  static constexpr unsigned kAlive = 0xa11e5afeu;
  static constexpr unsigned kDead = 0xdeadu;

  [[nodiscard]] int checked() const noexcept {
    if (state_ != kAlive) std::abort();
    return value;
  }

  unsigned state_ = kAlive;
};

// A pipe made when it is first used, closed never.
class channel {
 public:
  [[nodiscard]] int reading() const { return ends()[0]; }
  [[nodiscard]] int writing() const { return ends()[1]; }
  // For a `wait` that names it: readable.
  [[nodiscard]] int fd() const { return reading(); }
  void put(const char* text, std::size_t size) {
    if (::write(writing(), text, size) != static_cast<ssize_t>(size)) std::abort();
  }

  // Reads it empty and puts a byte in: it is readable, and has just become so, as an edge-triggered runtime must see it.
  void knock() {
    char buffer[64];
    while (::read(reading(), buffer, sizeof buffer) > 0) {
    }
    put("k", 1);
  }

 private:
  [[nodiscard]] const int* ends() const {
    std::call_once(made_, [this] {
      if (::pipe2(ends_, O_NONBLOCK | O_CLOEXEC) != 0) std::abort();
    });
    return ends_;
  }

  mutable std::once_flag made_;
  mutable int ends_[2] = {-1, -1};
};

// The numbers 1 to `last` for a source with `limit 1` and a `wait` for this: then one flow runs at a time, and when the
// last has ended the program stops.
class numbers {
 public:
  explicit numbers(int last) : last_(last) {}

  [[nodiscard]] int take(int& number) {
    if (next_ > last_) {
      flux::stop();
      return flux::again;
    }
    number = next_;
    ++next_;
    return 0;
  }
  [[nodiscard]] int fd() const { return never_.fd(); }

 private:
  int last_;
  int next_ = 1;
  channel never_;
};

// Stops the program when so many flows have reported their end.
class countdown {
 public:
  explicit countdown(int flows) : left_(flows) {}
  void ended() {
    if (--left_ == 0) flux::stop();
  }

 private:
  std::atomic<int> left_;
};

}  // namespace conformance

#endif
