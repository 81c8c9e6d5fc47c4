/** What the runtimes ask of the kernel. Reads what `probe.cpp` printed; asks nothing itself. */
import { fail, ok, warn, type Finding } from "./finding.ts";

interface Feature {
  readonly name: string;
  /** What it is for, and what becomes of that without it. */
  readonly use: string;
  /** `needed`: no server runs without. `better`: one runs, but less well. `spare`: nothing suffers. */
  readonly need: "needed" | "better" | "spare";
  readonly since: string;
}

const features: readonly Feature[] = [
  { name: "epoll", use: "how a server waits for many clients", need: "needed", since: "2.6" },
  { name: "eventfd", use: "how a server is woken", need: "needed", since: "2.6.27" },
  { name: "epoll_pwait2", use: "time limits finer than a millisecond", need: "better", since: "5.11" },
  { name: "SO_REUSEPORT", use: "a listening socket a core", need: "better", since: "3.9" },
  { name: "TCP_DEFER_ACCEPT", use: "a connection that is accepted when it has said something", need: "better", since: "2.4" },
  { name: "openat2", use: "a file server that cannot leave its folder", need: "better", since: "5.6" },
  { name: "close_range", use: "closing what a server inherits at once", need: "better", since: "5.9" },
  { name: "futex_waitv", use: "waiting for several locks", need: "spare", since: "5.16" },
  { name: "io_uring", use: "fewer system calls", need: "spare", since: "5.1" },
  { name: "MADV_GUARD_INSTALL", use: "more than 32,000 stacks with guards", need: "spare", since: "6.13" },
];

/** @param printed lines of a feature and an errno */
export function kernelFindings(printed: string): readonly Finding[] {
  const errors = new Map(printed.split("\n").map((line) => line.split(" ")).map(([name = "", error = ""]) => [name, Number(error)]));
  return features.flatMap(({ name, use, need, since }): Finding[] => {
    const error = errors.get(name);
    if (error === undefined) return [];
    if (error === 0) return [ok("kernel", `${name}: ${use}`)];
    const isForbidden = error === errno.EPERM || error === errno.EACCES;
    const text = `${name} is ${isForbidden ? "not allowed" : "not there"}: ${use}`;
    if (need === "spare") return [ok("kernel", `${text}; nothing needs it`)];
    const fix = isForbidden ? "allow it in the seccomp profile of the container, or ask who runs the machine" : `boot Linux ${since} or newer`;
    return [need === "needed" ? fail("kernel", text, fix) : warn("kernel", text, fix)];
  });
}

const errno = { EPERM: 1, EACCES: 13 } as const;
