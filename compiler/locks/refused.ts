/** FLX0551: what the planner cannot do yet, shown with the places that ask for it. */
import type { Acquisition, NodeName, Program } from "../check/program.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";

/** Keyed constraints: one report for each, at its first use. */
export function refusedKinds(program: Program): readonly Diagnostic[] {
  const uses = new Map<string, { readonly node: NodeName; readonly use: Acquisition }>();
  for (const { name, acquires } of program.nodes.values()) {
    for (const use of acquires) if (!uses.has(use.constraint)) uses.set(use.constraint, { node: name, use });
  }
  return [...program.constraints.values()].flatMap(({ name, kind }): readonly Diagnostic[] => {
    const first = uses.get(name);
    if (first === undefined || kind.kind !== "keyed") return [];
    return [diagnostic("FLX0551", { at: first.use.span }, { constraint: name, node: first.node })];
  });
}
