// How generated code calls the functions of a program: nodes, handlers, predicates, session functions.
//
// A function that fits no convention (node_function.hpp) was reported by a static_assert of the generated code; its calls
// compile to nothing, so that one mistake is one error.
//
// Everything here is compiled with every generated program: no header that it does not need is included.
#ifndef FLUX_CORE_CALL_HPP
#define FLUX_CORE_CALL_HPP

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "contract.hpp"
#include "flux/again.hpp"
#include "node_function.hpp"
#include "slot.hpp"

namespace flux {

// What a thrown exception is to a handler: the code of a std::system_error, else flux::exception. A code of 0 is
// flux::exception too: a node that threw has not worked. REQUIRES: inside a catch block. Never blocks.
//
// The forced unwinding of pthread_exit or pthread_cancel inside a node is no exception: libc aborts when it is swallowed,
// and a flow that others wait for cannot be unwound. It is said on stderr and thrown on, which ends the process at the
// first noexcept frame.
std::int32_t failure_of_exception();

template <typename T, taking How>
struct input {
  using type = T;
  T& variable;
};

template <typename T>
struct output {
  using type = T;
  T& variable;
};

template <typename T>
[[nodiscard]] input<T, taking::copy> copied(slot<T>& from) noexcept {
  return {from.get()};
}
template <typename T>
[[nodiscard]] input<T, taking::move> moved(slot<T>& from) noexcept {
  return {from.get()};
}
template <typename T>
[[nodiscard]] input<T, taking::constant> constant(slot<T>& from) noexcept {
  return {from.get()};
}
// An output that is no input.
template <typename T>
[[nodiscard]] output<T> made(slot<T>& into) noexcept {
  return {into.get()};
}
// An output that is an input too: one variable, passed once. Only the struct convention has two members for it.
template <typename T>
[[nodiscard]] output<T> passed(slot<T>& both) noexcept {
  return {both.get()};
}
// The `int error` of a handler.
[[nodiscard]] inline input<std::int32_t, taking::copy> error_of(std::int32_t& error) noexcept { return {error}; }

namespace detail {

// A function that takes an input as `Parameter` may have this one.
template <typename Parameter, typename T, taking How>
constexpr misfit check_taking(const input<T, How>*) {
  if (How == taking::constant && (std::is_same_v<Parameter, T&> || std::is_same_v<Parameter, std::remove_extent_t<T>*>)) {
    return std::is_pointer_v<T> ? misfit::none : misfit::changes_constant;
  }
  const bool once = std::is_same_v<Parameter, T&&> || (std::is_same_v<Parameter, T> && !std::is_copy_constructible_v<T>);
  return once && How != taking::move ? misfit::needs_reference : misfit::none;
}
template <typename Parameter, typename T>
constexpr misfit check_taking(const output<T>*) {
  return misfit::none;
}

// The arguments that a function of this type has under the natural conventions: all inputs and made outputs in order;
// for a handler a prefix of the inputs, and `error`, which is then the last argument.
template <typename Node, std::size_t Parameters, std::size_t Arguments, std::size_t... Index>
constexpr auto natural_places(std::index_sequence<Index...>) {
  return std::index_sequence<(takes_error<Node> && Index + 1 == Parameters ? Arguments - 1 : Index)...>{};
}

// REQUIRES: check<Parameter>(in<T>) is none, check_taking too.
template <typename Parameter, typename T, taking How>
constexpr decltype(auto) pass(input<T, How> argument) noexcept {
  if constexpr (std::is_lvalue_reference_v<Parameter> || std::is_array_v<T>) {
    return static_cast<Parameter>(argument.variable);
  } else if constexpr (How == taking::move) {
    return static_cast<T&&>(argument.variable);
  } else {
    return static_cast<const T&>(argument.variable);
  }
}

// REQUIRES: check<Parameter>(out<T>) is none.
template <typename Parameter, typename T>
constexpr Parameter pass(output<T> argument) noexcept {
  if constexpr (std::is_reference_v<Parameter> || !std::is_same_v<Parameter, T*>) {
    return argument.variable;
  } else {
    return __builtin_addressof(argument.variable);
  }
}

template <typename T, typename From>
void assign(T& to, From&& from) {
  if constexpr (std::is_array_v<T>) {
    for (std::size_t index = 0; index < std::extent_v<T>; ++index) assign(to[index], static_cast<From&&>(from)[index]);
  } else {
    to = static_cast<From&&>(from);
  }
}

template <typename Node, typename Result, typename... Parameter, std::size_t... Index, typename Arguments>
Result call_natural(Result (*function)(Parameter...), std::index_sequence<Index...>, Arguments& arguments) {
  return function(pass<Parameter>(at<Index>(arguments))...);
}

template <typename T, taking How, typename Member>
void put(Member& member, input<T, How> from) {
  if constexpr (How == taking::move) {
    assign(member, static_cast<T&&>(from.variable));
  } else {
    assign(member, static_cast<const T&>(from.variable));
  }
}

// The struct of a parameter; nothing where the convention has none.
template <typename Parameters, std::size_t Place>
constexpr auto struct_at() {
  if constexpr (Place < Parameters::count) {
    return boxed<struct_of<type_at<Place, Parameters>>>{};
  } else {
    return boxed<types<>>{};
  }
}

template <typename Arguments, typename In, auto... Member, std::size_t... Index>
void put_all(In& in, members<Member...>, std::index_sequence<Index...>, Arguments& arguments) {
  (put(in.*Member, at<Index>(arguments)), ...);
}

// Moves outputs into the struct before a call that may be a later one of several, and out of it after.
template <std::size_t First, typename Arguments, typename Out, auto... Member, std::size_t... Index>
void move_outputs(bool back, std::size_t count, Out& out, members<Member...>, std::index_sequence<Index...>, Arguments& arguments) {
  const auto one = [&](auto& member, auto argument, std::size_t index) {
    if (index >= count) return;
    if (back) {
      assign(argument.variable, std::move(member));
    } else {
      assign(member, std::move(argument.variable));
    }
  };
  (one(out.*Member, at<First + Index>(arguments), Index), ...);
}

template <typename Node, typename Result, typename... Parameter, typename Arguments>
Result call_structs(Result (*function)(Parameter...), Arguments& arguments) {
  using parameters = types<Parameter...>;
  constexpr struct_places where = places<Node, parameters>();
  using in_type = typename decltype(struct_at<parameters, where.in>())::type;
  using out_type = typename decltype(struct_at<parameters, where.out>())::type;
  constexpr bool has_in = where.in < parameters::count;
  constexpr bool has_out = where.out < parameters::count;
  constexpr std::size_t inputs = Node::inputs::count;
  constexpr std::size_t outputs = outputs_of<Node>::count;

  [[maybe_unused]] in_type in = in_type();
  [[maybe_unused]] out_type out = out_type();
  if constexpr (has_in) put_all(in, typename Node::template in<in_type>{}, std::make_index_sequence<inputs>{}, arguments);
  if constexpr (!has_out) {
    if constexpr (takes_error<Node>) {
      const int error = at<inputs>(arguments).variable;
      if constexpr (has_in) {
        return function(&in, error);
      } else {
        return function(error);
      }
    } else if constexpr (has_in) {
      return function(&in);
    } else {
      return function();
    }
  } else {
    using out_members = typename Node::template out<out_type>;
    constexpr auto all = std::make_index_sequence<outputs>{};
    if constexpr (Node::waits) move_outputs<inputs>(false, Node::made::count, out, out_members{}, all, arguments);
    const auto give_back = [&](bool worked) {
      move_outputs<inputs>(true, worked ? outputs : Node::made::count, out, out_members{}, all, arguments);
    };
    if constexpr (std::is_void_v<Result>) {
      if constexpr (has_in) {
        function(&in, &out);
      } else {
        function(&out);
      }
      give_back(true);
    } else {
      Result result;
      if constexpr (has_in) {
        result = function(&in, &out);
      } else {
        result = function(&out);
      }
      give_back(result == 0);
      return result;
    }
  }
}

template <typename Node, typename Result, typename... Parameter, typename... Argument>
Result invoke(function<Result, Parameter...>, Argument... argument) {
  tuple<Argument...> arguments{{argument}...};
  constexpr Result (*pointer)(Parameter...) = Node::flux_use(exactly<Result (*)(Parameter...)>{});
  if constexpr (reading_of<Node>.convention == convention::structs) {
    return call_structs<Node>(pointer, arguments);
  } else {
    constexpr auto where = natural_places<Node, sizeof...(Parameter), sizeof...(Argument)>(std::index_sequence_for<Parameter...>{});
    return call_natural<Node>(pointer, where, arguments);
  }
}

template <typename Argument>
constexpr misfit check_member_taking(const Argument*) {
  return misfit::none;
}
template <typename T, taking How>
constexpr misfit check_member_taking(const input<T, How>*) {
  return How != taking::move && !std::is_copy_constructible_v<T> ? misfit::needs_reference : misfit::none;
}

template <typename Arguments, typename... Parameter, std::size_t... Place>
constexpr verdict check_takings(types<Parameter...>, std::index_sequence<Place...>) {
  return first_of(check_taking<Parameter>(static_cast<const type_at<Place, Arguments>*>(nullptr))...);
}

// What is wrong with this call of a function that fits.
template <typename Node, typename... Argument>
constexpr verdict check_call() {
  if constexpr (reading_of<Node>.wrong.kind != misfit::none) {
    return {};
  } else if constexpr (reading_of<Node>.convention == convention::structs) {
    return first_of(check_member_taking(static_cast<const Argument*>(nullptr))...);
  } else {
    using parameters = typename decltype(found<Node>())::parameters;
    constexpr auto all = std::make_index_sequence<parameters::count>{};
    return check_takings<types<Argument...>>(parameters{}, natural_places<Node, parameters::count, sizeof...(Argument)>(all));
  }
}

template <typename Node, typename... Argument>
inline constexpr verdict verdict_of_call = check_call<Node, Argument...>();

template <typename Node, typename... Argument>
inline constexpr bool callable =
    reading_of<Node>.wrong.kind == misfit::none && verdict_of_call<Node, Argument...>.kind == misfit::none;

}  // namespace detail

template <typename Node, typename... Argument>
using problem_of_call =
    problem<detail::verdict_of_call<Node, Argument...>.kind, detail::verdict_of_call<Node, Argument...>.position>;

// Calls a node with its inputs, then the outputs it makes, then those it passes; a handler with inputs and the error. What it returned or threw is in flow.error. Blocks if the node does.
template <typename Node, typename... Argument>
void call(flow& flow, [[maybe_unused]] Argument... argument) noexcept {
  if constexpr (detail::callable<Node, Argument...>) {
    constexpr auto function = detail::found<Node>();
    try {
      if constexpr (std::is_void_v<typename decltype(function)::result>) {
        detail::invoke<Node>(function, argument...);
        flow.error = 0;
      } else {
        flow.error = detail::invoke<Node>(function, argument...);
        if constexpr (!Node::waits) {
          if (flow.error == again) flow.error = EAGAIN;
        }
      }
    } catch (...) {
      flow.error = failure_of_exception();
    }
  }
}

// A predicate on values of type T, as a node.
template <typename Predicate, typename T>
struct predicate_on : Predicate {
  static constexpr flux::role role = flux::role::predicate;
  using inputs = types<T>;
  using made = types<>;
  using passed = types<>;
};

template <typename Predicate, typename T>
[[nodiscard]] bool holds(slot<T>& value) {
  using node = predicate_on<Predicate, T>;
  if constexpr (detail::callable<node, input<T, taking::constant>>) {
    return detail::invoke<node>(detail::found<node>(), constant(value));
  } else {
    return false;
  }
}

// Stores the id of the session of a flow that starts with these values. flow.error: 0, or what the function threw.
template <typename Node, typename... T>
void find_session(flow& flow, [[maybe_unused]] std::int64_t& session, [[maybe_unused]] slot<T>&... value) noexcept {
  flow.error = 0;
  if constexpr (detail::callable<Node, input<T, taking::constant>...>) {
    try {
      session = static_cast<std::int64_t>(detail::invoke<Node>(detail::found<Node>(), constant(value)...));
    } catch (...) {
      flow.error = failure_of_exception();
    }
  }
}

}  // namespace flux

#endif
