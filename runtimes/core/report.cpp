// Lines on stderr.
#include "core/report.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "flux/again.hpp"

namespace flux::core {
namespace {

const char* report_name = "flux";

void write_line(const char* line, std::size_t size) noexcept {
  // Nothing can be done about a stderr that is closed or full.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line, size);
}

// Numbers that a node hands on from a system call of a server: descriptors, files, memory, the network. Others (1, 7, 42) are much more
// likely a number of its own, and stand as they are.
bool is_from_system(int error) noexcept {
  switch (error) {
    case ENOENT:
    case EINTR:
    case EIO:
    case EBADF:
    case EAGAIN:
    case ENOMEM:
    case EACCES:
    case EBUSY:
    case EEXIST:
    case ENOTDIR:
    case EISDIR:
    case EINVAL:
    case ENFILE:
    case EMFILE:
    case EFBIG:
    case ENOSPC:
    case EROFS:
    case EPIPE:
    case EDEADLK:
    case ENAMETOOLONG:
    case ENOSYS:
    case ELOOP:
    case EPROTO:
      return true;
    default:
      // EUSERS, the errors of sockets from ENOTSOCK to EHOSTUNREACH, ECANCELED.
      return error == ECANCELED || (error >= EUSERS && error <= EINPROGRESS);
  }
}

}  // namespace

void set_report_name(const char* name) noexcept { report_name = name; }

void report(const char* format, ...) noexcept {
  char line[1024];
  const int head = std::snprintf(line, sizeof line, "%.200s: ", report_name);
  va_list arguments;
  va_start(arguments, format);
  const int body = std::vsnprintf(line + head, sizeof line - 1 - static_cast<std::size_t>(head), format, arguments);
  va_end(arguments);
  std::size_t size = static_cast<std::size_t>(head + (body < 0 ? 0 : body));
  if (size > sizeof line - 2) size = sizeof line - 2;
  // One line, whatever a node's exception says.
  for (std::size_t index = 0; index < size; ++index) {
    if (static_cast<unsigned char>(line[index]) < ' ') line[index] = ' ';
  }
  line[size] = '\n';
  write_line(line, size + 1);
}

void report_from_handler(const char* before, std::int64_t number, const char* after) noexcept {
  char line[512];
  std::size_t size = 0;
  const auto add = [&](const char* text) {
    while (*text != '\0' && size < sizeof line - 1) line[size++] = *text++;
  };
  add(report_name);
  add(": ");
  add(before);
  if (number >= 0) {
    char digits[24];
    char* digit = digits + sizeof digits - 1;
    *digit = '\0';
    do {
      *--digit = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number != 0);
    add(digit);
  }
  add(after);
  line[size++] = '\n';
  write_line(line, size);
}

const char* error_text(int error, char* buffer, std::size_t size) noexcept {
  if (error == flux::again) return "flux::again";
  if (error == flux::exception) return "an exception";
  if (error == flux::no_match) return "no case matches";
  if (is_from_system(error)) return ::strerrordesc_np(error);
  std::snprintf(buffer, size, "error %d", error);
  return buffer;
}

void report_failed_source(const char* name, int error, std::uint64_t times) noexcept {
  char buffer[32];
  const char* const why = error_text(error, buffer, sizeof buffer);
  if (times == 1) {
    report("source %s failed: %s", name, why);
  } else {
    report("source %s failed: %s (%llu times)", name, why, static_cast<unsigned long long>(times));
  }
}

const char* error_name(int error, char* buffer, std::size_t size) noexcept {
  if (error == flux::again) return "again";
  if (error == flux::exception) return "exception";
  if (error == flux::no_match) return "no_match";
  if (is_from_system(error)) return ::strerrorname_np(error);
  std::snprintf(buffer, size, "%d", error);
  return buffer;
}

}  // namespace flux::core
