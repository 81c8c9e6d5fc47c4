// A small HTTP server for whoever watches this one.
#include "core/metrics.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <exception>
#include <new>
#include <string_view>
#include <utility>

#include "core/clock.hpp"
#include "core/report.hpp"

namespace flux::core {
namespace {

constexpr instant kPatience = kSecond;
constexpr std::size_t kLargestRequest = 8192;
constexpr std::size_t kMostClients = 32;
constexpr std::size_t kStack = 256 << 10;

std::string label(std::string_view text) {
  std::string out;
  for (const char each : text) {
    if (each == '\\' || each == '"') out += '\\';
    if (each == '\n') {
      out += "\\n";
    } else {
      out += each;
    }
  }
  return out;
}

// Values of one metric, one line each, after its description. Nothing where it has no value.
class family {
 public:
  family(std::string& out, bool open_metrics, std::string_view name, std::string_view type, std::string_view help)
      : out_(out), sample_(name) {
    const bool counter = type == "counter";
    if (counter) sample_ += "_total";
    const std::string named = counter && !open_metrics ? sample_ : std::string(name);
    description_ = "# HELP " + named + " " + std::string(help) + "\n# TYPE " + named + " " + std::string(type) + "\n";
  }

  void add(const std::string& labels, std::uint64_t value) {
    out_ += description_;
    description_.clear();
    out_ += sample_ + "{" + labels + "} " + std::to_string(value) + "\n";
  }

