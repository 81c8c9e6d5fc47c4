// How node functions are found, what is said of one that fits none, and what a call does; compiler/nodes/cpp tests the error's place.
#include "core/call.hpp"

#include <doctest/doctest.h>
#include <cerrno>
#include <memory>
#include <string>
#include <system_error>
#include <type_traits>

#include "core/generated.hpp"

using text = std::unique_ptr<std::string>;

struct page {
  int width = 0;
};

// ---- Node functions as a person writes them, in the global namespace ----

int natural(int socket, bool& close, page*& found) {
  close = socket > 3;
  found = nullptr;
  return 0;
}
int natural_noexcept(const int& socket, bool& close, page*& found) noexcept { return natural(socket, close, found); }
extern "C" int in_c(int socket, bool* close, page** found) {
  *close = socket > 3;
  *found = nullptr;
  return 7;
}
struct with_structs_in {
  int socket;
};
struct with_structs_out {
  bool close;
  page* found;
  int socket;
};
int with_structs(with_structs_in* in, with_structs_out* out) {
  out->close = in->socket > 3;
  out->socket = in->socket + 1;
  return in->socket == 99 ? flux::again : 0;
}
int forgotten(int, bool, page*&) { return 0; }
int other_input(long, bool&, page*&) { return 0; }
int other_output(int, int&, page*&) { return 0; }
int too_many(int, bool&, page*&, int) { return 0; }
long other_result(int, bool&, page*&) { return 0; }
int variadic(int, ...) { return 0; }
int overloaded(int) { return 1; }
int overloaded(double, bool&, page*&) { return 2; }
int overloaded(int, bool& close, page*&) {
  close = true;
  return 0;
}
template <typename Number>
int generic(Number& socket, bool& close, page*& found) {
  return natural(socket, close, found);
}
int changes(int& socket, bool&, page*&) {
  ++socket;
  return 0;
}
int throws_code(int, bool&, page*&) { throw std::system_error(std::make_error_code(std::errc::timed_out)); }
int throws_zero(int, bool&, page*&) { throw std::system_error(0, std::generic_category()); }
int throws_int(int, bool&, page*&) { throw 4; }
int says_again(int, bool&, page*&) { return flux::again; }

int takes(text words) { return words == nullptr ? -1 : static_cast<int>(words->size()); }
int borrows(const text& words) { return takes(std::make_unique<std::string>(*words)); }
int moves(text&& words) { return takes(std::move(words)); }
int reads(const page* found) { return found->width; }

void only_error(int error) { errno = error; }
int first_and_error(int socket, int error) { return socket * 100 + error; }
struct handled_in {
  int socket;
  text words;
};
void struct_and_error(handled_in* in, int error) { errno = error + static_cast<int>(in->words->size()); }
void prefix_too_long(int, const text&, int, int) {}

bool is_open(const std::string& words) { return words == "open"; }
bool is_taken(text) { return true; }
bool is_set(const page* found) { return found != nullptr; }
int is_number(int number) { return number; }

unsigned session_of(int socket, const std::string&) { return static_cast<unsigned>(socket); }
long throws_session(int, const std::string&) { throw std::system_error(EPERM, std::generic_category()); }

int init(int argc, char**) { return argc; }
void finish(int);

// ---- What generated code says of them ----

namespace flux::absent {
flux::absent_function natural, natural_noexcept, in_c, with_structs, forgotten, other_input, other_output, too_many, other_result, variadic,
    overloaded, generic, changes, throws_code, throws_zero, throws_int, says_again, takes, borrows, moves, reads, only_error, first_and_error,
    struct_and_error, prefix_too_long, is_open, is_taken, is_set, is_number, session_of, throws_session, nowhere;
}

