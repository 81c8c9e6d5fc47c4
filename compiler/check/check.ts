/** Every check that needs no C++, in order, on one page. What each one guarantees stands in its file. */
import type { Ast } from "../../grammar/ast.ts";
import type { Source } from "../../grammar/source.ts";
import type { Checked } from "../diagnostics/checked.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { assembleProgram } from "./assemble.ts";
import { checkConstraints } from "./constraints.ts";
import { gatherDeclarations } from "./declarations.ts";
import { checkDispatches } from "./dispatch.ts";
import { checkHandlers } from "./handlers.ts";
import { constraintHazards } from "./hazards.ts";
import { findLoops } from "./loops.ts";
import { nodeGraph } from "./node-graph.ts";
import { readSignatures } from "./parameters.ts";
import type { Program } from "./program.ts";
import { findReach } from "./reach.ts";
import { resolveNames } from "./resolve-names.ts";
import { checkSessions } from "./sessions.ts";
import { checkSources } from "./sources.ts";
import { checkSpelling } from "./spelling.ts";
import { checkAgreement } from "./tuple-agreement.ts";
import { deduceTuples } from "./tuples.ts";
import { checkWaits } from "./waits.ts";
import { missingSource, unusedNodes, unusedTypes } from "./warnings.ts";

/**
 * What the declarations of a file mean, and everything wrong with them, sorted by place. The program is as complete as
 * can be, but later passes rely on it only if there was no error.
 *
 * @param purpose  `build` makes a program without a source an error; it is a warning otherwise.
 */
export function check(ast: Ast, source: Source, purpose: "check" | "build" = "check"): Checked<Program> {
  const published = !ast.declarations.some((declaration) => declaration.kind === "include");
  const gathered = gatherDeclarations(ast);
  const declarations = gathered.value;
  const names = resolveNames(declarations);
  const spelling = checkSpelling(declarations, published);
  const signatures = readSignatures(declarations);

  const graph = nodeGraph(declarations);
  const loops = findLoops(declarations, graph);
  const reach = findReach(declarations, loops.value);

  const tuples = deduceTuples(declarations, names.value, signatures.value, loops.value.recursive);
  const agreement = checkAgreement(declarations, tuples.value);
  const predicates = checkDispatches(declarations, names.value, tuples.value);
  const sources = checkSources(declarations, tuples.value);
  const waits = checkWaits(declarations, reach, tuples.value);
  const constraints = checkConstraints(declarations, tuples.value);
  const sessions = checkSessions(declarations, constraints.value);
  const handlers = checkHandlers({
    declarations, names: names.value, tuples: tuples.value, graph, loops: loops.value, reach, published,
  });

  const found = [
    gathered, names, spelling, signatures, loops, tuples, agreement, predicates, sources, waits, constraints, sessions, handlers,
  ].flatMap((checked) => checked.diagnostics);
  // Where a name or the graph is in error, what is unused or unreached only follows from that.
  const whole = ast.broken.length === 0;
  const sound = whole && found.every((diagnostic) => diagnostic.severity === "warning");
  const warnings = sound
    ? [
        ...unusedNodes(declarations, reach, loops.value),
        ...unusedTypes(declarations),
        ...constraintHazards(declarations, constraints.value),
      ]
    : [];
  const value = assembleProgram({
    source, published, declarations, names: names.value, loops: loops.value, reach, tuples: tuples.value,
    predicates: predicates.value, sources: sources.value, waits: waits.value, constraints: constraints.value,
    handlers: handlers.value,
  });
  const diagnostics = [...found, ...missingSource(declarations, ast, purpose), ...warnings]
    // What did not parse may be just what a warning misses.
    .filter((diagnostic) => whole || diagnostic.severity === "error")
    .sort(byPlace);
  return { value, diagnostics };
}

function byPlace(one: Diagnostic, other: Diagnostic): number {
  const [a, b] = [one.labels[0].span, other.labels[0].span];
  return a.start - b.start || a.end - b.end || (one.code < other.code ? -1 : Number(one.code > other.code));
}
