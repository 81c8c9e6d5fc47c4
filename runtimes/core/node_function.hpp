// Which convention a function of the program has, and what is wrong with it. Calls nothing: that is call.hpp.
//
// A program's function is found by its own declared type. Of several functions, or a template, the one is taken that
// converts exactly to a function pointer which the conventions allow.
#ifndef FLUX_CORE_NODE_FUNCTION_HPP
#define FLUX_CORE_NODE_FUNCTION_HPP

#include <cstddef>
#include <type_traits>

#include "conventions.hpp"
#include "declared_function.hpp"

namespace flux {

namespace detail {

// Above this many parameters one of several functions is looked for only with every parameter taken the same way.
inline constexpr std::size_t kMostSearched = 7;

template <typename Node, typename Chosen, typename Wanted>
struct search;

template <typename Node, typename... Chosen>
struct search<Node, types<Chosen...>, types<>> {
  static constexpr auto find() {
    if constexpr (Node::role != role::predicate && Node::role != role::session && declares<Node, int (*)(Chosen...)>) {
      return function<int, Chosen...>{};
    } else if constexpr ((Node::role == role::reply || takes_error<Node>) && declares<Node, void (*)(Chosen...)>) {
      return function<void, Chosen...>{};
    } else if constexpr (Node::role == role::predicate && declares<Node, bool (*)(Chosen...)>) {
      return function<bool, Chosen...>{};
    } else if constexpr (Node::role == role::session) {
      return integer<int, long, long long, unsigned, unsigned long, unsigned long long, short, unsigned short>();
    } else {
      return overloaded{};
    }
  }
  template <typename First, typename... Rest>
  static constexpr auto integer() {
    if constexpr (declares<Node, First (*)(Chosen...)>) {
      return function<First, Chosen...>{};
    } else if constexpr (sizeof...(Rest) != 0) {
      return integer<Rest...>();
    } else {
      return overloaded{};
    }
  }
};

template <typename Node, typename... Chosen, typename Wanted, typename... Rest>
struct search<Node, types<Chosen...>, types<Wanted, Rest...>> {
  template <typename First, typename... More>
  static constexpr auto any_of(types<First, More...>) {
    constexpr auto tried = search<Node, types<Chosen..., First>, types<Rest...>>::find();
    if constexpr (!std::is_same_v<decltype(tried), const overloaded> || sizeof...(More) == 0) {
      return tried;
    } else {
      return any_of(types<More...>{});
    }
  }
  template <typename T>
  static types<T, T&, const T&> ways(in<T>);
  template <typename T>
  static types<T*, T*&, const T*> ways(in<T*>);
  template <typename T>
  static types<T&, T*> ways(out<T>);
  template <typename T>
  static types<std::conditional_t<std::is_scalar_v<T>, T, const T&>> usual(in<T>);
  template <typename T>
  static types<T&> usual(out<T>);

  static constexpr auto find() {
    if constexpr (sizeof...(Chosen) + sizeof...(Rest) < kMostSearched) {
      return any_of(decltype(ways(Wanted{})){});
    } else {
      return any_of(decltype(usual(Wanted{})){});
    }
  }
};

template <typename Node, std::size_t Taken>
constexpr auto search_prefix() {
  constexpr auto tried = search<Node, types<>, decltype(wanted<Node, Taken>())>::find();
  if constexpr (!std::is_same_v<decltype(tried), const overloaded> || Node::role != role::handler || Taken == 0) {
    return tried;
  } else {
    return search_prefix<Node, Taken - 1>();
  }
}

enum class convention : unsigned char { none, natural, structs };

struct reading {
  flux::detail::convention convention = convention::none;
  verdict wrong;
};

template <typename Node>
constexpr reading read_as(undeclared) {
  return {convention::none, {misfit::undeclared, 0}};
}
template <typename Node>
constexpr reading read_as(unreadable) {
  return {convention::none, {misfit::unreadable, 0}};
}
template <typename Node>
constexpr reading read_as(overloaded) {
  return {convention::none, {misfit::no_overload, 0}};
}
template <typename Node, typename Result, typename... Parameter>
constexpr reading read_as(function<Result, Parameter...>) {
  constexpr verdict natural = check_natural<Node, function<Result, Parameter...>>();
  constexpr bool structs = natural.kind != misfit::none && places<Node, types<Parameter...>>().fits;
  reading found;
  if constexpr (structs) {
    found = {convention::structs, check_structs<Node, types<Parameter...>>()};
  } else {
    found = {convention::natural, natural};
  }
  if (found.wrong.kind == misfit::none && !has_result<Result>(Node::role)) found.wrong = {misfit::result, 0};
  return found;
}

// Where a type in the signature is not declared the struct of the node is not whole; that was reported.
template <typename Node>
concept readable = requires {
  typename Node::inputs;
  typename Node::made;
  typename Node::passed;
};

template <typename Node>
constexpr auto found() {
  if constexpr (!readable<Node>) {
    return unreadable{};
  } else if constexpr (requires { Node::flux_use(only_one{}); }) {
    // The only one of as many parameters: there may be others of another number.
    constexpr auto one = Node::flux_use(only_one{});
    if constexpr (read_as<Node>(one).wrong.kind == misfit::none) {
      return one;
    } else {
      constexpr auto other = search_prefix<Node, Node::inputs::count>();
      if constexpr (std::is_same_v<decltype(other), const overloaded>) {
        return one;
      } else {
        return other;
      }
    }
  } else if constexpr (requires { Node::flux_use(only_absent{}); }) {
    return undeclared{};
  } else {
    return search_prefix<Node, Node::inputs::count>();
  }
}

}  // namespace detail

// The type of the node's function, to be printed, and what is wrong with it.
template <typename Node>
using found_of = typename decltype(detail::found<Node>())::type;
template <typename Node>
inline constexpr detail::reading reading_of = detail::read_as<Node>(decltype(detail::found<Node>()){});
template <typename Node>
using problem_of = problem<reading_of<Node>.wrong.kind, reading_of<Node>.wrong.position>;

}  // namespace flux

#endif
