// The order in which a node acquires its keys of one class.
#include "core/keys.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "flux/again.hpp"

namespace {

using flux::mode;
using flux::core::in_order;
using flux::core::wanted_key;

struct incomparable {
  bool operator<(const incomparable&) const { throw std::runtime_error("no order"); }
};

}  // namespace

TEST_CASE("keys are acquired in ascending order, however the node names them") {
  std::array<int, 4> keys = {1, 2, 3, 4};
  do {
    std::array<wanted_key<int>, 4> wanted;
    for (std::size_t index = 0; index < 4; ++index) wanted[index] = {&keys[index], keys[index] == 3 ? mode::write : mode::read};
    const auto ordered = in_order<int>(wanted);
    CHECK(ordered.error == 0);
    REQUIRE(ordered.count == 4);
    for (std::size_t index = 0; index < 4; ++index) {
      CHECK(*wanted[index].key == static_cast<int>(index) + 1);
      CHECK(wanted[index].mode == (index == 2 ? mode::write : mode::read));
    }
  } while (std::next_permutation(keys.begin(), keys.end()));
}

TEST_CASE("equal keys are one, in the stronger mode") {
  const std::string a = "a";
  const std::string a_too = "a";
  const std::string b = "b";
  std::array<wanted_key<std::string>, 5> wanted = {
      {{&b, mode::read}, {&a, mode::read}, {&b, mode::read}, {&a_too, mode::write}, {&a, mode::read}}};
  const auto ordered = in_order<std::string>(wanted);
  REQUIRE(ordered.count == 2);
  CHECK(*wanted[0].key == "a");
  CHECK(wanted[0].mode == mode::write);
  CHECK(*wanted[1].key == "b");
  CHECK(wanted[1].mode == mode::read);
}

TEST_CASE("one key, and none") {
  const int key = 9;
  std::array<wanted_key<int>, 1> wanted = {{{&key, mode::write}}};
  CHECK(in_order<int>(wanted).count == 1);
  CHECK(in_order<int>({}).count == 0);
}

TEST_CASE("keys whose comparison throws fail the node") {
  const incomparable one;
  const incomparable other;
  std::array<wanted_key<incomparable>, 2> wanted = {{{&one, mode::read}, {&other, mode::read}}};
  CHECK(in_order<incomparable>(wanted).error == flux::exception);
}
