/** What the compiler must know of a runtime: the content of `runtimes/<name>/runtime.json`. Costs are not in it: they are per machine. */
export interface RuntimeManifest {
  /** `thread` */
  readonly name: string;
  /** `one thread per connection` */
  readonly title: string;
  /** Relative to `runtimes/`: `thread/runtime.hpp`. */
  readonly header: string;
  /** The C++ type that meets `flux::worker_contract`: `flux::thread::worker`. */
  readonly worker: string;
  /** The C++ function that runs a program: `flux::thread::run`. */
  readonly run: string;
  /** What a node that blocks inside does to others; `must-not`: `blocking` nodes are offloaded. */
  readonly blockingNodes: "own-thread" | "worker" | "must-not" | "user-thread";
  /** A thread that runs flows leaves one only where it parks: a constraint around nothing that parks may need no lock there. */
  readonly cooperative?: boolean;
  /** Runs inside the test suite only; left out of the lists shown to users. */
  readonly internal?: boolean;
}
