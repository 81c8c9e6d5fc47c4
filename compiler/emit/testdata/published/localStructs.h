#ifndef LOCAL_STRUCTS_H
#define LOCAL_STRUCTS_H
typedef unsigned char __u8;
struct image_tag {
  int width;
};
#endif
