#include "violation.hpp"

#include <unistd.h>

#include <cstdarg>
#include <cstdio>
#include <cstdlib>

namespace flux::test {

void violation(const char* format, ...) noexcept {
  char line[1024];
  int length = std::snprintf(line, sizeof line, "flux test runtime: violation: ");
  std::va_list arguments;
  va_start(arguments, format);
  length += std::vsnprintf(line + length, sizeof line - static_cast<std::size_t>(length) - 1, format, arguments);
  va_end(arguments);
  if (length > static_cast<int>(sizeof line) - 2) length = static_cast<int>(sizeof line) - 2;
  line[length] = '\n';
  // Not through stdio: its buffer would be lost, and its lock may be held.
  [[maybe_unused]] const auto written = ::write(2, line, static_cast<std::size_t>(length) + 1);
  std::abort();
}

}  // namespace flux::test
