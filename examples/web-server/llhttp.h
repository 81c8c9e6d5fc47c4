/* llhttp as Debian's package node-llhttp ships it; its sources include "llhttp.h" by that name. */
#include "/usr/share/include/llhttp/llhttp.h"
