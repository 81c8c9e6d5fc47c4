/** What `--watch` means for each command: what it reads, and how it ends. When something is done again is `watch.ts`'s business. */
import type { CheckArguments } from "./check.ts";
import type { BuildArguments } from "./build.ts";
import { ownSignals, stopWork } from "./cxx/processes.ts";
import type { ExitCode } from "./exit-code.ts";
import type { RunArguments } from "./run.ts";
import { exitCode } from "./exit-code.ts";
import { RunningServer } from "./running-server.ts";
import { mustBeFile, watching } from "./watch.ts";
import { inputsOf } from "./watched-inputs.ts";

type Once = () => Promise<ExitCode>;

export function watchCheck(given: CheckArguments, work: Once): Promise<number> {
  mustBeFile(given.file);
  endBySignal();
  return watching({ file: given.file, doing: "checking", work, inputs: () => (given.cxx === true ? inputsOf(given.file, given.nodes) : [given.file]), ended: never });
}

export function watchBuild(given: BuildArguments, work: Once): Promise<number> {
  mustBeFile(given.file);
  endBySignal();
  return watching({ file: given.file, doing: "building", work, inputs: () => inputsOf(given.file, given.nodes), ended: never });
}

/** The server that runs is replaced only by one that was built. @param built the executable of the latest build, if it worked */
export async function watchRun(given: RunArguments, build: Once, built: () => string | undefined): Promise<number> {
  mustBeFile(given.file);
  ownSignals();
  const server = new RunningServer(given["--"] ?? []);
  try {
    return await watching({
      file: given.file,
      doing: "building",
      work: async () => {
        const code = await build();
        const executable = built();
        if (code === exitCode.fine && executable !== undefined) await server.become(executable);
        return code;
      },
      inputs: () => inputsOf(given.file, given.nodes),
      ended: server.ended,
    });
  } finally {
    server.abandon();
  }
}

const never = new Promise<number>(() => undefined);
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Ctrl-C ends the work, if there is some, and the process by that very signal. */
function endBySignal(): void {
  ownSignals();
  const end = (signal: NodeJS.Signals): void => {
    stopWork();
    for (const one of signals) process.off(one, end);
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, end);
}
