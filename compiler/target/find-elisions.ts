/**
 * Which constraints need no lock where one loop runs everybody who uses them. Such a loop leaves a flow only where the flow
 * parks: if nothing parks while a constraint is held, no other flow of the loop ever runs meanwhile, and there is nobody to
 * keep out. Which of them one loop runs is known when the server starts (`runtimes/event/elision.cpp`). Since what is acquired
 * inside must be left out too, who uses that is a user of what is around it.
 *
 * A flow parks where it waits, where a helper makes a blocking call for it, between the rounds of a loop, and where it
 * acquires what is not itself left out. Each makes real what is held around it; what becomes real may park those who acquire
 * it. Every node and constraint is reached once, by its first reason: linear in the steps of the program.
 *
 * @see the certificate (`verify-locks.ts`), which reads from the blocks that nothing parks where it must not
 */
import type { NodeName, Program } from "../check/program.ts";
import type { FlowGraph } from "../flow/flow-graph.ts";
import { isSameUser, type Elision, type Elisions, type Obstacle, type User } from "../locks/elision.ts";
import type { Lock } from "../locks/lock-plan.ts";
import { allStepsOf, findNesting, stepsOf } from "../locks/nesting.ts";

/** @param offloaded  the nodes that are called by a helper */
export function findElisions(graph: FlowGraph, offloaded: ReadonlySet<NodeName>): Elisions {
  const { program } = graph;
  if (program.constraints.size === 0) return new Map();
  const acquired = acquiredBy(graph);
  const obstacles = findObstacles(program, offloaded, acquired);
  const names = [...program.constraints.keys()].filter((name) => graph.locks.some(({ constraint }) => constraint === name));
  const free = new Set(names.filter((name) => !obstacles.has(name)));
  const users = free.size === 0 ? new Map<string, readonly User[]>() : withInner(graph, acquired, usersOf(program, acquired, free));
  return new Map(names.map((name) => [name, { ...withoutAbsent(obstacles.get(name)), users: users.get(name) ?? [] }]));
}

function withoutAbsent(obstacle: Obstacle | undefined): Pick<Elision, "obstacle"> {
  return obstacle === undefined ? {} : { obstacle };
}

/** By node, the constraints that it acquires, in the order in which it does: that of the locks, which that of the blocks need not be. */
function acquiredBy({ blocks, locks }: FlowGraph): ReadonlyMap<NodeName, readonly string[]> {
  const rankOf = new Map(locks.map(({ name }, rank) => [name, rank]));
  const ranks = new Map<NodeName, Set<number>>();
  for (const { exit } of blocks) {
    if (exit.kind !== "acquire") continue;
    const known = ranks.get(exit.node) ?? new Set();
    ranks.set(exit.node, known.add(rankOf.get(exit.lock) as number));
  }
  const named = (all: ReadonlySet<number>): readonly string[] => [...new Set([...all].sort((one, other) => one - other).map((rank) => (locks[rank] as Lock).constraint))];
  return new Map([...ranks].map(([node, all]) => [node, named(all)]));
}

