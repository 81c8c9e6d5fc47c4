/** Constraints that deadlock nothing but hold the server up, or hold nothing. Warnings only. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { witnessBelow } from "./below.ts";
import type { Constraints, Use } from "./constraints.ts";
import { isAbstract, type Declarations, type NodeEntry } from "./declarations.ts";
import { suggester } from "./suggest.ts";

/** FLX0510 to FLX0513. Linear. */
export function* constraintHazards(declarations: Declarations, { uses, constraints }: Constraints): Iterable<Diagnostic> {
  const { nodes, pools, broken } = declarations;
  const having = (property: "wait" | "blocking"): readonly (readonly [number, NodeEntry])[] =>
    [...nodes.values()].filter((node) => node[property] !== undefined && !isAbstract(node)).map((node) => [node.id, node] as const);
  // Who is inside what is only asked where something is held.
  if (uses.length === 0 && pools.size === 0) return;
  const waiting = witnessBelow(declarations, having("wait"));
  const blocking = witnessBelow(declarations, having("blocking"));

  for (const use of uses) {
    if (!isProgramWide(use, constraints)) continue;
    const holes = { name: use.written.name.text, holder: use.node.name };
    const waits = waiting[use.node.id];
    if (waits?.wait !== undefined) {
      yield diagnostic("FLX0510", { at: use.written.span, wait: waits.wait.node.span }, {
        ...holes, node: waits.name, as: use.mode === "read" ? " as writer" : "",
      });
    }
    const blocks = use.mode === "write" ? blocking[use.node.id] : undefined;
    if (blocks?.blocking !== undefined) {
      yield diagnostic("FLX0511", { at: use.written.span, blocking: blocks.blocking.node.span }, { ...holes, node: blocks.name });
    }
  }

  const usesOf = new Map<string, Use[]>();
  for (const use of uses) {
    const found = usesOf.get(use.written.name.text);
    if (found === undefined) usesOf.set(use.written.name.text, [use]);
    else found.push(use);
  }
  const suggest = suggester();
  for (const [name, found] of usesOf) {
    const [only] = found;
    if (only === undefined || pools.has(name) || broken.has(name) || found.some((use) => use.node !== only.node)) continue;
    const readers = found.every((use) => use.mode === "read");
    const effect = readers
      ? "It has readers only, so it keeps nothing apart"
      : `It keeps two flows apart only where both are in \`${only.node.name}\``;
    const suggestion = suggest(name, constraints.keys(), constraints.size);
    yield diagnostic("FLX0512", { at: only.written.name.span }, { name, node: only.node.name, effect, suggestion });
  }
  for (const [name, pool] of pools) {
    if (!usesOf.has(name) && !broken.has(name)) yield diagnostic("FLX0513", { at: pool.name.span }, { name });
  }
}

/** One lock for every flow of the program: no pool, no session, no key. */
function isProgramWide({ written }: Use, constraints: Constraints["constraints"]): boolean {
  const kind = constraints.get(written.name.text)?.kind;
  if (kind === undefined || kind.kind === "pool" || written.key !== undefined) return false;
  return written.scope !== "session";
}
