/** What a failure of the C++ compiler or the linker is to the user. Which of its words belong to a node is `nodes/cpp`'s business. */
import { basename } from "node:path";
import { diagnostic, type Diagnostic } from "../../diagnostics/diagnostic.ts";
import { exitCode } from "../exit-code.ts";
import { Failure, nowhere } from "../failure.ts";
import type { Generation } from "../generate.ts";
import { installLine } from "../setup.ts";
import { reasonOf } from "../system-error.ts";
import type { Compiled } from "./objects.ts";
import type { Outcome } from "./processes.ts";

/** @param failed at least one */
export function compilerFailure(failed: readonly Compiled[], { source, diagnostics }: Generation): Failure {
  const said = failed.map(({ unit, outcome }) => asItIs(unit.source, outcome));
  return new Failure(exitCode.toolchain, [...diagnostics, ...said], source);
}

export function linkerFailure(outcome: Outcome, { source, diagnostics, name }: Generation): Failure {
  return new Failure(exitCode.toolchain, [...diagnostics, asItIs(name, outcome)], source);
}

/** What no node is to blame for, in the tool's own words. */
function asItIs(path: string, outcome: Outcome | undefined): Diagnostic {
  const { code, signal, error, stderr = "" } = outcome ?? {};
  const reason = error !== undefined ? reasonOf(error) : signal !== undefined ? `it was stopped by ${signal}` : `exit code ${code}`;
  const reported = diagnostic("FLX0805", { at: nowhere }, { file: basename(path), reason, output: shortened(stderr), advice: adviceOn(outcome) });
  return { ...reported, source: { path, text: "" } };
}

function adviceOn(outcome: Outcome | undefined): string | undefined {
  const { signal, error, stderr = "" } = outcome ?? {};
  if (/No space left on device/.test(stderr)) return "make room on the disk";
  if (signal === "SIGKILL" || /Killed signal terminated program/.test(stderr)) return "a compiler that is killed has usually run out of memory";
  if (error?.code === "ENOENT") return `install it with \`${installLine(["g++"])}\``;
  return undefined;
}

const mostLines = 40;

function shortened(output: string): string {
  const lines = output.trim().split("\n");
  if (output.trim() === "") return "It said nothing.";
  return lines.length <= mostLines ? lines.join("\n") : [...lines.slice(0, mostLines), `(${lines.length - mostLines} more lines)`].join("\n");
}
