/** Sources: that they take nothing, are no step, and how each starts its flows. Whether its tuple fits is `tuple-agreement.ts`'s. */
import type { Checked } from "../diagnostics/checked.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { isDeclared, nameSpan, type Declarations, type NodeEntry } from "./declarations.ts";
import type { FlowSource } from "./program.ts";
import { spellTuple, type Tuples } from "./tuples.ts";

/** FLX0315, FLX0405. Linear. */
export function checkSources({ sources, limits, nodes }: Declarations, tuples: Tuples): Checked<readonly FlowSource[]> {
  const diagnostics: Diagnostic[] = [];
  const flows: FlowSource[] = [];
  for (const declaration of sources.values()) {
    const { name, target, session, every, span } = declaration;
    const node = nodes.get(name.text);
    const misuse = node?.mentions.find(({ as }) => as === "step" || as === "target" || as === "handler");
    // A timer that is a target is FLX0207's; one that has the name of a node, FLX0209's.
    const isTimer = every !== undefined && (misuse?.as !== "step" || (node !== undefined && isDeclared(node)));
    if (misuse !== undefined && !isTimer) {
      diagnostics.push(diagnostic("FLX0405", { at: misuse.span, source: name.span }, { name: name.text, role: roles[misuse.as] ?? "a node" }));
    }
    const taken = every !== undefined || node === undefined ? undefined : tuples.takes(node);
    if (taken !== undefined && taken.length > 0 && node !== undefined) {
      diagnostics.push(
        diagnostic("FLX0315", { at: takenAt(node), source: name.span }, { source: name.text, taken: spellTuple(taken) }),
      );
    }
    const limit = limits.get(name.text)?.limit.value ?? (every === undefined ? undefined : 1);
    flows.push({
      name: name.text,
      target: target.text,
      span,
      ...(every === undefined ? { node: name.text } : { everyMilliseconds: every.milliseconds }),
      ...(session === undefined ? {} : { session: session.text }),
      ...(limit === undefined ? {} : { limit }),
    });
  }
  return { value: flows, diagnostics };
}

const roles: Readonly<Record<string, string>> = { step: "a step of a flow", target: "what another source starts", handler: "a handler" };

/** Where it is written what a source takes: in its signature, or by the first step of its body. */
function takenAt(node: NodeEntry): { readonly start: number; readonly end: number } {
  return node.signature?.inputs.span ?? node.bodies[0]?.steps[0]?.span ?? nameSpan(node);
}

/** Ids of the concrete nodes a source calls first: the source itself, or the first node of an abstract one. */
export function firstNodesOfSources({ sources, nodes }: Declarations): ReadonlySet<number> {
  const open: NodeEntry[] = [];
  for (const source of sources.values()) {
    const node = source.every === undefined ? nodes.get(source.name.text) : undefined;
    if (node !== undefined) open.push(node);
  }
  const seen = new Set<number>();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node.id)) continue;
    seen.add(node.id);
    for (const { steps } of node.bodies) if (steps[0] !== undefined) open.push(steps[0].node);
  }
  return seen;
}
