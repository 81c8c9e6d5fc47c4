/* The HTTP/1 parser, part 1 of 3: the grammar, as Debian's package node-llhttp ships it, in strict mode. */
#define LLHTTP_STRICT_MODE 1

#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wimplicit-fallthrough"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wunused-label"
#pragma GCC diagnostic ignored "-Wshadow"

#include "/usr/share/llhttp/llhttp.c"
