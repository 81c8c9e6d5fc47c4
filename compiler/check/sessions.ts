/** That a session is there wherever a `(session)` constraint is acquired. */
import type { Checked } from "../diagnostics/checked.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { witnessBelow } from "./below.ts";
import type { Constraints, Use } from "./constraints.ts";
import type { Declarations, NodeEntry } from "./declarations.ts";

/** FLX0502 for a source without a session function, FLX0503 inside a source and for handlers of one. Linear. */
export function checkSessions(declarations: Declarations, { uses }: Constraints): Checked<undefined> {
  const { nodes, sources, handlers, pools } = declarations;
  const sessionUse = new Map<number, Use>();
  for (const use of uses) {
    const isPool = pools.has(use.written.name.text);
    if (use.written.scope === "session" && !isPool && !sessionUse.has(use.node.id)) sessionUse.set(use.node.id, use);
  }
  if (sessionUse.size === 0) return { value: undefined, diagnostics: [] };

  const direct: [number, NodeEntry][] = [...sessionUse.values()].map(({ node }) => [node.id, node]);
  const inside = witnessBelow(declarations, direct);
  // A handler keeps the session of the flow that failed, so what it needs, the flow's source must give.
  const handled: [number, NodeEntry][] = [];
  let always: NodeEntry | undefined;
  const handlerOfSource = new Map<string, NodeEntry>();
  for (const { path, handler } of handlers) {
    const node = nodes.get(handler.text);
    const witness = node === undefined ? undefined : inside[node.id];
    if (witness === undefined) continue;
    const named = path.findLast((element) => element.kind === "node");
    const failed = named?.kind === "node" ? nodes.get(named.name.text) : undefined;
    if (failed === undefined) always ??= witness;
    else handled.push([failed.id, witness]);
    const last = path.at(-1);
    if (last?.kind === "node" && sources.has(last.name.text)) handlerOfSource.set(last.name.text, witness);
  }
  const reached = witnessBelow(declarations, [...direct, ...handled]);

  const diagnostics: Diagnostic[] = [];
  for (const source of sources.values()) {
    const target = nodes.get(source.target.text);
    const needs = (target === undefined ? undefined : reached[target.id]) ?? always;
    const use = needs === undefined ? undefined : sessionUse.get(needs.id);
    if (use !== undefined && source.session === undefined) {
      const timed = source.every === undefined ? "" : ` every ${source.every.text}`;
      const holes = {
        source: source.name.text, node: use.node.name, constraint: use.written.name.text,
        example: `source ${source.name.text}${timed} {session: SessionOf} => ${source.target.text};`,
      };
      diagnostics.push(diagnostic("FLX0502", { at: source.name.span, use: use.written.span }, holes));
    }
    const node = source.every === undefined ? nodes.get(source.name.text) : undefined;
    const early = (node === undefined ? undefined : inside[node.id]) ?? handlerOfSource.get(source.name.text);
    const earlyUse = early === undefined ? undefined : sessionUse.get(early.id);
    if (earlyUse !== undefined) {
      const holes = { source: source.name.text, node: earlyUse.node.name, constraint: earlyUse.written.name.text };
      diagnostics.push(diagnostic("FLX0503", { at: earlyUse.written.span, source: source.name.span }, holes));
    }
  }
  return { value: undefined, diagnostics };
}
