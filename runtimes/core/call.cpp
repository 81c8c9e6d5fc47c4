// What exceptions mean to a flow. Apart from call.hpp, so that no generated program compiles <system_error>.
#include "core/call.hpp"

#include <cxxabi.h>
#include <unistd.h>

#include <string_view>
#include <system_error>

namespace flux {

std::int32_t failure_of_exception() {
  try {
    throw;
  } catch (const std::system_error& error) {
    const int code = error.code().value();
    return code == 0 ? exception : code;
  } catch (const abi::__forced_unwind&) {
    constexpr std::string_view line = "flux: a node ended its thread (pthread_exit or pthread_cancel); no flow can go on without it\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
    throw;
  } catch (...) {
    return exception;
  }
}

}  // namespace flux