namespace program {
using namespace ::flux::absent;

template <typename Name>
struct step : Name {
  static constexpr flux::role role = flux::role::step;
  static constexpr bool waits = false;
  using inputs = flux::types<int>;
  using made = flux::types<bool, page*>;
  using passed = flux::types<int>;
  template <typename In>
  using in = flux::members<&In::socket>;
  template <typename Out>
  using out = flux::members<&Out::close, &Out::found, &Out::socket>;
};

template <typename Name>
struct waiting : step<Name> {
  static constexpr bool waits = true;
};

template <typename Name, typename... Input>
struct sink : Name {
  static constexpr flux::role role = flux::role::step;
  static constexpr bool waits = false;
  using inputs = flux::types<Input...>;
  using made = flux::types<>;
  using passed = flux::types<>;
  template <typename In>
  using in = flux::members<>;
  template <typename Out>
  using out = flux::members<>;
};

template <typename Name>
struct handler : Name {
  static constexpr flux::role role = flux::role::handler;
  static constexpr bool waits = false;
  using inputs = flux::types<int, text>;
  using made = flux::types<>;
  using passed = flux::types<>;
  template <typename In>
  using in = flux::members<&In::socket, &In::words>;
};

template <typename Name>
struct session : sink<Name, int, std::string> {
  static constexpr flux::role role = flux::role::session;
};

// A visitor as generated code has one, for each name.
#define NAMED(function)                                                     \
  struct flux_##function {                                                  \
    template <typename flux_visitor>                                        \
    static constexpr auto flux_use(flux_visitor flux_with) -> decltype(flux_with(&function)) { \
      return flux_with(&function);                                          \
    }                                                                       \
    static constexpr bool waits = false;                                    \
  }
// clang-format off
NAMED(natural); NAMED(natural_noexcept); NAMED(in_c); NAMED(with_structs); NAMED(forgotten); NAMED(other_input);
NAMED(other_output); NAMED(too_many); NAMED(other_result); NAMED(variadic); NAMED(overloaded); NAMED(generic); NAMED(changes);
NAMED(throws_code); NAMED(throws_zero); NAMED(throws_int); NAMED(says_again); NAMED(takes); NAMED(borrows); NAMED(moves);
NAMED(reads); NAMED(only_error); NAMED(first_and_error); NAMED(struct_and_error); NAMED(prefix_too_long); NAMED(is_open);
NAMED(is_taken); NAMED(is_set); NAMED(is_number); NAMED(session_of); NAMED(throws_session); NAMED(nowhere); NAMED(init);
NAMED(finish);
// clang-format on
#undef NAMED

}  // namespace program

