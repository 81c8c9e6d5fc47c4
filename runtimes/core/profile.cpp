// Counting for a profile, and the text of one.
#include "core/profile.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <new>

#include "core/clock.hpp"
#include "core/json.hpp"
#include "core/report.hpp"

namespace flux::core {
namespace {

template <typename T, typename... Arguments>
T* made_once(std::atomic<T*>& place, const Arguments&... arguments) noexcept {
  if (T* const here = place.load(std::memory_order_acquire)) return here;
  T* const made = new (std::nothrow) T{arguments...};
  if (made == nullptr) return nullptr;
  T* expected = nullptr;
  if (place.compare_exchange_strong(expected, made, std::memory_order_acq_rel)) return made;
  delete made;
  return expected;
}

std::string number(std::uint64_t value) { return std::to_string(value); }

}  // namespace

class alignas(64) profile::shard {
 public:
  shard() = default;
  ~shard() {
    for (std::size_t index = 0; index < count; ++index) delete nodes[index].load();
  }
  shard(const shard&) = delete;
  shard& operator=(const shard&) = delete;

  std::unique_ptr<std::atomic<histogram*>[]> nodes;
  std::size_t count = 0;
  tally paths;
};

profile::profile(const program_facts& facts, const counts& counted, const char* runtime)
    : facts_(facts),
      counts_(counted),
      runtime_(runtime),
      started_(now()),
      shards_(std::make_unique<shard[]>(kShards)),
      sources_(std::make_unique<source_times[]>(facts.sources.size())),
      locks_(std::make_unique<std::atomic<lock_times*>[]>(kLocks)) {
  for (std::size_t index = 0; index < kShards; ++index) {
    shards_[index].nodes = std::make_unique<std::atomic<histogram*>[]>(facts.nodes.size());
    shards_[index].count = facts.nodes.size();
  }
}

profile::~profile() {
  for (std::size_t index = 0; index < kLocks; ++index) delete locks_[index].load();
}

profile::shard& profile::next_shard() noexcept { return shards_[next_shard_.fetch_add(1, std::memory_order_relaxed) % kShards]; }

void profile::node(shard& into, int node, instant took) noexcept {
  if (node < 0 || static_cast<std::size_t>(node) >= into.count) return;
  if (histogram* const times = made_once(into.nodes[static_cast<std::size_t>(node)])) times->add(took);
}

void profile::lock_waited(const char* name, std::uint16_t rank, mode how, instant took) noexcept {
  if (lock_times* const times = made_once(locks_[rank], name)) times->waited[static_cast<int>(how)].add(took);
}

void profile::lock_held(std::uint16_t rank, mode how, instant took) noexcept {
  if (lock_times* const times = locks_[rank].load(std::memory_order_acquire)) times->held[static_cast<int>(how)].add(took);
}

void profile::path(shard& into, int unit, std::uint64_t number_of, instant took) noexcept {
  into.paths.add(static_cast<std::uint32_t>(unit), number_of, static_cast<std::uint64_t>(took < 0 ? 0 : took));
}

void profile::arrival(std::uint16_t source, std::int64_t session, instant at) noexcept {
  source_times& times = sources_[source];
  const instant last = times.last.exchange(at, std::memory_order_relaxed);
  if (last != 0) times.between.add(at - last);
  sessions_.add(source, static_cast<std::uint64_t>(session), 0);
}

void profile::queued(std::uint16_t source, instant took) noexcept { sources_[source].waited.add(took); }

void profile::flow_ended(std::uint16_t source, instant took) noexcept { sources_[source].took.add(took); }

// ---------------------------------------------------------------------------------------------------------------------
// Text

int profile::writable(const char* path) noexcept {
  struct stat status{};
  if (::stat(path, &status) == 0 && S_ISDIR(status.st_mode)) return EISDIR;
  const int fd = ::open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0666);
  if (fd < 0) return errno;
  ::close(fd);
  return 0;
}

int profile::write(const char* path) const noexcept {
  try {
    struct stat status{};
    // A pipe or a device cannot be replaced.
    const bool replace = ::stat(path, &status) != 0 || S_ISREG(status.st_mode);
    const std::string written = replace ? std::string(path) + "." + std::to_string(::getpid()) : std::string(path);
    const std::string all = text();
    std::FILE* const file = std::fopen(written.c_str(), "we");
    if (file == nullptr) return errno;
    int error = std::fwrite(all.data(), 1, all.size(), file) == all.size() ? 0 : errno;
    if (std::fclose(file) != 0 && error == 0) error = errno;
    if (error == 0 && replace && std::rename(written.c_str(), path) != 0) error = errno;
    if (error != 0 && replace) ::unlink(written.c_str());
    return error;
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  }
}

