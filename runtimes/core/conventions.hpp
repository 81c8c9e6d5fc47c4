// What the conventions ask of a function's parameters, one by one. Which function it is, node_function.hpp finds out.
//
// It is read from the function's own declared parameter types, never from whether a call happens to compile: a forgotten
// `&` on an output would compile and lose it. An overloaded or a template function is found by exact conversion to the
// function pointers that the conventions allow.
//
// What generated code says of a function (`Node` below) is a struct:
//
//   struct node_Read {
//     template <typename Use> static constexpr auto flux_use(Use with) -> decltype(with(&Read)) { return with(&Read); }
//     static constexpr flux::role role = flux::role::step;
//     using inputs = flux::types<int>;
//     using made = flux::types<bool, image_tag*>;   // the outputs that are not inputs
//     using passed = flux::types<int>;              // those that are
//     template <typename In> using in = flux::members<&In::socket>;
//     template <typename Out> using out = flux::members<&Out::close, &Out::request, &Out::socket>;  // made, then passed
//   };
#ifndef FLUX_CORE_CONVENTIONS_HPP
#define FLUX_CORE_CONVENTIONS_HPP

#include <cstddef>
#include <type_traits>
#include <utility>

#include "declared_function.hpp"

namespace flux {

enum class role : unsigned char {
  step,
  reply,           // begins what a handler does and has outputs, `int error` is among `inputs`; may return nothing
  handler,         // has no signature: takes a prefix of `inputs`, then `int error`; may return nothing
  signed_handler,  // has one: takes all of `inputs`, then `int error`; may return nothing
  predicate,
  session,
};

// Pointers to members, in the order of a signature.
template <auto... Member>
struct members {
  static constexpr std::size_t count = sizeof...(Member);
};

// How a function may take the variable of an input.
enum class taking : unsigned char {
  copy,      // it is used again on some exit of the node
  move,      // it is dead on every exit
  constant,  // it is the key of a constraint that is held, or only looked at
};

enum class misfit : unsigned char {
  none,
  undeclared,
  unreadable,        // a type in the signature is not declared
  no_overload,       // none of several has a type that the conventions allow
  result,            // returns something else
  count,             // Position: how many parameters it has
  input,             // has another type
  output_by_value,   // the `&` was forgotten
  output,            // has another type
  in_member,         // of N_in
  out_member,        // of N_out
  needs_reference,   // by value, but cannot be copied and is used again
  changes_constant,  // by reference to change, but it is the key of a constraint that is held, or only looked at
};

// Position counts from 0, among the parameters or the members.
template <misfit Kind, std::size_t Position>
struct problem {};
using fits = problem<misfit::none, 0>;

template <typename Found, typename Problem>
inline constexpr bool no_problem = std::is_same_v<Problem, fits>;

// True exactly if nothing is wrong; where one is not, the compiler prints the arguments.
template <typename Found, typename Problem>
concept node_function = no_problem<Found, Problem>;
template <typename Found, typename Problem>
concept node_call = no_problem<Found, Problem>;

namespace detail {

template <typename... First, typename... Second>
constexpr types<First..., Second...> joined(types<First...>, types<Second...>) {
  return {};
}

// A plain tuple: <tuple> costs more to compile than all of this.
template <std::size_t Index, typename T>
struct leaf {
  using type = T;
  T value;
};
template <typename Indices, typename... T>
struct leaves;
template <std::size_t... Index, typename... T>
struct leaves<std::index_sequence<Index...>, T...> : leaf<Index, T>... {};
template <typename... T>
using tuple = leaves<std::index_sequence_for<T...>, T...>;
template <typename... T>
tuple<T...> tuple_of(types<T...>);

template <std::size_t Index, typename T>
constexpr T& at(leaf<Index, T>& held) noexcept {
  return held.value;
}
template <std::size_t Index, typename T>
leaf<Index, T> leaf_at(const leaf<Index, T>*);
template <typename T>
struct boxed {
  using type = T;
};
template <typename... T>
types<boxed<T>...> boxed_all(types<T...>);
template <std::size_t Index, typename List>
using type_at = typename decltype(leaf_at<Index>(static_cast<decltype(tuple_of(boxed_all(List{})))*>(nullptr)))::type::type;

template <typename List, std::size_t... Index>
types<type_at<Index, List>...> selected(std::index_sequence<Index...>);
template <typename List, std::size_t Count>
using first_types = decltype(selected<List>(std::make_index_sequence<Count>{}));

// ---- What a parameter must be ----

template <typename T>
struct in {};
template <typename T>
struct out {};
template <typename... T>
types<in<T>...> all_in(types<T...>);
template <typename... T>
types<out<T>...> all_out(types<T...>);

// Whether `int error` is a parameter of its own.
template <typename Node>
inline constexpr bool takes_error = Node::role == role::handler || Node::role == role::signed_handler;

// What the parameters of a node's function must be, under the natural conventions. `Taken`: how many inputs a handler takes.
template <typename Node, std::size_t Taken>
constexpr auto wanted() {
  using inputs = decltype(all_in(typename Node::inputs{}));
  if constexpr (takes_error<Node>) {
    return joined(first_types<inputs, Taken>{}, types<in<int>>{});
  } else {
    return joined(inputs{}, decltype(all_out(typename Node::made{})){});
  }
}

// `T *` may be taken as `const T *`: that is how a careful C function says that it only reads.
template <typename Parameter, typename T>
inline constexpr bool points_to_the_same =
    std::is_pointer_v<Parameter> && std::is_pointer_v<T> && std::is_convertible_v<T, Parameter> &&
    std::is_same_v<std::remove_cv_t<std::remove_pointer_t<Parameter>>, std::remove_cv_t<std::remove_pointer_t<T>>>;

// A typedef of an array is passed as a pointer to its first element.
template <typename Parameter, typename T>
inline constexpr bool decays_to =
    std::is_array_v<T> && std::is_pointer_v<Parameter> &&
    std::is_same_v<std::remove_const_t<std::remove_pointer_t<Parameter>>, std::remove_extent_t<T>>;

template <typename Parameter, typename T>
constexpr misfit check(in<T>) {
  constexpr bool takes = std::is_same_v<Parameter, T> || std::is_same_v<Parameter, T&> || std::is_same_v<Parameter, const T&> ||
                         std::is_same_v<Parameter, T&&> || points_to_the_same<Parameter, T> || decays_to<Parameter, T>;
  return takes ? misfit::none : misfit::input;
}

template <typename Parameter, typename T>
constexpr misfit check(out<T>) {
  if (std::is_same_v<Parameter, T&> || std::is_same_v<Parameter, T*> || decays_to<Parameter, T>) return misfit::none;
  return std::is_same_v<Parameter, T> || std::is_same_v<Parameter, const T&> ? misfit::output_by_value : misfit::output;
}

template <typename Result>
constexpr bool has_result(role of) {
  switch (of) {
    case role::step:
      return std::is_same_v<Result, int>;
    case role::reply:
    case role::handler:
    case role::signed_handler:
      return std::is_same_v<Result, int> || std::is_void_v<Result>;
    case role::predicate:
      return std::is_same_v<Result, bool>;
    case role::session:
      return std::is_integral_v<Result>;
  }
  return false;
}

struct verdict {
  misfit kind = misfit::none;
  std::size_t position = 0;
};

template <typename... Kind>
constexpr verdict first_of(Kind... kind) {
  verdict found;
  std::size_t position = 0;
  ((kind != misfit::none && found.kind == misfit::none ? void(found = {kind, position++}) : void(++position)), ...);
  return found;
}

template <typename... Parameter, typename... Wanted>
constexpr verdict check_all(types<Parameter...>, types<Wanted...>) {
  if constexpr (sizeof...(Parameter) != sizeof...(Wanted)) {
    return {misfit::count, sizeof...(Parameter)};
  } else {
    return first_of(check<Parameter>(Wanted{})...);
  }
}

// How many inputs of the failed node a handler takes: the rest of its parameters is `int error`.
template <typename Node, typename Function>
constexpr std::size_t taken() {
  constexpr std::size_t parameters = Function::parameters::count;
  if (Node::role != role::handler || parameters == 0 || parameters > Node::inputs::count + 1) return Node::inputs::count;
  return parameters - 1;
}

template <typename Node, typename Function>
constexpr verdict check_natural() {
  return check_all(typename Function::parameters{}, wanted<Node, taken<Node, Function>()>());
}

// ---- Structs: `int N(N_in*, N_out*)` ----

template <typename Parameter>
using struct_of = std::remove_const_t<std::remove_pointer_t<Parameter>>;

template <typename Object, typename Member>
Member member_type(Member Object::*);

template <typename... T, auto... Member>
constexpr verdict check_members(types<T...>, members<Member...>, misfit wrong) {
  return first_of((std::is_same_v<decltype(member_type(Member)), T> ? misfit::none : wrong)...);
}

template <typename Node, typename Struct>
concept is_in = std::is_class_v<Struct> && requires { typename Node::template in<Struct>; };
template <typename Node, typename Struct>
concept is_out = std::is_class_v<Struct> && requires { typename Node::template out<Struct>; };

template <typename Node>
using outputs_of = decltype(joined(typename Node::made{}, typename Node::passed{}));

// Where the parts of the struct convention stand in a parameter list; `count` where one is absent.
struct struct_places {
  bool fits = false;
  std::size_t in = 0;
  std::size_t out = 0;
};

template <typename Node, typename Parameters>
constexpr struct_places places() {
  constexpr std::size_t count = Parameters::count;
  constexpr bool has_in = Node::inputs::count != 0;
  constexpr bool has_out = outputs_of<Node>::count != 0;
  constexpr bool has_error = takes_error<Node>;
  if constexpr (count == 0 || count != std::size_t{has_in} + std::size_t{has_out} + std::size_t{has_error}) {
    return {};
  } else {
    struct_places places{true, count, count};
    if constexpr (has_in) {
      places.in = 0;
      using first = type_at<0, Parameters>;
      if (!std::is_pointer_v<first> || !is_in<Node, struct_of<first>>) return {};
    }
    if constexpr (has_out) {
      places.out = count - 1;
      using last = type_at<count - 1, Parameters>;
      if (!std::is_pointer_v<last> || !is_out<Node, struct_of<last>>) return {};
    }
    if constexpr (has_error) {
      if (!std::is_same_v<type_at<count - 1, Parameters>, int>) return {};
    }
    return places;
  }
}

template <typename Node, typename Parameters>
constexpr verdict check_structs() {
  constexpr struct_places where = places<Node, Parameters>();
  verdict found;
  if constexpr (where.in < Parameters::count) {
    using type = struct_of<type_at<where.in, Parameters>>;
    found = check_members(typename Node::inputs{}, typename Node::template in<type>{}, misfit::in_member);
  }
  if constexpr (where.out < Parameters::count) {
    using type = struct_of<type_at<where.out, Parameters>>;
    if (found.kind == misfit::none) found = check_members(outputs_of<Node>{}, typename Node::template out<type>{}, misfit::out_member);
  }
  return found;
}

}  // namespace detail

}  // namespace flux

#endif
