// What it costs to give a flow a thread: one that is kept (the thread runtime), or a new one. Each flow is awaited before the next.
#include <pthread.h>

#include <new>
#include <vector>

#include "bench/measure.hpp"
#include "flux/stop.hpp"
#include "thread/runtime.hpp"

namespace {

using worker = flux::thread::worker;

constexpr int kBatches = 15;
constexpr int kFlows = 4000;
// The first batch warms up.
int batch = -1;
int flows = 0;
flux::instant begun = 0;
std::vector<double> batches;

struct record : worker::flow {};

enum : std::uint16_t { kSource, kFlow };

// The source: `limit 1`, so it is called when the flow before has ended.
void count_flow(worker& w) {
  if (flows++ % kFlows != 0) return;
  const flux::instant now = w.now();
  if (batch++ > 0) batches.push_back(static_cast<double>(now - begun) / kFlows);
  begun = now;
  if (batch > kBatches) flux::stop();
}

void step(worker& w, flux::flow& base) noexcept {
  auto& f = static_cast<record&>(base);
  if (f.state == kSource) {
    count_flow(w);
    if (auto* const started = static_cast<record*>(w.fresh(f))) w.spawn(f, *started);
  }
  w.end(f, flux::ending::done);
}

void* nothing(void*) { return nullptr; }

}  // namespace

int main(int argc, char** argv) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 << 10);
  flux::bench::measure("a new thread: pthread_create + pthread_join", kFlows, [&] {
    pthread_t thread;
    if (pthread_create(&thread, &attributes, nothing, nullptr) == 0) pthread_join(thread, nullptr);
  });

  static constexpr flux::source_description kSources[] = {{"Source", 1, false, kSource, kFlow, 0, 1, false, nullptr}};
  static const flux::program<worker> program{
      .name = "threads",
      .file = "threads.flux",
      .record_size = sizeof(record),
      .record_alignment = alignof(record),
      .construct = [](void* storage) noexcept -> flux::flow& { return *::new (storage) record; },
      .dispose = [](flux::flow& f) noexcept { static_cast<record&>(f).~record(); },
      .step = step,
      .abandon = [](worker&, flux::flow&) noexcept {},
      .held = [](const flux::flow&) noexcept { return flux::held_view<worker::lock>(); },
      .sources = kSources,
      .nodes = {},
      .constraints = {},
      .path_units = {},
      .node_of_state = [](std::uint16_t) noexcept { return -1; },
      .init = nullptr,
      .finish = [] { flux::bench::print("a kept thread: spawn + end of a flow, awaited", batches); },
  };
  return flux::thread::run(program, argc, argv);
}