namespace {

using namespace program;
using flux::misfit;

template <typename Node>
constexpr bool fits = std::is_same_v<flux::problem_of<Node>, flux::fits>;
template <typename Node, misfit Kind, std::size_t Position>
constexpr bool misfits = std::is_same_v<flux::problem_of<Node>, flux::problem<Kind, Position>>;

static_assert(fits<step<flux_natural>> && fits<step<flux_natural_noexcept>> && fits<step<flux_in_c>>);
static_assert(fits<step<flux_with_structs>> && fits<step<flux_overloaded>> && fits<step<flux_generic>>);
static_assert(misfits<step<flux_forgotten>, misfit::output_by_value, 1>);
static_assert(misfits<step<flux_other_input>, misfit::input, 0>);
static_assert(misfits<step<flux_other_output>, misfit::output, 1>);
static_assert(misfits<step<flux_too_many>, misfit::count, 4>);
static_assert(misfits<step<flux_other_result>, misfit::result, 0>);
static_assert(misfits<step<flux_variadic>, misfit::no_overload, 0>);
static_assert(misfits<step<flux_nowhere>, misfit::undeclared, 0>);
static_assert(std::is_same_v<flux::found_of<step<flux_forgotten>>, int(int, bool, page*&)>);

static_assert(fits<handler<flux_only_error>> && fits<handler<flux_first_and_error>> && fits<handler<flux_struct_and_error>>);
static_assert(misfits<handler<flux_prefix_too_long>, misfit::count, 4>);
static_assert(fits<session<flux_session_of>>);
static_assert(misfits<session<flux_is_open>, misfit::count, 1>);
static_assert(misfits<flux::predicate_on<flux_is_number, int>, misfit::result, 0>);
static_assert(fits<flux::predicate_on<flux_is_set, page*>>);

// A function that fits may still not have a variable that cannot be copied, or may not be changed.
template <typename T, flux::taking How>
using given = flux::input<T, How>;
static_assert(std::is_same_v<flux::problem_of_call<sink<flux_takes, text>, given<text, flux::taking::move>>, flux::fits>);
static_assert(std::is_same_v<flux::problem_of_call<sink<flux_takes, text>, given<text, flux::taking::copy>>,
                             flux::problem<misfit::needs_reference, 0>>);
static_assert(std::is_same_v<flux::problem_of_call<sink<flux_moves, text>, given<text, flux::taking::copy>>,
                             flux::problem<misfit::needs_reference, 0>>);
static_assert(std::is_same_v<flux::problem_of_call<sink<flux_borrows, text>, given<text, flux::taking::copy>>, flux::fits>);
static_assert(std::is_same_v<flux::problem_of_call<flux::predicate_on<flux_is_taken, text>, given<text, flux::taking::constant>>,
                             flux::problem<misfit::needs_reference, 0>>);

// The variables of a flow at a node of type `step`.
struct variables {
  flux::flow flow;
  flux::slot<int> socket;
  flux::slot<bool> close;
  flux::slot<page*> found;
  explicit variables(int number) {
    CHECK(flux::construct(flow.error, socket, close, found));
    socket.get() = number;
  }
  template <typename Node>
  int call() {
    flux::call<Node>(flow, flux::copied(socket), flux::made(close), flux::made(found), flux::passed(socket));
    return flow.error;
  }
};

// Throws from its third construction on; counts what is alive.
struct fragile {
  static inline int made = 0;
  static inline int alive = 0;
  fragile() {
    if (++made >= 3) throw std::system_error(ENOMEM, std::generic_category());
    ++alive;
  }
  ~fragile() { --alive; }
};

}  // namespace

TEST_CASE("every convention gets inputs and gives outputs") {
  CHECK(variables(4).call<step<flux_natural>>() == 0);
  CHECK(variables(4).call<step<flux_natural_noexcept>>() == 0);
  variables c(4);
  CHECK(c.call<step<flux_in_c>>() == 7);
  CHECK(c.close.get());
  variables structs(4);
  CHECK(structs.call<step<flux_with_structs>>() == 0);
  CHECK(structs.close.get());
  CHECK(structs.socket.get() == 5);
  variables overload(4);
  CHECK(overload.call<step<flux_overloaded>>() == 0);
  CHECK(overload.close.get());
  CHECK(variables(4).call<step<flux_generic>>() == 0);
}

TEST_CASE("a variable that is passed through is changed by reference, and by a struct only where the node worked") {
  variables natural(4);
  natural.call<step<flux_changes>>();
  CHECK(natural.socket.get() == 5);
  variables structs(99);
  CHECK(structs.call<waiting<flux_with_structs>>() == flux::again);
  CHECK(structs.socket.get() == 99);
  CHECK(structs.close.get());
}

TEST_CASE("an exception is the error it stands for") {
  CHECK(variables(0).call<step<flux_throws_code>>() == ETIMEDOUT);
  CHECK(variables(0).call<step<flux_throws_zero>>() == flux::exception);
  CHECK(variables(0).call<step<flux_throws_int>>() == flux::exception);
}

TEST_CASE("flux::again is a failure of a node that cannot wait") {
  CHECK(variables(0).call<step<flux_says_again>>() == EAGAIN);
  CHECK(variables(0).call<waiting<flux_says_again>>() == flux::again);
}

TEST_CASE("a wrong function is not called") {
  variables wrong(4);
  wrong.flow.error = -1;
  CHECK(wrong.call<step<flux_forgotten>>() == -1);
}

