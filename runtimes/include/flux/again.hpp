// What a node returns when it did not simply work. Includes nothing, so that a C node source can too.
#ifndef FLUX_AGAIN_HPP
#define FLUX_AGAIN_HPP

#ifdef __cplusplus
namespace flux {

// The node has nothing to do until one of its waits is ready; it will be called again.
inline constexpr int again = 0x10001;

// What a handler sees where a node threw something that is no std::system_error.
inline constexpr int exception = 0x10002;

// What a handler sees where no case of a dispatch matched.
inline constexpr int no_match = 0x10003;

}  // namespace flux

#else

/* The same for node functions in C. */
enum { flux_again = 0x10001, flux_exception = 0x10002, flux_no_match = 0x10003 };

#endif

#endif
