/** Reads a profile for `fluxc graph`, and makes sure that it is one of this very program. */
import { readFileSync } from "node:fs";
import type { Program } from "../check/program.ts";
import { buildFlowGraph } from "../flow/build-flow-graph.ts";
import type { Heat } from "../graph/heat.ts";
import { measure, mismatch } from "../graph/measure.ts";
import type { Picture } from "../graph/picture.ts";
import { parseProfile } from "../graph/profile.ts";
import { planLocks } from "../locks/plan-locks.ts";
import { UsageError } from "./failure.ts";
import { reasonOf } from "./system-error.ts";

/** @throws UsageError it cannot be read, or is no profile, or one of another program */
export function readProfile(path: string, program: Program, picture: Picture): Heat {
  const profile = parseProfile(contentOf(path));
  if (typeof profile === "string") throw new UsageError(`\`${path}\` is no profile: ${profile}`, "a server writes one with `--flux-profile FILE`");
  const { value: locks, diagnostics } = planLocks(program);
  if (diagnostics.some(({ severity }) => severity === "error")) {
    throw new UsageError("this program cannot be built as it stands, so no profile is of it", "`fluxc check` says why");
  }
  const graph = buildFlowGraph(program, locks);
  const reason = mismatch(program, graph, profile);
  if (reason !== undefined) {
    throw new UsageError(`\`${path}\` is a profile of another program, \`${profile.file}\`, or of another version of this one: ${reason}`, "measure this one: `--flux-profile FILE`");
  }
  return measure(picture, graph, profile);
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read \`${path}\`: ${reasonOf(error)}`);
  }
}
