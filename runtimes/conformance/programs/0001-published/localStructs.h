// The types of the published form stand in a file of this name.
#include <linux/types.h>

#include <string>

struct image_tag {
  std::string name;
  int references;
  __u8* jpeg;
};
