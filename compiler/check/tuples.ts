/**
 * What every node takes and produces: its signature, or, for an abstract node without one, what its body says. Decides
 * only; whether neighbours agree is `tuple-agreement.ts`'s business.
 *
 * Every node has two *ends*, what it takes and what it produces. An end without a signature gets its tuple from another:
 *
 *   up       what a sequence or a case takes is what its first step takes; what it produces is what its last produces
 *   down     where that says nothing, a first step takes what the node around it takes, an empty body produces what
 *            it takes
 *   forward  and else a step takes what the step before it produces, a target what its source produces
 *
 * Tuples spread from the signatures along these, in this order of priority. A tail call is a step like any other, so in
 * a loop the cases that do not recur decide. Each end is settled once: linear.
 */
import { Adjacency } from "./adjacency.ts";
import type { Checked } from "../diagnostics/checked.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { isAbstract, nameSpan, type Body, type Declarations, type NodeEntry } from "./declarations.ts";
import { sameTypes, spellParameter, type Signature, type Tuple } from "./parameters.ts";
import type { Names } from "./resolve-names.ts";
import type { Variable } from "./program.ts";

export interface Tuples {
  /** `undefined`: not known; an error says why, or the node never comes to an end. */
  takes(node: NodeEntry): Tuple | undefined;
  produces(node: NodeEntry): Tuple | undefined;
  /** True where neither signature nor body says what it takes, but what runs before it. */
  isDecidedByUse(node: NodeEntry): boolean;
}

/** `recursive`: nodes whose recursion is in error, about whose tuples nothing is said. FLX0306 where nothing decides, FLX0307 where the cases of a dispatch without a signature disagree. */
export function deduceTuples(
  declarations: Declarations,
  names: Names,
  signatures: readonly (Signature | undefined)[],
  recursive: ReadonlySet<number>,
): Checked<Tuples> {
  const first = new Deduction(declarations, names, signatures, new Set());
  const disagreements = first.disagreements();
  // An end two cases disagree about is settled for nobody, or its users would be blamed for one of the two.
  const settled =
    disagreements.ends.size === 0 ? first : new Deduction(declarations, names, signatures, disagreements.ends);
  return { value: settled, diagnostics: [...disagreements.diagnostics, ...first.undecided(recursive)] };
}

/** `(int socket, bool close)` */
export function spellTuple(tuple: Tuple): string {
  const shown = tuple.length <= mostShown ? tuple : tuple.slice(0, mostShown - 1);
  const left = tuple.length - shown.length;
  return `(${[...shown.map(spellVariable), ...(left > 0 ? [`… ${left} more`] : [])].join(", ")})`;
}

/** Nobody reads a longer tuple in a message. */
const mostShown = 20;

/** `image_tag *request` */
export function spellVariable({ type, name }: Variable): string {
  return spellParameter(type, name);
}

type End = number;
const inputOf = (node: NodeEntry): End => 2 * node.id;
const outputOf = (node: NodeEntry): End => 2 * node.id + 1;

const unknown = "unknown";

/** The spreading itself. A class, since its arrays are one state that three questions are asked of. */
class Deduction implements Tuples {
  readonly #entries: readonly NodeEntry[];
  readonly #nodes: ReadonlyMap<string, NodeEntry>;
  /** By end. `unknown` is settled too: in error, so that nothing else is said about it. */
  readonly #settled: (Tuple | typeof unknown | undefined)[];
  readonly #up: Adjacency;
  readonly #down: Adjacency;
  readonly #forward: Adjacency;
  /** What a timer source starts takes nothing, where nothing else decides. */
  readonly #timed: End[] = [];
  /** Ends that are in error, and so settle as unknown whatever else would follow from them. */
  readonly #wrong: End[] = [];
  readonly #free: boolean[];
  /** Ends settled by where their node is used, not by its signature or body. */
  readonly #byUse: Uint8Array;

