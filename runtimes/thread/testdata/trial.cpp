// A server written by hand against the contract, in the shape the compiler gives one, so that the runtime is tested without it.
//
//   source Listen => Serve;      wait Listen: {readable listener};
//   source Tick every 20ms => Work;
//   source Command => Obey;      // no wait: blocks in read
//
//   Serve = Read -> Act -> Serve;   wait Read: {readable client};   timeout Read: --timeout;
//   Act:[hold] = Hold;   atomic Hold: {cache};
//   Act:[share] = Share; atomic Share: {cache?};
//   Act:[brief] = Brief; atomic Brief: {cache};   timeout Brief: 1ms;   handle error Brief => Late;
//   Act:[_] = Other;
//
// One line is one request: `echo X`, `sleep MS`, `hold MS`, `share MS`, `brief MS`, `fail`, `stop`, `big N`.
// Arguments: any of `tick`, `command`, `slow-tick`, `port=N`, `timeout=MS`, `blocks-briefly`, `fail-init`, `throw-init`.
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

#include "flux/flux.hpp"
#include "thread/runtime.hpp"

namespace {

using worker = flux::thread::worker;

flux::tcp_listener listener;
worker::lock cache{"cache", 0};
flux::instant read_timeout = flux::never;
bool slow_tick = false;

// ---------------------------------------------------------------------------------------------------------------------
// Nodes

void nap(long milliseconds) { std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds)); }

int Listen(flux::socket& client) { return listener.accept(client); }

// Keeps what it has of a line in `line`.
int Read(const flux::socket& client, std::string& line) {
  for (;;) {
    char byte;
    const ssize_t got = ::recv(client.fd(), &byte, 1, 0);
    if (got == 0) return ECONNRESET;
    if (got < 0) return errno != EAGAIN ? errno : line.empty() && flux::stopping() ? ECANCELED : flux::again;
    if (byte == '\n') return 0;
    line += byte;
  }
}

int reply(const flux::socket& client, const std::string& text) {
  return ::send(client.fd(), text.data(), text.size(), 0) < 0 ? errno : 0;
}

int Busy(const flux::socket& client, const std::string& line, const char* done) {
  nap(std::atol(line.c_str() + line.find(' ')));
  return reply(client, done);
}

int Other(const flux::socket& client, const std::string& line) {
  if (line.starts_with("echo ")) return reply(client, line.substr(5) + "\n");
  if (line.starts_with("sleep ")) return Busy(client, line, "slept\n");
  if (line.starts_with("big ")) return reply(client, std::string(std::stoul(line.substr(4)), 'x'));
  if (line == "stop") flux::stop();
  if (line == "stop") return reply(client, "stopping\n");
  if (line == "fail") return EIO;
  throw std::system_error(EINVAL, std::generic_category());
}

int Work() {
  if (slow_tick) nap(70);
  return 0;
}

int Command(std::string& line) {
  line.clear();
  char byte;
  while (::read(0, &byte, 1) == 1) {
    if (byte == '\n') return 0;
    line += byte;
  }
  // Nothing will ever come: this is what a source that blocks for ever looks like.
  for (;;) ::pause();
}

int Obey(const std::string& line) {
  std::printf("obeyed %s\n", line.c_str());
  std::fflush(stdout);
  return 0;
}

// ---------------------------------------------------------------------------------------------------------------------
// What the compiler would generate

enum class at : std::uint16_t {
  call_Listen,
  wait_Listen,
  call_Read,
  wait_Read,
  acquire_Hold,
  acquire_Share,
  yield_Serve,
  call_Work,
  call_Command,
  call_Obey
};
enum node : int { kListen, kRead, kHold, kShare, kOther, kWork, kCommand, kObey };

struct record : worker::flow {
  flux::socket client;
  std::string line;
  flux::instant deadline = flux::never;
  flux::held_locks<worker::lock, 1> held;
};

constexpr std::uint16_t state(at where) { return static_cast<std::uint16_t>(where); }

flux::mode mode_of(const record& f) { return f.state == state(at::acquire_Hold) ? flux::mode::write : flux::mode::read; }

template <typename Call>
void guarded(record& f, Call call) noexcept {
  try {
    f.error = call();
  } catch (const std::system_error& thrown) {
    f.error = thrown.code().value();
  } catch (...) {
    f.error = flux::exception;
  }
}

