// How the test runtime says that generated code, or the runtime itself, broke the contract.
#ifndef FLUX_TEST_VIOLATION_HPP
#define FLUX_TEST_VIOLATION_HPP

namespace flux::test {

// Prints one line, `flux test runtime: violation: …`, and aborts. Async-signal-safe enough to be called from the handler of SIGSEGV.
[[noreturn, gnu::format(printf, 1, 2)]] void violation(const char* format, ...) noexcept;

}  // namespace flux::test

#endif
