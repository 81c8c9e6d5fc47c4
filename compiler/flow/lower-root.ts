/** Where flows, activations and handlers start and end. */
import type { SourceEntry } from "./flow-graph.ts";
import { invariant } from "../diagnostics/checked.ts";
import type { Mention } from "./calls.ts";
import { goto, type DraftBlock } from "./draft.ts";
import { failureLowering } from "./lower-failure.ts";
import { nodeLowering } from "./lower-node.ts";
import type { Lowering, Place } from "./lowering.ts";

/** Fills the draft. */
export function lowerRoots(lowering: Lowering): readonly SourceEntry[] {
  const { calls, tuples, storage } = lowering.facts;
  const { program, roots } = calls;
  const nodes = nodeLowering(lowering);
  const ends = new Map<Mention, { readonly done: DraftBlock; readonly failed: DraftBlock }>();
  for (const root of roots) {
    const name = nameOf(lowering, root);
    const make = (result: "done" | "failed"): DraftBlock => {
      const block = lowering.block(`end_${result}_${name}`, root.node, root.span, lowering.contextOf(root), []);
      block.exit = { kind: "end", result };
      return block;
    };
    const failed = make("failed");
    ends.set(root, { failed, done: root.root?.kind === "handler" ? failed : make("done") });
  }
  const end = (root: Mention): { readonly done: DraftBlock; readonly failed: DraftBlock } => {
    const blocks = ends.get(root);
    invariant(blocks !== undefined, "a root ends");
    return blocks;
  };

  const failures = failureLowering(lowering, { entry: nodes.entry, failed: (root) => end(root).failed.id });
  const spawns = new Map<Mention, DraftBlock>();
  for (const root of roots) {
    if (root.root?.kind !== "activation") continue;
    const tuple = tuples.rootTuple(root);
    const alive = lowering.slots(tuple);
    const block = lowering.block(`spawn_${nameOf(lowering, root)}`, root.node, root.span, lowering.contextOf(root), alive);
    const failed = calls.abstract.get(root.node);
    block.exit = {
      kind: "spawn",
      source: root.root.source,
      values: tuple.map(storage.slotOf),
      done: { operations: [...lowering.destroy(alive)], to: end(root).done.id },
      fail: {
        operations: [...lowering.destroy(alive)],
        to: (failed === undefined ? failures.ofMention(root) : failures.ofNode(failed)).id,
      },
    };
    spawns.set(root, block);
  }

  nodes.lowerAll(failures, (root): Place => {
    const spawn = spawns.get(root);
    if (spawn !== undefined) return { tuple: tuples.rootTuple(root), block: spawn.id, leave: [], arrive: [] };
    return { tuple: [], block: end(root).done.id, leave: [], arrive: [] };
  });

  const rootsBySource = new Map(roots.map((root) => [root.key, root]));
  return program.sources.map((source, index): SourceEntry => {
    const rootOf = (kind: "activation" | "flow"): Mention | undefined => rootsBySource.get(`${kind} ${index}`);
    const flow = rootOf("flow");
    invariant(flow !== undefined, `${source.name} has flows`);
    const tuple = tuples.rootTuple(flow);
    const alive = lowering.slots(tuple);
    const start = lowering.block(`start_${source.name}`, source.target, source.span, lowering.contextOf(flow), alive);
    start.exit = goto([...lowering.pass(alive, tuple, tuples.entry(flow))], nodes.entry(flow));
    const activation = rootOf("activation");
    let activate: DraftBlock | undefined;
    if (activation !== undefined) {
      activate = lowering.block(`activate_${source.name}`, source.target, source.span, lowering.contextOf(activation), []);
      activate.exit = goto([], nodes.entry(activation));
    }
    return {
      source,
      ...(activate === undefined ? {} : { activation: activate.id }),
      flow: start.id,
      tuple: tuple.map(storage.slotOf),
    };
  });
}

function nameOf(lowering: Lowering, { root, node }: Mention): string {
  if (root?.kind === "activation") return node;
  if (root?.kind === "handler") return `with_${node}`;
  return `flow_of_${lowering.facts.calls.program.sources[root?.source ?? 0]?.name ?? node}`;
}
