/** Makes system calls of a running server fail, with strace, and says which calls it makes. Holds no expectations. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { RunningServer } from "../../testing/running-server.ts";

/** What a call may fail with. ENOBUFS is what a socket says for ENOMEM. */
export const errors = ["EINTR", "EAGAIN", "EMFILE", "ENFILE", "ENOMEM", "ENOBUFS", "ECONNABORTED", "EIO"] as const;

/**
 * Calls that are left alone, and why. A call that is made to fail is not made at all, so some failures would be a lie that no kernel tells.
 */
const unfailing: Readonly<Record<string, string>> = {
  close: "closes the descriptor whatever it answers (close(2))",
  munmap: "what libc unmaps is a mapping of its own, which can always go; it aborts otherwise",
  futex: "a wake-up cannot fail; what a wait can answer is tried with signals",
  exit: "does not return",
  exit_group: "does not return",
  restart_syscall: "goes on with a call that strace interrupted",
  rt_sigreturn: "does not return",
  rt_sigprocmask: "cannot fail with a mask of one's own",
  set_robust_list: "libc's own beginning of a thread, which cannot fail",
  rseq: "libc's own beginning of a thread; it aborts otherwise",
};

export const isFailing = (call: string): boolean => !(call in unfailing);

/** Traces the server while `work` goes on, which may ask for what strace has printed so far. @returns all of it */
async function traced(server: RunningServer, options: readonly string[], work: (said: () => string) => Promise<void>): Promise<string> {
  const tracer = spawn("strace", ["-f", "-p", String(server.process.pid), ...options], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  const ended = once(tracer, "close");
  await new Promise<void>((resolve, reject) => {
    tracer.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString("latin1");
      if (/^strace: Process \d+ attached/m.test(said)) resolve();
    });
    tracer.once("error", reject);
    tracer.once("close", () => reject(new Error(`strace cannot attach: ${said}`)));
  });
  await work(() => said);
  // It lets the server go on as if it had never been there.
  tracer.kill("SIGINT");
  await ended;
  return said;
}

/** The calls that the server makes while `work` goes on. */
export async function callsOf(server: RunningServer, work: () => Promise<void>): Promise<readonly string[]> {
  const said = await traced(server, ["-e", "signal=none"], work);
  const names = [...said.matchAll(/^(?:\[pid +\d+\] )?(?:<\.\.\. )?([a-z]\w+)(?:\(| resumed)/gm)].map(([, name]) => name ?? "");
  return [...new Set(names)].toSorted();
}

export interface Fault {
  readonly call: string;
  readonly error: string;
  /** As strace has it: `3+4` is the third and every fourth after it, of each thread. */
  readonly when: string;
}

/** Makes the call fail while `work` goes on, which may ask how often it did. @returns that */
export async function whileFailing(server: RunningServer, { call, error, when }: Fault, work: (times: () => number) => Promise<void>): Promise<number> {
  const times = (said: string): number => said.split("(INJECTED)").length - 1;
  const options = ["-e", `trace=${call}`, "-e", `inject=${call}:error=${error}:when=${when}`, "-e", "signal=none"];
  return times(await traced(server, options, (said) => work(() => times(said()))));
}
