// Memory for flow records that can be taken away while a record belongs to nobody.
//
// Every record has pages of its own. While its flow is parked, and after it has ended, they can be neither read nor written: a
// byte touched after `parked::yes` is a fault, which is reported as a violation and names the node. That holds in every build;
// no sanitizer is needed.
#ifndef FLUX_TEST_RECORD_MEMORY_HPP
#define FLUX_TEST_RECORD_MEMORY_HPP

#include <cstddef>

namespace flux::test {

class record_memory {
 public:
  // Maps room for a record. `ok()` is false if there is none.
  record_memory(std::size_t size, std::size_t alignment) noexcept;
  ~record_memory();
  record_memory(const record_memory&) = delete;
  record_memory& operator=(const record_memory&) = delete;

  [[nodiscard]] bool ok() const noexcept { return storage_ != nullptr; }
  // Where the record lives. Its end is the end of the last page, as near as its alignment allows.
  [[nodiscard]] void* storage() const noexcept { return storage_; }

  // `why` is shown if somebody touches the record from here on: "while it waits at node 3".
  void close(const char* why) noexcept;
  void open() noexcept;

 private:
  void* pages_ = nullptr;
  std::size_t length_ = 0;
  void* storage_ = nullptr;
  const char* why_ = nullptr;
  record_memory* next_;
  record_memory* previous_ = nullptr;

  friend struct record_fault;
};

// Turns a fault in a closed record into a violation. Called once, before the first record.
void report_record_faults() noexcept;

}  // namespace flux::test

#endif