  constructor(
    { nodes, sources }: Declarations,
    { kinds }: Names,
    signatures: readonly (Signature | undefined)[],
    unsettled: ReadonlySet<End>,
  ) {
    this.#entries = [...nodes.values()];
    this.#nodes = nodes;
    const ends = 2 * this.#entries.length;
    this.#settled = new Array(ends).fill(undefined);
    this.#byUse = new Uint8Array(ends);
    this.#up = new Adjacency(ends);
    this.#down = new Adjacency(ends);
    this.#forward = new Adjacency(ends);
    this.#free = this.#entries.map((entry) => isAbstract(entry) && entry.signature === undefined && kinds[entry.id] !== unknown);

    const known = new Map<number, End[]>();
    const learn = (shape: number, end: End, tuple: Tuple): void => {
      this.#settled[end] = tuple;
      const group = known.get(shape);
      if (group === undefined) known.set(shape, [end]);
      else group.push(end);
    };
    const wrong = this.#wrong;
    wrong.push(...unsettled);
    for (const entry of this.#entries) {
      if (this.#free[entry.id]) continue;
      const signature = kinds[entry.id] === unknown ? undefined : signatures[entry.id];
      if (signature === undefined) wrong.push(inputOf(entry), outputOf(entry));
      else {
        learn(signature.inputShape, inputOf(entry), signature.inputs);
        learn(signature.outputShape, outputOf(entry), signature.outputs);
      }
    }
    this.#connect(sources);
    const inOrder = byTypes(known.values(), this.#settled);
    for (const end of unsettled) this.#settled[end] = unknown;
    this.#spread(inOrder.filter((end) => !unsettled.has(end)));
    const open = wrong.filter((end) => this.#settled[end] === undefined || unsettled.has(end));
    for (const end of open) this.#settled[end] = unknown;
    this.#spread(open);
  }

  takes(node: NodeEntry): Tuple | undefined {
    return this.#tuple(inputOf(node));
  }

  produces(node: NodeEntry): Tuple | undefined {
    return this.#tuple(outputOf(node));
  }

  isDecidedByUse(node: NodeEntry): boolean {
    return this.#byUse[inputOf(node)] === 1;
  }

  /** FLX0307, and the ends concerned. */
  disagreements(): { readonly ends: ReadonlySet<End>; readonly diagnostics: readonly Diagnostic[] } {
    const ends = new Set<End>();
    const diagnostics: Diagnostic[] = [];
    for (const entry of this.#entries) {
      if (!this.#free[entry.id] || entry.cases.length < 2) continue;
      for (const side of ["take", "produce"] as const) {
        const found = this.#disagreement(entry, side);
        if (found === undefined) continue;
        ends.add(side === "take" ? inputOf(entry) : outputOf(entry));
        diagnostics.push(found);
      }
    }
    return { ends, diagnostics };
  }

  /** FLX0306 for what nothing decides. */
  undecided(recursive: ReadonlySet<number>): readonly Diagnostic[] {
    return this.#entries
      .filter((entry) => this.#free[entry.id] && this.#settled[inputOf(entry)] === undefined)
      .filter((entry) => !recursive.has(entry.id) && entry.bodies.some((body) => body.steps.length === 0))
      .map((entry) => diagnostic("FLX0306", { at: nameSpan(entry) }, { name: entry.name, undeclared: entry.name }));
  }

  #tuple(end: End): Tuple | undefined {
    const tuple = this.#settled[end];
    return tuple === unknown ? undefined : tuple;
  }

  #connect(sources: Declarations["sources"]): void {
    const link = (links: Adjacency, from: End, to: End): void => {
      if (this.#free[to >> 1]) links.add(from, to);
    };
    for (const entry of this.#entries) {
      for (const { steps } of entry.bodies) {
        const [first, last] = [steps[0], steps.at(-1)];
        if (first === undefined || last === undefined) {
          link(this.#down, inputOf(entry), outputOf(entry));
          continue;
        }
        // A source that is a step is in error: nothing follows from what it takes and produces.
        if (sources.has(first.node.name)) this.#wrong.push(inputOf(entry));
        else link(this.#up, inputOf(first.node), inputOf(entry));
        if (sources.has(last.node.name)) this.#wrong.push(outputOf(entry));
        else link(this.#up, outputOf(last.node), outputOf(entry));
        link(this.#down, inputOf(entry), inputOf(first.node));
        for (let at = 1; at < steps.length; at++) {
          const [before, after] = [steps[at - 1], steps[at]];
          if (before !== undefined && after !== undefined) link(this.#forward, outputOf(before.node), inputOf(after.node));
        }
      }
    }
    for (const source of sources.values()) {
      const target = this.#nodes.get(source.target.text);
      const node = this.#nodes.get(source.name.text);
      if (target !== undefined && node !== undefined && source.every === undefined) {
        link(this.#forward, outputOf(node), inputOf(target));
      } else if (target !== undefined && source.every !== undefined && this.#free[target.id]) {
        this.#timed.push(inputOf(target));
      }
    }
  }

  #spread(from: readonly End[]): void {
    // Each end is looked at three times, in the order in which ends were settled: along `up`, later along `down`, and
    // last along `forward`. Whatever can still spread upwards goes first.
    const order = [...from];
    let [up, down, forward] = [0, 0, 0];
    const settle = (end: End, tuple: Tuple | typeof unknown | undefined, byUse: boolean): void => {
      if (this.#settled[end] !== undefined || tuple === undefined) return;
      this.#settled[end] = tuple;
      this.#byUse[end] = Number(byUse);
      order.push(end);
    };
    const follow = (links: Adjacency, end: End, byUse: boolean): void => {
      const tuple = this.#settled[end];
      links.forEach(end, (to) => settle(to, tuple, byUse || this.#byUse[end] === 1));
    };
    let timed = 0;
    for (;;) {
      if (up < order.length) follow(this.#up, order[up++] ?? 0, false);
      else if (down < up) follow(this.#down, order[down++] ?? 0, true);
      else if (forward < down) follow(this.#forward, order[forward++] ?? 0, true);
      else {
        const end = this.#timed[timed++];
        if (end === undefined) return;
        settle(end, [], true);
      }
    }
  }

  #disagreement(dispatch: NodeEntry, side: "take" | "produce"): Diagnostic | undefined {
    let first: { readonly body: Body; readonly tuple: Tuple } | undefined;
    for (const body of dispatch.bodies) {
      const step = side === "take" ? body.steps[0] : body.steps.at(-1);
      if (step === undefined) continue;
      const tuple = this.#tuple(side === "take" ? inputOf(step.node) : outputOf(step.node));
      if (tuple === undefined) continue;
      first ??= { body, tuple };
      if (sameTypes(first.tuple, tuple)) continue;
      const other = side === "take" ? first.body.steps[0] : first.body.steps.at(-1);
      return diagnostic(
        "FLX0307",
        { at: step.span, other: other?.span ?? first.body.span },
        { name: dispatch.name, side, verb: `${side}s`, found: spellTuple(tuple), expected: spellTuple(first.tuple) },
      );
    }
    return undefined;
  }
}

/** Groups of ends with equal tuples in the order of their types, so that what spreads first never depends on the order of the declarations. */
function byTypes(groups: Iterable<readonly End[]>, settled: readonly (Tuple | typeof unknown | undefined)[]): readonly End[] {
  const typesOf = (end: End | undefined): string => {
    const tuple = end === undefined ? undefined : settled[end];
    return tuple === undefined || tuple === unknown ? "" : tuple.map((variable) => variable.type).join("; ");
  };
  return [...groups]
    .map((ends) => ({ ends, types: typesOf(ends[0]) }))
    .sort((one, other) => (one.types < other.types ? -1 : 1))
    .flatMap(({ ends }) => ends);
}
