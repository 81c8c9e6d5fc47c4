/** The whole compiler on one page. To know the compiler, read this. */
import { parse } from "../grammar/index.ts";
import type { Source } from "../grammar/source.ts";
import { check } from "./check/index.ts";
import type { Program } from "./check/program.ts";
import type { Checked } from "./diagnostics/checked.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { fromSyntax } from "./diagnostics/from-syntax.ts";
import { emit } from "./emit/emit.ts";
import type { EmittedFile } from "./emit/emitted-file.ts";
import { buildFlowGraph } from "./flow/build-flow-graph.ts";
import { planLocks } from "./locks/plan-locks.ts";
import { checkNodeSources } from "./nodes/cpp/check-node-sources.ts";
import type { Surroundings } from "./nodes/cpp/surroundings.ts";
import type { RuntimeManifest } from "./target/manifest.ts";
import { target } from "./target/target.ts";
import { verifyLocks } from "./target/verify-locks.ts";

/**
 * Text in, files and diagnostics out. Reads nothing, writes nothing.
 *
 * Runs every check, so that all errors are reported; makes no files if there was one.
 */
export function compile(source: Source, runtime: RuntimeManifest, surroundings: Surroundings): Checked<readonly EmittedFile[]> {
  const program = checkOnly(source, "build");
  if (failed(program)) return { value: [], diagnostics: program.diagnostics };

  const nodes = checkNodeSources(program.value, surroundings);
  const locks = planLocks(program.value);
  const diagnostics = all(program, nodes, locks);
  if (failed(nodes) || failed(locks)) return { value: [], diagnostics };

  const graph = buildFlowGraph(program.value, locks.value);
  const plan = target(graph, runtime);
  verifyLocks(plan);
  return { value: emit(plan, surroundings), diagnostics };
}

/** Every check that needs neither a runtime nor C++. The program is complete where there was no error. */
export function checkOnly(source: Source, purpose: "check" | "build" = "check"): Checked<Program> {
  const { value: ast, errors } = parse(source);
  const { value, diagnostics } = check(ast, source, purpose);
  return { value, diagnostics: [...errors.map(fromSyntax), ...diagnostics] };
}

function failed({ diagnostics }: Checked<unknown>): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

function all(...checked: readonly Checked<unknown>[]): readonly Diagnostic[] {
  return checked.flatMap(({ diagnostics }) => diagnostics);
}
