// The little JSON that a runtime writes.
#ifndef FLUX_CORE_JSON_HPP
#define FLUX_CORE_JSON_HPP

#include <cstdint>
#include <string>
#include <string_view>

#include "core/histogram.hpp"

namespace flux::core {

[[nodiscard]] inline std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char each : text) {
    if (each == '"' || each == '\\') {
      out += '\\';
      out += each;
    } else if (static_cast<unsigned char>(each) < ' ') {
      constexpr char kDigits[] = "0123456789abcdef";
      out += "\\u00";
      out += kDigits[static_cast<unsigned char>(each) >> 4];
      out += kDigits[static_cast<unsigned char>(each) & 15];
    } else {
      out += each;
    }
  }
  return out + '"';
}

// {"count":3,"sum":120,"buckets":[[40,3]]}: the least value of each bucket that is not empty, and how often.
[[nodiscard]] inline std::string to_json(const histogram_copy& of) {
  std::string out = "{\"count\":" + std::to_string(of.count()) + ",\"sum\":" + std::to_string(of.sum) + ",\"buckets\":[";
  const char* separator = "";
  for (std::size_t index = 0; index < kHistogramBuckets; ++index) {
    if (of.counts[index] == 0) continue;
    out += separator;
    out += '[' + std::to_string(bucket_start(index)) + ',' + std::to_string(of.counts[index]) + ']';
    separator = ",";
  }
  return out + "]}";
}

[[nodiscard]] inline std::string to_json(const histogram& of) {
  histogram_copy copy;
  of.add_to(copy);
  return to_json(copy);
}

}  // namespace flux::core

#endif
