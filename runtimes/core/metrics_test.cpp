// What the endpoint answers.
#include "core/metrics.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "core/clock.hpp"
#include "flux/again.hpp"

using namespace flux::core;

namespace {

constexpr flux::source_description kSources[] = {
    {"Listen", 1, false, 0, 1, 0, 0, true, nullptr},
    {"Tick", 2, true, 0, 1, 50, 1, false, nullptr},
};
constexpr flux::node_description kNodes[] = {{"Read", 10}, {"Store", 11}};
const program_facts kFacts{.name = "image",
                           .file = "image.flux",
                           .sources = kSources,
                           .nodes = kNodes,
                           .constraints = {},
                           .path_units = {},
                           .node_of_state = nullptr,
                           .init = nullptr,
                           .finish = nullptr};

flux::socket connected_to(int port) {
  flux::socket client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  REQUIRE(::connect(client.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return client;
}

std::string asked(int port, const std::string& request) {
  const flux::socket client = connected_to(port);
  // In two parts: a request may arrive in any.
  const std::size_t half = request.size() / 2;
  REQUIRE(::send(client.fd(), request.data(), half, MSG_NOSIGNAL) == static_cast<ssize_t>(half));
  REQUIRE(::send(client.fd(), request.data() + half, request.size() - half, MSG_NOSIGNAL) > 0);
  std::string answer;
  char part[4096];
  for (ssize_t got; (got = ::recv(client.fd(), part, sizeof part, 0)) > 0;) answer.append(part, static_cast<std::size_t>(got));
  return answer;
}

}  // namespace

TEST_CASE("metrics in both formats") {
  counts counted(kFacts);
  counted.source(0).started = 7;
  counted.source(0).done = 3;
  counted.source(0).failed = 2;
  counted.source(0).activations_failed = 4;
  counted.source(1).dropped = 5;
  counted.node_failed(0, ECONNRESET);
  counted.node_failed(0, ECONNRESET);
  counted.node_failed(1, flux::no_match);
  counted.node_failed(1, 424242);
  counted.node_failed(1, 7);
  const std::string open = metrics_text(kFacts, counted, true);
  CHECK(open ==
        "# HELP flux_flows_started Flows that a source started.\n"
        "# TYPE flux_flows_started counter\n"
        "flux_flows_started_total{source=\"Listen\"} 7\n"
        "flux_flows_started_total{source=\"Tick\"} 0\n"
        "# HELP flux_flows_ended Flows that ended without a failure.\n"
        "# TYPE flux_flows_ended counter\n"
        "flux_flows_ended_total{source=\"Listen\"} 3\n"
        "flux_flows_ended_total{source=\"Tick\"} 0\n"
        "# HELP flux_flows_failed Flows that ended with a failure, after their handler.\n"
        "# TYPE flux_flows_failed counter\n"
        "flux_flows_failed_total{source=\"Listen\"} 2\n"
        "flux_flows_failed_total{source=\"Tick\"} 0\n"
        "# HELP flux_flows_in_flight Flows that have started and not ended.\n"
        "# TYPE flux_flows_in_flight gauge\n"
        "flux_flows_in_flight{source=\"Listen\"} 2\n"
        "flux_flows_in_flight{source=\"Tick\"} 0\n"
        "# HELP flux_source_failures Calls of a source that failed and started no flow.\n"
        "# TYPE flux_source_failures counter\n"
        "flux_source_failures_total{source=\"Listen\"} 4\n"
        "# HELP flux_timer_drops Ticks of a timer source that found their predecessors in flight.\n"
        "# TYPE flux_timer_drops counter\n"
        "flux_timer_drops_total{source=\"Tick\"} 5\n"
        "# HELP flux_node_failures Failures of a node, by error.\n"
        "# TYPE flux_node_failures counter\n"
        "flux_node_failures_total{node=\"Read\",error=\"ECONNRESET\"} 2\n"
        "flux_node_failures_total{node=\"Store\",error=\"no_match\"} 1\n"
        "flux_node_failures_total{node=\"Store\",error=\"424242\"} 1\n"
        "flux_node_failures_total{node=\"Store\",error=\"7\"} 1\n"
        "# EOF\n");
  const std::string plain = metrics_text(kFacts, counted, false);
  CHECK(plain.find("# TYPE flux_flows_started_total counter\nflux_flows_started_total{source=\"Listen\"} 7\n") != std::string::npos);
  CHECK(plain.find("# EOF") == std::string::npos);
}

TEST_CASE("a node that returns ever other numbers does not fill the memory") {
  counts counted(kFacts);
  for (int error = 1000; error < 2000; ++error) counted.node_failed(0, error);
  const auto failures = counted.node_failures();
  CHECK(failures.size() == counts::kErrorsANode);
  CHECK(failures.back().error == counts::kOther);
  CHECK(failures.back().count == 1000 - counts::kErrorsANode + 1);
}

TEST_CASE("the endpoint") {
  counts counted(kFacts);
  metrics_endpoint endpoint(kFacts, counted);
  REQUIRE(endpoint.open(0) == 0);
  REQUIRE(endpoint.start() == 0);
  const int port = endpoint.port();
  metrics_endpoint second(kFacts, counted);
  CHECK(second.open(port) == EADDRINUSE);

  const std::string metrics = asked(port, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(metrics.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  CHECK(metrics.find("flux_flows_started_total{source=\"Listen\"} 0\n") != std::string::npos);
  const std::string open = asked(port, "GET /metrics?x=1 HTTP/1.1\r\nAccept: application/openmetrics-text; version=1.0.0\r\n\r\n");
  CHECK(open.find("Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n") != std::string::npos);
  CHECK(open.ends_with("# EOF\n"));
  CHECK(asked(port, "GET /healthz HTTP/1.1\r\n\r\n").ends_with("\r\n\r\nok\n"));
  CHECK(asked(port, "HEAD /healthz HTTP/1.1\r\n\r\n").ends_with("Content-Length: 3\r\nConnection: close\r\n\r\n"));
  CHECK(asked(port, "GET /readyz HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 503 "));
  endpoint.ready(true);
  CHECK(asked(port, "GET /readyz HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 200 "));
  CHECK(asked(port, "GET /other HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404 "));
  CHECK(asked(port, "POST /metrics HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 405 Method Not Allowed\r\n"));

  // Clients that ask for nothing, or take no answer, delay nobody.
  std::vector<flux::socket> stalled;
  for (int client = 0; client < 8; ++client) stalled.push_back(connected_to(port));
  REQUIRE(::send(stalled.back().fd(), "GET /", 5, MSG_NOSIGNAL) == 5);
  const flux::instant since = now();
  CHECK(asked(port, "GET /healthz HTTP/1.1\r\n\r\n").ends_with("ok\n"));
  CHECK(now() - since < kSecond / 2);
  // Each has a second.
  char byte;
  CHECK(::recv(stalled.front().fd(), &byte, 1, 0) == 0);
  CHECK(now() - since > kSecond / 2);
  endpoint.stop();
  endpoint.stop();
}
