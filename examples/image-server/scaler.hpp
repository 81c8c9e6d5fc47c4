// Makes a picture larger or smaller while its rows come in. Knows no format.
#ifndef IMAGE_SERVER_SCALER_HPP
#define IMAGE_SERVER_SCALER_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include "picture.hpp"

namespace photo {

// What shrinks gets the mean of the area that each of its pixels covers; what grows is drawn out in straight lines between the middles of
// pixels. Memory: four rows, however large the picture.
class scaler {
 public:
  // `made` says the size to reach; it must live as long. Throws std::bad_alloc.
  scaler(std::uint32_t width, std::uint32_t height, pixels& made);

  // The next row from the top, `width` pixels. REQUIRES: called at most `height` times; `made` is complete with the last.
  void add_row(const std::uint8_t* row);

 private:
  // What a pixel of the result gets of a row of pixels: `count` of them from `first`, each times its weight.
  struct span {
    std::uint32_t first;
    std::uint32_t count;
    std::size_t weights;  // of the first, in weights_
  };

  void shrink(const std::uint8_t* row);
  void enlarge(const std::uint8_t* row);
  // Makes the next row of the result of one that is as wide as the source.
  void finish_row(const std::vector<float>& row);

  std::uint32_t height_;  // of the source
  pixels& made_;
  std::vector<span> columns_;
  std::vector<float> weights_;
  std::uint32_t y_ = 0;          // of the row that comes next
  std::uint32_t done_ = 0;       // rows of the result
  std::vector<float> sum_;       // shrinking: of the row that is being gathered; growing: the row before
  std::vector<float> next_sum_;  // shrinking: of the one below it, which has a share in the same row of the source; growing: a row between two
};

}  // namespace photo

#endif