 private:
  std::string& out_;
  std::string sample_;
  std::string description_;
};

}  // namespace

std::string metrics_text(const program_facts& facts, const counts& counted, bool open_metrics) {
  struct measure {
    const char* name;
    const char* type;
    const char* help;
    std::uint64_t (*value)(const source_counts&);
    bool timers;
    bool others;
  };
  constexpr measure kMeasures[] = {
      {"flux_flows_started", "counter", "Flows that a source started.", [](const source_counts& c) { return c.started.load(); }, true, true},
      {"flux_flows_ended", "counter", "Flows that ended without a failure.", [](const source_counts& c) { return c.done.load(); }, true, true},
      {"flux_flows_failed", "counter", "Flows that ended with a failure, after their handler.",
       [](const source_counts& c) { return c.failed.load(); }, true, true},
      {"flux_flows_in_flight", "gauge", "Flows that have started and not ended.", [](const source_counts& c) { return c.in_flight(); }, true, true},
      {"flux_source_failures", "counter", "Calls of a source that failed and started no flow.",
       [](const source_counts& c) { return c.activations_failed.load(); }, false, true},
      {"flux_timer_drops", "counter", "Ticks of a timer source that found their predecessors in flight.",
       [](const source_counts& c) { return c.dropped.load(); }, true, false},
  };
  std::string out;
  for (const measure& each : kMeasures) {
    family lines(out, open_metrics, each.name, each.type, each.help);
    for (std::size_t index = 0; index < facts.sources.size(); ++index) {
      if (facts.sources[index].timer ? !each.timers : !each.others) continue;
      lines.add("source=\"" + label(facts.sources[index].name) + "\"", each.value(counted.source(index)));
    }
  }
  family failures(out, open_metrics, "flux_node_failures", "counter", "Failures of a node, by error.");
  for (const node_failure& each : counted.node_failures()) {
    char buffer[32];
    const char* const error = each.error == counts::kOther ? "other" : error_name(each.error, buffer, sizeof buffer);
    failures.add("node=\"" + label(facts.nodes[each.node].name) + "\",error=\"" + error + "\"", each.count);
  }
  if (open_metrics) out += "# EOF\n";
  return out;
}

int metrics_endpoint::open(int port) noexcept {
  socket made(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!made) return errno;
  const int on = 1;
  ::setsockopt(made.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::bind(made.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::listen(made.fd(), 16) != 0) return errno;
  quit_.reset(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!quit_) return errno;
  listening_ = static_cast<socket&&>(made);
  return 0;
}

int metrics_endpoint::port() const noexcept {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  return ::getsockname(listening_.fd(), reinterpret_cast<sockaddr*>(&address), &length) == 0 ? ntohs(address.sin_port) : 0;
}

int metrics_endpoint::start() noexcept {
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, kStack);
  const int error = ::pthread_create(&thread_, &attributes, &metrics_endpoint::thread_main, this);
  ::pthread_attr_destroy(&attributes);
  running_ = error == 0;
  return error;
}

void metrics_endpoint::stop() noexcept {
  if (!running_) return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(quit_.fd(), &one, sizeof one);
  ::pthread_join(thread_, nullptr);
  running_ = false;
  listening_.reset();
}

void* metrics_endpoint::thread_main(void* argument) noexcept {
  static_cast<metrics_endpoint*>(argument)->serve();
  return nullptr;
}

void metrics_endpoint::serve() noexcept {
  std::vector<conversation> open;
  std::vector<pollfd> polled;
  // Out of descriptors the connection stays in the backlog, and poll would say so again at once.
  instant accepts_from = 0;
  try {
    open.reserve(kMostClients);
    polled.reserve(kMostClients + 2);
  } catch (const std::bad_alloc&) {
    return;
  }
  for (;;) {
    const bool accepts = open.size() < kMostClients && accepts_from <= now();
    instant next = accepts || open.size() == kMostClients ? never : accepts_from;
    polled.assign({{.fd = quit_.fd(), .events = POLLIN, .revents = 0}, {.fd = accepts ? listening_.fd() : -1, .events = POLLIN, .revents = 0}});
    for (const conversation& each : open) {
      polled.push_back({.fd = each.client.fd(), .events = static_cast<short>(each.answer.empty() ? POLLIN : POLLOUT), .revents = 0});
      next = std::min(next, each.deadline);
    }
    const instant left = next == never ? never : std::max<instant>(next - now(), 0);
    ::poll(polled.data(), polled.size(), left == never ? -1 : static_cast<int>(left / kMillisecond) + 1);
    if (polled[0].revents != 0) return;
    const instant at = now();
    for (std::size_t index = open.size(); index-- > 0;) {
      const bool goes_on = polled[index + 2].revents != 0 ? talk(open[index]) : at < open[index].deadline;
      if (!goes_on) open.erase(open.begin() + static_cast<std::ptrdiff_t>(index));
    }
    if (polled[1].revents == 0) continue;
    socket client(::accept4(listening_.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (client) {
      open.push_back({.client = std::move(client), .request = {}, .answer = {}, .sent = 0, .deadline = at + kPatience});
    } else if (errno != EAGAIN && errno != ECONNABORTED) {
      accepts_from = at + 100 * kMillisecond;
    }
  }
}

bool metrics_endpoint::talk(conversation& with) noexcept {
  try {
    if (with.answer.empty()) {
      char part[2048];
      const auto got = ::recv(with.client.fd(), part, sizeof part, 0);
      if (got < 0) return errno == EAGAIN || errno == EINTR;
      if (got == 0 || with.request.size() > kLargestRequest) return false;
      with.request.append(part, static_cast<std::size_t>(got));
      if (with.request.find("\r\n\r\n") == std::string::npos) return true;
      with.answer = answer_to(std::move(with.request));
    }
    const auto sent = ::send(with.client.fd(), with.answer.data() + with.sent, with.answer.size() - with.sent, MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN || errno == EINTR;
    with.sent += static_cast<std::size_t>(sent);
    return with.sent < with.answer.size();
  } catch (const std::exception&) {
    // Out of memory: this request has no answer.
    return false;
  }
}

std::string metrics_endpoint::answer_to(std::string request) const {
  for (char& each : request) each = static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
  const bool open_metrics = request.find("application/openmetrics-text") != std::string::npos;
  const bool head = request.starts_with("head ");
  const std::size_t begin = request.find(' ') + 1;
  const std::string path = request.substr(begin, request.find_first_of(" ?\r", begin) - begin);
  const char* status = "200 OK";
  const char* type = "text/plain; charset=utf-8";
  std::string body;
  if (!head && !request.starts_with("get ")) {
    status = "405 Method Not Allowed";
    body = "only GET and HEAD\n";
  } else if (path == "/metrics") {
    type = open_metrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8";
    body = metrics_text(facts_, counts_, open_metrics);
  } else if (path == "/healthz") {
    body = "ok\n";
  } else if (path == "/readyz") {
    const bool is_ready = ready_.load(std::memory_order_relaxed);
    if (!is_ready) status = "503 Service Unavailable";
    body = is_ready ? "ready\n" : "draining\n";
  } else {
    status = "404 Not Found";
    body = "there is /metrics, /healthz and /readyz\n";
  }
  std::string all = std::string("HTTP/1.1 ") + status + "\r\nContent-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) +
                    (status[0] == '4' && status[2] == '5' ? "\r\nAllow: GET, HEAD" : "") + "\r\nConnection: close\r\n\r\n";
  if (!head) all += body;
  return all;
}

}  // namespace flux::core