TEST_CASE("a variable is moved from only into a parameter that takes it, at its last use") {
  flux::flow flow;
  flux::slot<text> words;
  words.construct();
  words.get() = std::make_unique<std::string>("four");
  flux::call<sink<flux_borrows, text>>(flow, flux::moved(words));
  CHECK(flow.error == 4);
  CHECK(words.get() != nullptr);
  flux::call<sink<flux_takes, text>>(flow, flux::moved(words));
  CHECK(flow.error == 4);
  CHECK(words.get() == nullptr);
  words.get() = std::make_unique<std::string>("five5");
  flux::call<sink<flux_moves, text>>(flow, flux::moved(words));
  CHECK(flow.error == 5);
  words.destroy();
  page found;
  found.width = 12;
  flux::slot<page*> pointer;
  pointer.construct(&found);
  flux::call<sink<flux_reads, page*>>(flow, flux::copied(pointer));
  CHECK(flow.error == 12);
}

TEST_CASE("a handler is given as much as it takes, and the error") {
  flux::flow flow;
  flux::slot<int> socket;
  flux::slot<text> words;
  socket.construct(3);
  words.construct();
  std::int32_t error = 42;
  flux::call<handler<flux_only_error>>(flow, flux::copied(socket), flux::copied(words), flux::error_of(error));
  CHECK(flow.error == 0);
  CHECK(errno == 42);
  flux::call<handler<flux_first_and_error>>(flow, flux::copied(socket), flux::copied(words), flux::error_of(error));
  CHECK(flow.error == 342);
  words.get() = std::make_unique<std::string>("four");
  flux::call<handler<flux_struct_and_error>>(flow, flux::copied(socket), flux::moved(words), flux::error_of(error));
  CHECK(flow.error == 0);
  CHECK(errno == 46);
  words.destroy();
}

TEST_CASE("predicates and session functions look at the values") {
  flux::flow flow;
  flux::slot<int> socket;
  flux::slot<std::string> words;
  socket.construct(17);
  words.construct();
  CHECK_FALSE(flux::holds<flux_is_open>(words));
  words.get() = "open";
  CHECK(flux::holds<flux_is_open>(words));
  std::int64_t found = 0;
  flux::find_session<session<flux_session_of>>(flow, found, socket, words);
  CHECK(found == 17);
  CHECK(flow.error == 0);
  flux::find_session<session<flux_throws_session>>(flow, found, socket, words);
  CHECK(flow.error == EPERM);
  words.destroy();
}

TEST_CASE("all outputs are made, or none") {
  std::int32_t error = 0;
  flux::slot<fragile> first;
  flux::slot<fragile> second;
  flux::slot<fragile> third;
  flux::slot<int> number;
  CHECK_FALSE(flux::construct(error, number, first, second, third));
  CHECK(error == ENOMEM);
  CHECK(fragile::alive == 0);
}

TEST_CASE("a slot moves what it holds, an array too") {
  using row = std::string[2];
  flux::slot<row> from;
  flux::slot<row> to;
  from.construct();
  from.get()[1] = "a text that is too long to lie in the string itself";
  to.relocate(from);
  CHECK(to.get()[1].size() > 40);
  to.destroy();
}

TEST_CASE("what a wait names has a descriptor") {
  struct owner {
    int number;
    int fd() const { return number; }
  };
  struct broken {
    int fd() const { throw 1; }
  };
  const int plain = 7;
  const broken none;
  const owner owned{8};
  const owner* const pointer = &owned;
  const owner* const nobody = nullptr;
  CHECK(flux::descriptor(plain) == 7);
  CHECK(flux::descriptor(owned) == 8);
  CHECK(flux::descriptor(pointer) == 8);
  CHECK(flux::descriptor(nobody) == -1);
  CHECK(flux::descriptor(none) == -1);
  static_assert(!flux::can_wait<std::string> && !flux::can_wait<long>);
}

TEST_CASE("init and finish are used if they are declared with exactly their parameters") {
  auto* const start = flux::init_of<flux_init>();
  REQUIRE((start != nullptr));
  CHECK(start(5, nullptr) == 5);
  CHECK((flux::finish_of<flux_finish>() == nullptr));
}

TEST_CASE("the earliest of several limits counts") {
  CHECK(flux::earliest(flux::never) == flux::never);
  CHECK(flux::earliest(flux::never, flux::instant{5}, flux::instant{9}) == 5);
}