std::string profile::text() const {
  std::string out = "{\n\"format\":\"flux-profile\",\"version\":1,\"unit\":\"ns\",\n\"program\":" + quoted(facts_.name);
  out += ",\"file\":" + quoted(facts_.file) + ",\"runtime\":" + quoted(runtime_);
  out += ",\"cores\":" + std::to_string(::sysconf(_SC_NPROCESSORS_ONLN)) + ",\"duration\":" + std::to_string(now() - started_);
  out += ",\n\"sources\":[" + text_of_sources() + "\n],\n\"nodes\":[" + text_of_nodes() + "\n],\n\"constraints\":[" + text_of_locks();
  out += "\n],\n\"paths\":" + text_of_paths() + ",\n\"sessions\":" + text_of_sessions() + "\n}\n";
  return out;
}

std::string profile::text_of_sources() const {
  std::string out;
  for (std::size_t index = 0; index < facts_.sources.size(); ++index) {
    const source_counts& count = counts_.source(index);
    const source_times& times = sources_[index];
    out += index == 0 ? "\n" : ",\n";
    out += "{\"source\":" + quoted(facts_.sources[index].name) + ",\"line\":" + std::to_string(facts_.sources[index].line);
    out += ",\"started\":" + number(count.started) + ",\"done\":" + number(count.done) + ",\"failed\":" + number(count.failed);
    out += ",\"dropped\":" + number(count.dropped) + ",\"activationsFailed\":" + number(count.activations_failed);
    out += ",\"interArrival\":" + to_json(times.between) + ",\"queueWait\":" + to_json(times.waited);
    out += ",\"flowTime\":" + to_json(times.took) + "}";
  }
  return out;
}

std::string profile::text_of_nodes() const {
  const std::vector<node_failure> failures = counts_.node_failures();
  auto failure = failures.begin();
  std::string out;
  for (std::size_t index = 0; index < facts_.nodes.size(); ++index) {
    histogram_copy total;
    for (std::size_t each = 0; each < kShards; ++each) {
      if (const histogram* const times = shards_[each].nodes[index].load(std::memory_order_acquire)) times->add_to(total);
    }
    out += index == 0 ? "\n" : ",\n";
    out += "{\"node\":" + quoted(facts_.nodes[index].name) + ",\"line\":" + std::to_string(facts_.nodes[index].line);
    out += ",\"wallTime\":" + to_json(total) + ",\"failures\":{";
    const char* separator = "";
    for (; failure != failures.end() && failure->node == index; ++failure) {
      char buffer[32];
      const char* const name = failure->error == counts::kOther ? "other" : error_name(failure->error, buffer, sizeof buffer);
      out += separator + quoted(name) + ":" + number(failure->count);
      separator = ",";
    }
    out += "}}";
  }
  return out;
}

std::string profile::text_of_locks() const {
  std::string out;
  for (std::size_t rank = 0; rank < kLocks; ++rank) {
    const lock_times* const times = locks_[rank].load(std::memory_order_acquire);
    if (times == nullptr) continue;
    out += out.empty() ? "\n" : ",\n";
    out += "{\"constraint\":" + quoted(times->name) + ",\"rank\":" + std::to_string(rank);
    for (const mode how : {mode::read, mode::write}) {
      const int index = static_cast<int>(how);
      out += std::string(",\"") + (how == mode::read ? "read" : "write") + "\":{\"wait\":" + to_json(times->waited[index]);
      out += ",\"hold\":" + to_json(times->held[index]) + "}";
    }
    out += "}";
  }
  return out;
}

std::string profile::text_of_paths() const {
  tally_copy all;
  for (std::size_t index = 0; index < kShards; ++index) shards_[index].paths.add_to(all.entries, all);
  tally::merge(all);
  std::string out = "{\"counts\":[";
  for (const tallied& each : all.entries) {
    out += &each == all.entries.data() ? "\n" : ",\n";
    const char* const unit = each.group < facts_.path_units.size() ? facts_.path_units[each.group].name : "";
    // A path number may be up to 2^62: more than a JSON reader's number holds.
    out += "{\"unit\":" + quoted(unit) + ",\"path\":\"" + number(each.number) + "\",\"count\":" + number(each.count);
    out += ",\"time\":" + number(each.sum) + "}";
  }
  return out + "\n],\"other\":{\"count\":" + number(all.other_count) + ",\"time\":" + number(all.other_sum) + "}}";
}

std::string profile::text_of_sessions() const {
  tally_copy all;
  sessions_.add_to(all.entries, all);
  tally::merge(all);
  std::string out = "{\"counts\":[";
  for (const tallied& each : all.entries) {
    out += &each == all.entries.data() ? "\n" : ",\n";
    out += "{\"source\":" + quoted(facts_.sources[each.group].name) + ",\"session\":\"" +
           std::to_string(static_cast<std::int64_t>(each.number)) + "\",\"count\":" + number(each.count) + "}";
  }
  return out + "\n],\"other\":{\"count\":" + number(all.other_count) + "}}";
}

}  // namespace flux::core
