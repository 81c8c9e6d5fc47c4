// What is taken out of argv, and what is said of an option that is wrong.
#include "core/options.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

using namespace flux::core;

namespace {

// What take_options made of a command line.
struct taken {
  int code = 0;
  std::vector<std::string> rest;
  common_options common;
  std::int64_t threads = 7;
  std::string said;
};

taken take(std::vector<std::string> arguments) {
  taken answer;
  std::vector<char*> argv;
  for (std::string& each : arguments) argv.push_back(each.data());
  argv.push_back(nullptr);
  int argc = static_cast<int>(arguments.size());
  const option own[] = {{"--flux-threads", "N", "threads", option::kind::count, &answer.threads}};

  // What is said goes to stderr.
  std::FILE* const file = std::tmpfile();
  const int kept = ::dup(2);
  ::dup2(::fileno(file), 2);
  answer.code = take_options(argc, argv.data(), "image", answer.common, own);
  ::dup2(kept, 2);
  ::close(kept);
  char text[1024] = "";
  std::rewind(file);
  text[std::fread(text, 1, sizeof text - 1, file)] = '\0';
  std::fclose(file);

  answer.said = text;
  REQUIRE(argv.at(static_cast<std::size_t>(argc)) == nullptr);
  answer.rest.assign(argv.begin(), argv.begin() + argc);
  return answer;
}

using words = std::vector<std::string>;

}  // namespace

TEST_CASE("options are taken out in both spellings, the rest stays in order") {
  const taken both = take({"image", "--port", "80", "--flux-threads", "12", "x", "--flux-drain=500ms", "--flux-metrics", "9100", "y"});
  CHECK(both.code == -1);
  CHECK(both.rest == words{"image", "--port", "80", "x", "y"});
  CHECK(both.threads == 12);
  CHECK(both.common.drain == 500'000'000);
  CHECK(both.common.metrics_port == 9100);
}

TEST_CASE("what was not given keeps its value") {
  const taken none = take({"image"});
  CHECK(none.code == -1);
  CHECK(none.threads == 7);
  CHECK(none.common.drain == 10'000'000'000);
  CHECK(none.common.metrics_port == -1);
  CHECK(none.common.profile == nullptr);
  CHECK(none.common.watchdog == 0);
}

TEST_CASE("durations have units, seconds without one") {
  CHECK(take({"image", "--flux-drain", "2m"}).common.drain == 120'000'000'000);
  CHECK(take({"image", "--flux-drain", "3"}).common.drain == 3'000'000'000);
  CHECK(take({"image", "--flux-watchdog", "250ms"}).common.watchdog == 250'000'000);
}

TEST_CASE("after -- everything belongs to the program") {
  const taken after = take({"image", "--flux-threads=2", "--", "--flux-nothing"});
  CHECK(after.code == -1);
  CHECK(after.threads == 2);
  CHECK(after.rest == words{"image", "--", "--flux-nothing"});
}

TEST_CASE("what is wrong is one line and exit code 1") {
  const auto says = [](const words& arguments, const char* line) {
    const taken wrong = take(arguments);
    CHECK(wrong.code == 1);
    CHECK(wrong.said == line);
  };
  says({"image", "--flux-thread=3"}, "flux: unknown option --flux-thread: did you mean --flux-threads?\n");
  says({"image", "--flux-quux-bar"}, "flux: unknown option --flux-quux-bar: --flux-help lists those there are\n");
  says({"image", "--flux-threads"}, "flux: --flux-threads needs a number from 1\n");
  says({"image", "--flux-threads=0"}, "flux: --flux-threads needs a number from 1, not `0`\n");
  says({"image", "--flux-drain", "10x"}, "flux: --flux-drain needs a duration such as 500ms, 10s or 2m, not `10x`\n");
  says({"image", "--flux-drain", "99999999999999999999s"},
       "flux: --flux-drain needs a duration such as 500ms, 10s or 2m, not `99999999999999999999s`\n");
  says({"image", "--flux-metrics=65536"}, "flux: --flux-metrics needs a port from 0 to 65535, not `65536`\n");
  says({"image", "--flux-profile="}, "flux: --flux-profile needs a value, not ``\n");
}
