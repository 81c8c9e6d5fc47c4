#include "explore.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace flux::test {

namespace {

constexpr int kDifferent = 70;
constexpr unsigned kLongestRun = 60;

struct outcome {
  int code = 0;
  std::string out;
  std::string error;

  bool operator==(const outcome& other) const { return code == other.code && out == other.out; }
};

std::string content(int file) {
  std::string result;
  ::lseek(file, 0, SEEK_SET);
  char buffer[4096];
  for (;;) {
    const auto got = ::read(file, buffer, sizeof buffer);
    if (got <= 0) return result;
    result.append(buffer, static_cast<std::size_t>(got));
  }
}

outcome run_in_child(const options& how, const one_run& run, choice_log* log) {
  log->size = 0;
  const int out = ::memfd_create("stdout", MFD_CLOEXEC);
  const int error = ::memfd_create("stderr", MFD_CLOEXEC);
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(out, 1);
    ::dup2(error, 2);
    ::close(out);
    ::close(error);
    ::alarm(kLongestRun);
    std::exit(run(how, log));
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  outcome result;
  result.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.out = content(out);
  result.error = content(error);
  ::close(out);
  ::close(error);
  return result;
}

// The schedule after this one, depth first; nothing after the last.
std::optional<std::vector<std::uint16_t>> next(const choice_log& log) {
  for (std::size_t length = log.size; length > 0; --length) {
    const auto& last = log.entries[length - 1];
    if (last.chosen + 1 >= last.count) continue;
    std::vector<std::uint16_t> replay;
    for (std::size_t index = 0; index + 1 < length; ++index) replay.push_back(log.entries[index].chosen);
    replay.push_back(static_cast<std::uint16_t>(last.chosen + 1));
    return replay;
  }
  return std::nullopt;
}

std::string again(const options& how) {
  if (how.order == order::random) return "--flux-test-order=random:" + std::to_string(how.seed);
  std::string result = "--flux-test-order=replay:";
  for (const auto chosen : how.replay) result += std::to_string(chosen) + ".";
  if (!how.replay.empty()) result.pop_back();
  return result;
}

int differ(const outcome& first, const std::string& first_options, const outcome& other, const std::string& other_options) {
  std::fprintf(stderr, "flux test runtime: two schedules differ\n--- %s: exit %d\n%s%s--- %s: exit %d\n%s%s", first_options.c_str(), first.code,
               first.out.c_str(), first.error.c_str(), other_options.c_str(), other.code, other.out.c_str(), other.error.c_str());
  return kDifferent;
}

}  // namespace

int explore(const options& given, const one_run& run) {
  void* const shared = ::mmap(nullptr, sizeof(choice_log), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) {
    std::perror("flux test runtime: mmap");
    return 1;
  }
  auto* const log = static_cast<choice_log*>(shared);

  std::optional<outcome> first;
  std::string first_options;
  std::uint64_t runs = 0;
  bool complete = true;
  options how = given;
  how.explore = exploration::none;
  how.order = given.explore == exploration::seeds ? order::random : order::replay;
  how.seed = given.explore_first;
  for (;;) {
    const outcome result = run_in_child(how, run, log);
    ++runs;
    if (!first) {
      first = result;
      first_options = again(how);
    } else if (!(result == *first)) {
      return differ(*first, first_options, result, again(how));
    }
    if (given.explore == exploration::seeds) {
      if (how.seed == given.explore_last) break;
      ++how.seed;
      continue;
    }
    auto replay = next(*log);
    if (!replay) break;
    if (runs == given.explore_last) {
      complete = false;
      break;
    }
    how.replay = std::move(*replay);
  }
  std::fputs(first->out.c_str(), stdout);
  std::fputs(first->error.c_str(), stderr);
  if (given.report) {
    std::fprintf(stderr, "flux test runtime: %lu schedules%s, all alike\n", static_cast<unsigned long>(runs), complete ? "" : " of more");
  }
  return first->code;
}

}  // namespace flux::test
