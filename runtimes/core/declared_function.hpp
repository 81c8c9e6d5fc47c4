// Whether the program declares a function of some name, one or several, and of what type. Knows no convention.
//
// Generated code declares beside every function that it names an `absent_function` of the same name, and names the function
// where both are visible. So a function that is not declared is an answer here, and no error of its own. What is visible is
// given to the visitors below as an overload set: `visitor(&Name)`.
#ifndef FLUX_CORE_DECLARED_FUNCTION_HPP
#define FLUX_CORE_DECLARED_FUNCTION_HPP

#include <cstddef>

namespace flux {

template <typename... T>
struct types {
  static constexpr std::size_t count = sizeof...(T);
};

// A type for the parameters of absent functions, so that no call ever finds one, and more of them than `only_one` looks for.
struct nothing;
using absent_function = void(nothing, nothing, nothing, nothing, nothing, nothing, nothing, nothing, nothing, nothing, nothing,
                             nothing, nothing, nothing, nothing, nothing, nothing);

namespace detail {

template <typename Result, typename... Parameter>
struct function {
  using type = Result(Parameter...);
  using pointer = Result (*)(Parameter...);
  using result = Result;
  using parameters = types<Parameter...>;
};
struct overloaded {
  using type = overloaded;
};
struct undeclared {
  using type = undeclared;
};
struct unreadable {
  using type = unreadable;
};

// Answers if the program declares one function of the name, of at most 16 parameters. Not one template for all of them:
// g++ 12 takes no notice of what tells an absent function from others but the number of its parameters.
// clang-format off
struct only_one {
  template <typename R>
  constexpr auto operator()(R (*)()) const -> function<R> { return {}; }
  template <typename R, typename A>
  constexpr auto operator()(R (*)(A)) const -> function<R, A> { return {}; }
  template <typename R, typename A, typename B>
  constexpr auto operator()(R (*)(A, B)) const -> function<R, A, B> { return {}; }
  template <typename R, typename A, typename B, typename C>
  constexpr auto operator()(R (*)(A, B, C)) const -> function<R, A, B, C> { return {}; }
  template <typename R, typename A, typename B, typename C, typename D>
  constexpr auto operator()(R (*)(A, B, C, D)) const -> function<R, A, B, C, D> { return {}; }
  template <typename R, typename A, typename B, typename C, typename D, typename E>
  constexpr auto operator()(R (*)(A, B, C, D, E)) const -> function<R, A, B, C, D, E> { return {}; }
  template <typename R, typename A, typename B, typename C, typename D, typename E, typename F>
  constexpr auto operator()(R (*)(A, B, C, D, E, F)) const -> function<R, A, B, C, D, E, F> { return {}; }
  template <typename R, typename A, typename B, typename C, typename D, typename E, typename F, typename G>
  constexpr auto operator()(R (*)(A, B, C, D, E, F, G)) const -> function<R, A, B, C, D, E, F, G> { return {}; }
  template <typename R, typename A, typename B, typename C, typename D, typename E, typename F, typename G, typename H>
  constexpr auto operator()(R (*)(A, B, C, D, E, F, G, H)) const -> function<R, A, B, C, D, E, F, G, H> { return {}; }
  template <typename R, typename A, typename B, typename C, typename D, typename E, typename F, typename G, typename H, typename I>
  constexpr auto operator()(R (*)(A, B, C, D, E, F, G, H, I)) const -> function<R, A, B, C, D, E, F, G, H, I> { return {}; }
  template <typename R, typename A, typename B, typename C, typename D, typename E, typename F, typename G, typename H, typename I, typename J>
  constexpr auto operator()(R (*)(A, B, C, D, E, F, G, H, I, J)) const -> function<R, A, B, C, D, E, F, G, H, I, J> { return {}; }
  template <typename R, typename A, typename B, typename C, typename D, typename E, typename F, typename G, typename H, typename I, typename J, typename K>
  constexpr auto operator()(R (*)(A, B, C, D, E, F, G, H, I, J, K)) const -> function<R, A, B, C, D, E, F, G, H, I, J, K> { return {}; }
  template <typename R, typename A, typename B, typename C, typename D, typename E, typename F, typename G, typename H, typename I, typename J, typename K, typename L>
  constexpr auto operator()(R (*)(A, B, C, D, E, F, G, H, I, J, K, L)) const -> function<R, A, B, C, D, E, F, G, H, I, J, K, L> { return {}; }
  template <typename R, typename A, typename B, typename C, typename D, typename E, typename F, typename G, typename H, typename I, typename J, typename K, typename L, typename M>
  constexpr auto operator()(R (*)(A, B, C, D, E, F, G, H, I, J, K, L, M)) const -> function<R, A, B, C, D, E, F, G, H, I, J, K, L, M> { return {}; }
  template <typename R, typename A, typename B, typename C, typename D, typename E, typename F, typename G, typename H, typename I, typename J, typename K, typename L, typename M, typename N>
  constexpr auto operator()(R (*)(A, B, C, D, E, F, G, H, I, J, K, L, M, N)) const -> function<R, A, B, C, D, E, F, G, H, I, J, K, L, M, N> { return {}; }
  template <typename R, typename A, typename B, typename C, typename D, typename E, typename F, typename G, typename H, typename I, typename J, typename K, typename L, typename M, typename N, typename O>
  constexpr auto operator()(R (*)(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O)) const -> function<R, A, B, C, D, E, F, G, H, I, J, K, L, M, N, O> { return {}; }
  template <typename R, typename A, typename B, typename C, typename D, typename E, typename F, typename G, typename H, typename I, typename J, typename K, typename L, typename M, typename N, typename O, typename P>
  constexpr auto operator()(R (*)(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P)) const -> function<R, A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P> { return {}; }
};
// clang-format on

// Answers if it declares none: then there is only the absent one.
struct only_absent {
  template <typename Function>
  constexpr auto operator()(Function*) const -> undeclared {
    return {};
  }
};

// Answers if it declares one of exactly this type, whatever else it declares.
template <typename Exact>
struct exactly {
  constexpr Exact operator()(Exact pointer) const noexcept { return pointer; }
};

template <typename Node, typename Exact>
concept declares = requires { Node::flux_use(exactly<Exact>{}); };

}  // namespace detail

}  // namespace flux

#endif
