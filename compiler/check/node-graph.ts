/** The graph of abstract nodes: an edge is a step. Its strongly connected components, without recursion of our own. */
import { isAbstract, type Declarations, type NodeEntry, type StepEntry } from "./declarations.ts";

export interface NodeGraph {
  /** By `NodeEntry.id`. */
  readonly entries: readonly NodeEntry[];
  /** Steps that are abstract nodes, of all bodies of a node, in order; by `NodeEntry.id`. */
  readonly edges: readonly (readonly StepEntry[])[];
  /** Callees before callers. Nodes without abstract steps are components of their own. */
  readonly components: readonly (readonly number[])[];
  /** Index into `components`, by `NodeEntry.id`. */
  readonly componentOf: readonly number[];
}

/** Tarjan's algorithm (SIAM J. Computing 1972) with an explicit stack: a chain of 100,000 nodes is no deep recursion. Linear. */
export function nodeGraph({ nodes }: Declarations): NodeGraph {
  const entries = [...nodes.values()];
  const edges = entries.map((entry) =>
    isAbstract(entry) ? entry.bodies.flatMap(({ steps }) => steps.filter((step) => isAbstract(step.node))) : none,
  );
  const successors = edges.map((steps) => (steps.length === 0 ? none : steps.map((step) => step.node.id)));
  return { entries, edges, ...stronglyConnected(successors) };
}

/** One list for all who have nothing: most nodes are concrete. */
const none: readonly never[] = [];

export interface Components {
  readonly components: readonly (readonly number[])[];
  readonly componentOf: readonly number[];
}

/** Components of any graph, in reverse topological order. */
export function stronglyConnected(successors: readonly (readonly number[])[]): Components {
  const size = successors.length;
  const order = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const nextEdge = new Int32Array(size);
  const componentOf: number[] = new Array<number>(size).fill(-1);
  const components: (readonly number[])[] = [];
  const open: number[] = [];
  let clock = 0;
  const path: number[] = [];
  for (let root = 0; root < size; root++) {
    if (order[root] !== -1) continue;
    path.push(root);
    while (path.length > 0) {
      const at = path[path.length - 1] ?? 0;
      if (order[at] === -1) {
        order[at] = low[at] = clock++;
        open.push(at);
      }
      const edge = nextEdge[at] ?? 0;
      const to = successors[at]?.[edge];
      if (to !== undefined) {
        nextEdge[at] = edge + 1;
        if (order[to] === -1) path.push(to);
        else if (componentOf[to] === -1) low[at] = Math.min(low[at] ?? 0, order[to] ?? 0);
        continue;
      }
      path.pop();
      const parent = path[path.length - 1];
      if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[at] ?? 0);
      if (low[at] !== order[at]) continue;
      const members = membersFrom(open, at);
      for (const member of members) componentOf[member] = components.length;
      components.push(members);
    }
  }
  return { components, componentOf };
}

/** Takes from the end what was opened since `at`. Most components are one node, and a list that is pushed to keeps room for many. */
function membersFrom(open: number[], at: number): readonly number[] {
  if (open[open.length - 1] !== at) return open.splice(open.lastIndexOf(at)).reverse();
  open.pop();
  return [at];
}
