// Writes JPEG with libjpeg-turbo. What it reports comes back as a value: nothing is printed, nothing thrown through its frames.
#include <cerrno>
#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <new>

#include <jpeglib.h>

#include "picture.hpp"

namespace photo {
namespace {

// What libjpeg reports to, and what it leaves by.
struct error_manager {
  jpeg_error_mgr base;  // first, so that its address is this one's
  std::jmp_buf leave;
};

// Where it writes to.
struct destination {
  jpeg_destination_mgr base;  // first, as above
  unsigned char* bytes;       // malloc's
  std::size_t capacity;
  std::size_t size;  // of what has been written, at the end
};

extern "C" {

[[noreturn]] static void leave_on_error(j_common_ptr compressor) { std::longjmp(reinterpret_cast<error_manager*>(compressor->err)->leave, 1); }

static void say_nothing(j_common_ptr) {}

static void begin_output(j_compress_ptr compressor) {
  auto* const to = reinterpret_cast<destination*>(compressor->dest);
  to->base.next_output_byte = to->bytes;
  to->base.free_in_buffer = to->capacity;
}

// All is full.
static boolean extend_output(j_compress_ptr compressor) {
  auto* const to = reinterpret_cast<destination*>(compressor->dest);
  void* const larger = std::realloc(to->bytes, 2 * to->capacity);
  if (larger == nullptr) leave_on_error(reinterpret_cast<j_common_ptr>(compressor));
  to->bytes = static_cast<unsigned char*>(larger);
  to->base.next_output_byte = to->bytes + to->capacity;
  to->base.free_in_buffer = to->capacity;
  to->capacity *= 2;
  return TRUE;
}

static void end_output(j_compress_ptr compressor) {
  auto* const to = reinterpret_cast<destination*>(compressor->dest);
  to->size = to->capacity - to->base.free_in_buffer;
}

}  // extern "C"

// Has no object with a destructor: longjmp would pass it by. False if there is too little memory; nothing else can be wrong with pixels of
// a size that JPEG knows.
bool compress(const pixels& picture, int quality, destination& to) noexcept {
  jpeg_compress_struct compressor;
  error_manager errors;
  compressor.err = jpeg_std_error(&errors.base);
  errors.base.error_exit = leave_on_error;
  errors.base.output_message = say_nothing;
  if (setjmp(errors.leave) != 0) {
    jpeg_destroy_compress(&compressor);
    return false;
  }
  jpeg_create_compress(&compressor);
  compressor.dest = &to.base;
  compressor.image_width = picture.width();
  compressor.image_height = picture.height();
  compressor.input_components = 3;
  compressor.in_color_space = JCS_RGB;
  jpeg_set_defaults(&compressor);
  jpeg_set_quality(&compressor, quality, TRUE);
  jpeg_start_compress(&compressor, TRUE);
  while (compressor.next_scanline < compressor.image_height) {
    // As many as libjpeg takes at once.
    constexpr JDIMENSION kRows = 16;
    JSAMPROW rows[kRows];
    JDIMENSION count = 0;
    for (; count < kRows && compressor.next_scanline + count < compressor.image_height; ++count) {
      rows[count] = const_cast<JSAMPROW>(picture.row(compressor.next_scanline + count));
    }
    jpeg_write_scanlines(&compressor, rows, count);
  }
  jpeg_finish_compress(&compressor);
  jpeg_destroy_compress(&compressor);
  return true;
}

}  // namespace

int append_jpeg(const pixels& picture, int quality, std::string& bytes) noexcept {
  destination to{};
  to.base.init_destination = begin_output;
  to.base.empty_output_buffer = extend_output;
  to.base.term_destination = end_output;
  // Of most pictures it is enough.
  to.capacity = picture.size() / 8 + 4096;
  to.bytes = static_cast<unsigned char*>(std::malloc(to.capacity));
  bool done = to.bytes != nullptr && compress(picture, quality, to);
  if (done) {
    try {
      bytes.append(reinterpret_cast<const char*>(to.bytes), to.size);
    } catch (const std::bad_alloc&) {
      done = false;
    }
  }
  std::free(to.bytes);
  return done ? 0 : ENOMEM;
}

}  // namespace photo
