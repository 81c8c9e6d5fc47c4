// Numbers, as fast as they are taken.
#ifndef FEED_HPP
#define FEED_HPP

#include <flux/flux.hpp>

// argv[1]: how many may be on their way at once.
int init(int argc, char** argv);
int Feed(int& number);
int Serve(int number);
void finish();

#endif