function findObstacles({ nodes }: Program, offloaded: ReadonlySet<NodeName>, acquired: ReadonlyMap<NodeName, readonly string[]>): ReadonlyMap<string, Obstacle> {
  const callers = new Map<NodeName, NodeName[]>();
  const loops = new Set<NodeName>();
  for (const [name, node] of nodes) {
    for (const { node: inner, tailCall } of allStepsOf(node)) {
      if (tailCall) loops.add(inner);
      else insert(callers, inner, name);
    }
  }
  const acquirers = new Map<string, NodeName[]>();
  for (const [node, constraints] of acquired) for (const constraint of constraints) insert(acquirers, constraint, node);

  const obstacles = new Map<string, Obstacle>();
  const parking = new Set<NodeName>();
  /** Something parks inside these nodes, while they hold what they acquire. */
  const found: (readonly [NodeName, Obstacle])[] = [];
  const around = (node: NodeName, obstacle: Obstacle): void => {
    for (const caller of callers.get(node) ?? []) found.push([caller, obstacle]);
  };
  for (const [name, node] of nodes) {
    if (node.kind !== "concrete") continue;
    if (node.wait.length > 0) found.push([name, { kind: "waits", node: name }]);
    else if (offloaded.has(name)) found.push([name, { kind: "blocks", node: name }]);
  }
  // A round gives back what the loop acquired, and nothing of what is around it.
  for (const loop of loops) around(loop, { kind: "yields", node: loop });

  for (const [node, obstacle] of found) {
    if (parking.has(node)) continue;
    parking.add(node);
    around(node, obstacle);
    const real = (acquired.get(node) ?? []).map((constraint) => [constraint, obstacle] as const);
    for (const [constraint, because] of real) {
      if (obstacles.has(constraint)) continue;
      obstacles.set(constraint, because);
      for (const acquirer of acquirers.get(constraint) ?? []) {
        const acquires: Obstacle = { kind: "acquires", node: acquirer, constraint };
        around(acquirer, acquires);
        const own = acquired.get(acquirer) ?? [];
        for (const before of own.slice(0, own.indexOf(constraint))) real.push([before, acquires]);
      }
    }
  }
  return obstacles;
}

/** Everybody who may: a handler is somebody's in whose flow a node that it is for can run. */
function usersOf(program: Program, acquired: ReadonlyMap<NodeName, readonly string[]>, free: ReadonlySet<string>): ReadonlyMap<string, readonly User[]> {
  const users = new Map<string, User[]>();
  for (const [source, { node, target }] of program.sources.entries()) {
    for (const [start, activation] of [[node, true], [target, false]] as const) {
      if (start === undefined) continue;
      const used = new Set([...reachedFrom(program, start)].flatMap((name) => acquired.get(name) ?? []));
      for (const constraint of used) if (free.has(constraint)) insert(users, constraint, { source, activation });
    }
  }
  return users;
}

/** With the users of whatever is acquired inside. That ranks above, so what is further in comes first. */
function withInner({ program, locks }: FlowGraph, acquired: ReadonlyMap<NodeName, readonly string[]>, own: ReadonlyMap<string, readonly User[]>): ReadonlyMap<string, readonly User[]> {
  const order = [...new Set(locks.map(({ constraint }) => constraint))];
  const names = [...program.constraints.keys()].sort();
  const inner = new Map<string, Set<string>>();
  for (const { node, below } of findNesting(program, names).nodes) {
    const asked = acquired.get(node.name);
    if (asked === undefined) continue;
    const inside = below === undefined ? [] : [...below].map((id) => names[id] as string);
    for (const [index, constraint] of asked.entries()) {
      const known = inner.get(constraint) ?? new Set();
      inner.set(constraint, known);
      for (const each of [...asked.slice(index + 1), ...inside]) known.add(each);
    }
  }
  const all = new Map<string, readonly User[]>();
  for (const [index, constraint] of [...order.entries()].reverse()) {
    const users = own.get(constraint);
    if (users === undefined) continue;
    const within = order.slice(index + 1).filter((each) => inner.get(constraint)?.has(each) === true);
    const found = [...users, ...within.flatMap((each) => all.get(each) ?? [])];
    all.set(constraint, found.filter((user, at) => found.findIndex((each) => isSameUser(each, user)) === at));
  }
  return all;
}

function reachedFrom({ nodes, handlers }: Program, start: NodeName): ReadonlySet<NodeName> {
  const reached = new Set([start]);
  let known = 0;
  while (known !== reached.size) {
    for (const name of reached) {
      const node = nodes.get(name);
      if (node !== undefined) for (const step of stepsOf(node)) reached.add(step.node);
    }
    known = reached.size;
    for (const { path, handler } of handlers) {
      const failing = path.at(-1);
      if (failing === undefined || reached.has(failing)) reached.add(handler);
    }
  }
  return reached;
}

function insert<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
