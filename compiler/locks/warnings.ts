/** FLX0530 to FLX0532: what is acquired earlier or stronger than the program asks for, with the places that are the reason. */
import type { Acquisition } from "../check/program.ts";
import { invariant } from "../diagnostics/checked.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Bits } from "./bits.ts";
import { asking, type Early, type Upgrade, type Whole } from "./early.ts";
import type { Asker } from "./key-needs.ts";
import { withoutShares, type LockPlan } from "./lock-plan.ts";
import type { NestedNode, Nesting } from "./nesting.ts";
import { indexOf } from "./plan-locks.ts";

/** No more are ever shown, and finding the reason of each takes a look through the program. */
const mostExplained = 200;

/** @param nesting of the program as it is written */
export function earlyWarnings(nesting: Nesting, relation: readonly Bits[], plan: LockPlan, { upgrades, wholes }: Early): readonly Diagnostic[] {
  const moved = [...plan.acquires].flatMap(([name, all]) => withoutShares(all).filter(({ movedFor }) => movedFor !== undefined).map(({ constraint }) => ({ name, constraint })));
  const rank = new Map(plan.order.map((name, index) => [name, index]));
  // What a move holds around it acquires nothing of its own any more.
  const acquiredWhole = wholes.filter(({ place, id }) => plan.acquires.get(place.node.name)?.some(({ lock }) => lock === nesting.names[id]) === true);
  return [
    ...moved.slice(0, mostExplained).map(({ name, constraint }) => {
      const place = nesting.byName.get(name);
      invariant(place !== undefined, `${name} is started by something`);
      return movedUp(nesting, relation, place, constraint, rank);
    }),
    ...upgrades.slice(0, mostExplained).map((upgrade) => writesAtOnce(nesting, upgrade)),
    ...acquiredWhole.slice(0, mostExplained).map((whole) => wholeClass(nesting, plan, whole)),
  ];
}

function movedUp(nesting: Nesting, relation: readonly Bits[], place: NestedNode, constraint: string, rank: ReadonlyMap<string, number>): Diagnostic {
  const { names } = nesting;
  const id = indexOf(names, constraint);
  // Of what the node holds itself: the last, which all others of the way come before.
  const later = place.node.acquires.toSorted((one, other) => (rank.get(one.constraint) ?? 0) - (rank.get(other.constraint) ?? 0)).at(-1);
  invariant(later !== undefined, `${place.node.name} acquires something`);
  const way = shortestWay(relation, id, indexOf(names, later.constraint));
  const others = way.slice(1).map((to, index) => {
    const { outer, inner } = witness(nesting, way[index] as number, to);
    return [acquisitionOf(outer, names, way[index] as number).span, acquisitionOf(inner, names, to).span];
  });
  const inner = asking(place, id);
  return diagnostic(
    "FLX0530",
    {
      at: later.span,
      asked: acquisitionOf(inner, names, id).span,
      others: others.flat(),
    },
    {
      constraint,
      node: place.node.name,
      later: later.constraint,
      inner: inner.node.name,
      cycle: [later.constraint, ...way.map((each) => names[each] as string)].map((name) => `\`${name}\``).join(" -> "),
    },
  );
}

function writesAtOnce({ names, keys }: Nesting, { place, id, key }: Upgrade): Diagnostic {
  const writer: Asker = key === undefined || keys === undefined ? { place: asking(place, id, true) } : keys.writing(place, id, key);
  const spans = { at: acquisitionOf(place, names, id, key).span, writer: acquisitionOf(writer.place, names, id, writer.key).span };
  return diagnostic("FLX0531", spans, { constraint: keyText(place, names[id] as string, key), node: place.node.name, writer: writer.place.node.name });
}

function wholeClass({ names }: Nesting, plan: LockPlan, { place, id, asker }: Whole): Diagnostic {
  const constraint = names[id] as string;
  const { node } = place;
  const own = node.acquires.find((one) => one.constraint === constraint);
  const asked = acquisitionOf(asker.place, names, id, asker.key);
  const holes = { constraint, node: node.name, inner: asker.place.node.name };
  const key = asker.key === undefined ? undefined : `\`${keyText(asker.place, constraint, asker.key)}\``;
  if (own !== undefined) {
    const wants = key === undefined ? `all of \`${constraint}\`` : `${key}, which need not be a key that \`${node.name}\` holds`;
    return diagnostic("FLX0532", { at: own.span, asked: asked.span }, { ...holes, wants, held: place.own.find((one) => one.id === id)?.keys?.length === 1 ? "asks for one key" : "asks for some keys" });
  }
  const wants = key === undefined ? `all of \`${constraint}\`` : `${key}, which is no input that \`${node.name}\` has from its start`;
  const later = node.acquires.find((one) => one.constraint === plan.acquires.get(node.name)?.findLast(({ movedFor }) => movedFor === undefined)?.constraint);
  invariant(later !== undefined, `${node.name} acquires something`);
  return diagnostic("FLX0532", { at: later.span, asked: asked.span }, { ...holes, wants, held: `\`${constraint}\` is acquired before it, here` });
}

function keyText({ node }: NestedNode, constraint: string, key: number | undefined): string {
  return key === undefined ? constraint : `${constraint}[${node.inputs[key]?.name ?? ""}]`;
}

/** @param key  the input, of a constraint with keys */
export function acquisitionOf({ node }: NestedNode, names: readonly string[], id: number, key?: number): Acquisition {
  const found = node.acquires.find((one) => one.constraint === names[id] && (key === undefined || one.key === key));
  invariant(found !== undefined, `${node.name} asks for ${names[id] ?? ""}`);
  return found;
}

/** A node that holds one constraint, and one inside it that acquires the other. */
export function witness({ nodes, names }: Nesting, held: number, acquired: number): { readonly outer: NestedNode; readonly inner: NestedNode } {
  const holder = nodes.find(
    ({ own, below, always }) =>
      own.some(({ id }) => id === held) && !own.some(({ id }) => id === acquired) && below?.has(acquired) === true && !always.has(acquired),
  );
  invariant(holder !== undefined, `${names[acquired] ?? ""} is acquired inside ${names[held] ?? ""}`);
  return { outer: holder, inner: asking(holder, acquired) };
}

/** Breadth first, lower names first; both ends are part of it. */
export function shortestWay(relation: readonly Bits[], start: number, end: number): readonly number[] {
  const from = new Map<number, number>([[start, start]]);
  const queue = [start];
  for (const at of queue) {
    for (const next of relation[at] as Bits) {
      if (from.has(next)) continue;
      from.set(next, at);
      queue.push(next);
    }
    if (from.has(end)) break;
  }
  const way = [end];
  for (let at = end; at !== start; way.unshift(at)) {
    const before = from.get(at);
    invariant(before !== undefined, "what must come early is on a cycle");
    at = before;
  }
  return way;
}