void step(worker& w, flux::flow& base) noexcept {
  auto& f = static_cast<record&>(base);
  const auto park = [&f](at where) { f.state = state(where); };
  const auto fail = [&](int node) {
    w.failed(f, node);
    while (f.held.count() > 0) w.release(f, f.held.pop());
    w.path(f, 0);
    w.end(f, flux::ending::failed);
  };
  const auto run = [&](int node, auto call) {
    w.enter(f, node);
    guarded(f, call);
    w.leave(f, node);
    return f.error;
  };

  const auto readable = [&](at where, int fd, flux::instant deadline) {
    park(where);
    const flux::interest interests[] = {{fd, false}};
    return w.wait(f, interests, deadline);
  };

  switch (static_cast<at>(f.state)) {
    case at::call_Listen:
      goto call_Listen;
    case at::wait_Listen:
      goto waited_Listen;
    case at::call_Read:
      goto call_Read;
    case at::wait_Read:
      goto waited_Read;
    case at::acquire_Hold:
    case at::acquire_Share:
      goto acquired;
    case at::yield_Serve:
      goto call_Read;
    case at::call_Work:
      if (run(kWork, Work) != 0) return fail(kWork);
      return w.end(f, flux::ending::done);
    case at::call_Command:
      if (run(kCommand, [&] { return Command(f.line); }) != 0) return fail(kCommand);
      goto spawn;
    case at::call_Obey:
      if (run(kObey, [&] { return Obey(f.line); }) != 0) return fail(kObey);
      return w.end(f, flux::ending::done);
  }

call_Listen:
  run(kListen, [&] { return Listen(f.client); });
  if (f.error == flux::again) {
    if (readable(at::wait_Listen, listener.fd(), flux::never) == flux::parked::yes) return;
  waited_Listen:
    if (f.error == 0) goto call_Listen;
  }
  if (f.error != 0) return fail(kListen);
spawn : {
  auto* const started = static_cast<record*>(w.fresh(f));
  if (started == nullptr) {
    f.error = ENOMEM;
    return fail(kListen);
  }
  started->client = std::move(f.client);
  started->line = std::move(f.line);
  w.spawn(f, *started);
  return w.end(f, flux::ending::done);
}

call_Read:
  if (f.deadline == flux::never && read_timeout != flux::never) f.deadline = w.now() + read_timeout;
  run(kRead, [&] { return Read(f.client, f.line); });
  if (f.error == flux::again) {
    if (readable(at::wait_Read, f.client.fd(), f.deadline) == flux::parked::yes) return;
  waited_Read:
    if (f.error == 0) goto call_Read;
  }
  f.deadline = flux::never;
  if (f.error == ETIMEDOUT) static_cast<void>(reply(f.client, "timeout\n"));
  if (f.error != 0) return fail(kRead);

  if (f.line.starts_with("hold ") || f.line.starts_with("share ") || f.line.starts_with("brief ")) {
    park(f.line.starts_with("share ") ? at::acquire_Share : at::acquire_Hold);
    if (f.line.starts_with("brief ")) f.deadline = w.now() + 1'000'000;
    if (w.acquire(f, cache, mode_of(f), f.deadline) == flux::parked::yes) return;
  acquired:
    f.deadline = flux::never;
    if (f.error == ETIMEDOUT) {
      static_cast<void>(reply(f.client, "late\n"));
      goto next;
    }
    f.held.push(cache, mode_of(f));
    if (run(f.state == state(at::acquire_Hold) ? kHold : kShare, [&] { return Busy(f.client, f.line, "done\n"); }) != 0) return fail(kHold);
    w.release(f, f.held.pop());
  } else if (run(kOther, [&] { return Other(f.client, f.line); }) != 0) {
    return fail(kOther);
  }
next:
  f.path += 1;
  w.path(f, 1);
  f.line.clear();
  park(at::yield_Serve);
  if (w.yield(f) == flux::parked::yes) return;
  goto call_Read;
}

void abandon(worker& w, flux::flow& base) noexcept {
  auto& f = static_cast<record&>(base);
  while (f.held.count() > 0) w.release(f, f.held.pop());
  if (f.client) static_cast<void>(reply(f.client, "abandoned\n"));
}

int node_of_state(std::uint16_t state) noexcept {
  constexpr int kNodes[] = {kListen, kListen, kRead, kRead, kHold, kShare, kRead, kWork, kCommand, kObey};
  return kNodes[state];
}

int init(int argc, char** argv) {
  flux::listen_options options;
  int port = 0;
  for (int index = 1; index < argc; ++index) {
    const std::string argument = argv[index];
    if (argument.starts_with("--flux")) throw std::logic_error("init saw " + argument);
    if (argument == "fail-init") return 3;
    if (argument == "throw-init") throw std::runtime_error("init is not in the mood");
    if (argument == "slow-tick") slow_tick = true;
    if (argument == "blocks-briefly") options.brief_blocking = true;
    if (argument.starts_with("port=")) port = std::atoi(argument.c_str() + 5);
    if (argument.starts_with("timeout=")) read_timeout = std::atol(argument.c_str() + 8) * 1'000'000;
  }
  listener.open("127.0.0.1", port, options);
  std::printf("port %d\n", listener.port());
  std::fflush(stdout);
  return 0;
}

void finish() {
  std::printf("finished\n");
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  bool tick = false;
  bool command = false;
  for (int index = 1; index < argc; ++index) {
    tick |= std::strstr(argv[index], "tick") != nullptr;
    command |= std::strcmp(argv[index], "command") == 0;
  }
  static flux::source_description sources[3];
  std::size_t count = 0;
  sources[count++] = {"Listen", 1, false, state(at::call_Listen), state(at::call_Read), 0, 0, true, &listener};
  if (tick) sources[count++] = {"Tick", 2, true, 0, state(at::call_Work), 20'000'000, 1, false, nullptr};
  if (command) sources[count++] = {"Command", 3, false, state(at::call_Command), state(at::call_Obey), 0, 0, false, nullptr};

  static constexpr flux::node_description kNodes[] = {{"Listen", 1}, {"Read", 5}, {"Hold", 6},    {"Share", 7},
                                                      {"Other", 8},  {"Work", 2}, {"Command", 3}, {"Obey", 3}};
  static constexpr flux::constraint_description kConstraints[] = {{"cache", 6}};
  static constexpr flux::path_unit_description kUnits[] = {{"Listen => Serve", 1}, {"round of Serve", 2}};
  static const flux::program<worker> program{
      .name = "trial",
      .file = "trial.flux",
      .record_size = sizeof(record),
      .record_alignment = alignof(record),
      .construct = [](void* storage) noexcept -> flux::flow& { return *::new (storage) record; },
      .dispose = [](flux::flow& f) noexcept { static_cast<record&>(f).~record(); },
      .step = step,
      .abandon = abandon,
      .held = [](const flux::flow& f) noexcept { return static_cast<const record&>(f).held.all(); },
      .sources = {sources, count},
      .nodes = kNodes,
      .constraints = kConstraints,
      .path_units = kUnits,
      .node_of_state = node_of_state,
      .init = init,
      .finish = finish,
  };
  return flux::thread::run(program, argc, argv);
}
