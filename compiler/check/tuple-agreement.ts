/**
 * Whether the tuples of neighbours agree, position by position: along `->`, at both ends of an abstract node, from a
 * source to its target. The tuples themselves come from `tuples.ts`.
 */
import { closest } from "../text/closest.ts";
import type { Checked } from "../diagnostics/checked.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { isReference, valueType } from "./canonical-type.ts";
import { isDeclared, type Body, type Declarations, type NodeEntry, type StepEntry } from "./declarations.ts";
import { sameTypes, type Tuple } from "./parameters.ts";
import { spellTuple, type Tuples } from "./tuples.ts";

/** FLX0308, FLX0309, FLX0311 to FLX0314, FLX0319. One report a pair of neighbours. Linear. */
export function checkAgreement(declarations: Declarations, tuples: Tuples): Checked<undefined> {
  const diagnostics: Diagnostic[] = [];
  // What an empty body passes through is not what the node produces: what it should produce nobody can say.
  const torn = new Set<NodeEntry>();
  for (const entry of declarations.nodes.values()) {
    if (entry.bodies.length === 0 || declarations.poisoned.has(entry.id)) continue;
    for (const found of atTheEnds(entry, tuples)) {
      diagnostics.push(found);
      if (found.code === "FLX0308" && entry.signature === undefined) torn.add(entry);
    }
  }
  diagnostics.push(...alongArrows(declarations, tuples, torn), ...fromSources(declarations, tuples));
  return { value: undefined, diagnostics };
}

/** Two neighbours that do not agree, wherever they stand side by side. */
interface Mismatch {
  readonly first: StepEntry;
  readonly before: StepEntry;
  readonly produced: Tuple;
  readonly taken: Tuple;
  /** Further places of the same two. */
  readonly again: StepEntry[];
}

function alongArrows(declarations: Declarations, tuples: Tuples, torn: ReadonlySet<NodeEntry>): readonly Diagnostic[] {
  const mismatches = new Map<string, Mismatch>();
  for (const { bodies } of declarations.nodes.values()) {
    for (const body of bodies) {
      for (const mismatch of mismatchesIn(body, declarations, tuples)) {
        if (torn.has(mismatch.before.node)) continue;
        const pair = `${mismatch.before.node.id} ${mismatch.first.node.id}`;
        const known = mismatches.get(pair);
        if (known === undefined) mismatches.set(pair, mismatch);
        else known.again.push(mismatch.first);
      }
    }
  }
  const fitting = fittingNodes(declarations, tuples);
  const elsewhere = otherPlaces(declarations, tuples);
  return [...mismatches.values()].map((mismatch) => report(mismatch, tuples, fitting, elsewhere));
}

function* mismatchesIn({ steps }: Body, { sources }: Declarations, tuples: Tuples): Iterable<Mismatch> {
  let excused: StepEntry | undefined;
  for (let index = 1; index < steps.length; index++) {
    const [before, after] = [steps[index - 1], steps[index]];
    // That a source is a step is wrong already.
    if (before === undefined || after === undefined || sources.has(before.node.name) || sources.has(after.node.name)) continue;
    const produced = tuples.produces(before.node);
    const taken = tuples.takes(after.node);
    if (before === excused || produced === undefined || taken === undefined || sameTypes(produced, taken)) continue;
    // What only passes through what it was given elsewhere is wrong on one side, not on both.
    if (tuples.isDecidedByUse(after.node)) excused = after;
    yield { first: after, before, produced, taken, again: [] };
  }
}

function report(mismatch: Mismatch, tuples: Tuples, fitting: Fitting, elsewhere: Elsewhere): Diagnostic {
  const { first, before, produced, taken } = mismatch;
  const [node, producer] = [first.node.name, before.node.name];
  const tuplesShown = { producer, taken: spellTuple(taken), produced: spellTuple(produced) };
  const other = tuples.isDecidedByUse(first.node) ? elsewhere(first) : undefined;
  if (other !== undefined) return diagnostic("FLX0319", { at: first.span, other: other.span }, { name: node, ...tuplesShown });

  const next = first.body.steps[first.index + 1];
  const suggestion = fitting(first.node, produced, next === undefined ? undefined : tuples.takes(next.node));
  const spans = { at: first.span, producer: before.span, again: mismatch.again.map((step) => step.span) };
  const holes = { node, ...tuplesShown, suggestion };
  if (taken.length === produced.length) {
    const { position, expected, found, reference } = difference(taken, produced);
    return diagnostic("FLX0313", spans, { ...holes, position, expected, found, reference });
  }
  const values = `${taken.length} value${taken.length === 1 ? "" : "s"}`;
  return diagnostic("FLX0312", spans, { ...holes, values, count: String(produced.length) });
}

function* atTheEnds(entry: NodeEntry, tuples: Tuples): Iterable<Diagnostic> {
  const inputs = tuples.takes(entry);
  const settled = tuples.produces(entry);
  const outputs = settled === undefined || entry.signature !== undefined ? settled : (ofSomeCase(entry, tuples) ?? settled);
  for (const body of entry.bodies) yield* atTheEndsOf(entry, body, inputs, outputs, tuples);
}

/** What the first case that says so produces: an empty case must not be compared with what was deduced from itself. */
function ofSomeCase(entry: NodeEntry, tuples: Tuples): Tuple | undefined {
  for (const { steps } of entry.bodies) {
    const last = steps.at(-1);
    const produced = last === undefined ? undefined : tuples.produces(last.node);
    if (produced !== undefined) return produced;
  }
  return undefined;
}

function* atTheEndsOf(
  entry: NodeEntry,
  body: Body,
  inputs: Tuple | undefined,
  outputs: Tuple | undefined,
  tuples: Tuples,
): Iterable<Diagnostic> {
  const [first, last] = [body.steps[0], body.steps.at(-1)];
  if (first === undefined || last === undefined) {
    if (inputs === undefined || outputs === undefined || sameTypes(inputs, outputs)) return;
    const at = body.of?.patternSpan ?? body.owner.sequence?.name.span ?? body.span;
    const what = body.of === undefined ? "sequence" : "case";
    yield diagnostic("FLX0308", { at }, { name: entry.name, what, inputs: spellTuple(inputs), outputs: spellTuple(outputs) });
    return;
  }
  // Without a signature the ends are deduced from these very steps, and FLX0307 speaks of cases that disagree.
  if (entry.signature === undefined) return;
  const taken = tuples.takes(first.node);
  if (inputs !== undefined && taken !== undefined && !sameTypes(inputs, taken)) {
    yield diagnostic(
      "FLX0309",
      { at: first.span, signature: entry.signature.inputs.span },
      { name: entry.name, step: first.node.name, place: "first", verb: "takes", found: spellTuple(taken), expected: spellTuple(inputs) },
    );
  }
  const produced = tuples.produces(last.node);
  if (outputs !== undefined && produced !== undefined && !sameTypes(outputs, produced)) {
    yield diagnostic(
      "FLX0309",
      { at: last.span, signature: entry.signature.outputs.span },
      { name: entry.name, step: last.node.name, place: "last", verb: "produces", found: spellTuple(produced), expected: spellTuple(outputs) },
    );
  }
}

function* fromSources({ sources, nodes }: Declarations, tuples: Tuples): Iterable<Diagnostic> {
  for (const source of sources.values()) {
    const target = nodes.get(source.target.text);
    const taken = target === undefined ? undefined : tuples.takes(target);
    if (target === undefined || taken === undefined) continue;
    const spans = { at: source.target.span, source: source.name.span };
    const holes = { source: source.name.text, target: target.name, taken: spellTuple(taken) };
    if (source.every !== undefined) {
      if (taken.length > 0) yield diagnostic("FLX0314", spans, holes);
      continue;
    }
    const node = nodes.get(source.name.text);
    const produced = node === undefined ? undefined : tuples.produces(node);
    if (produced === undefined || sameTypes(produced, taken)) continue;
    yield diagnostic("FLX0311", spans, { ...holes, produced: spellTuple(produced) });
  }
}

/** The first position whose types differ, in words. */
export function difference(
  taken: Tuple,
  produced: Tuple,
): { readonly position: string; readonly expected: string; readonly found: string; readonly reference?: string } {
  const at = taken.findIndex((variable, index) => variable.type !== produced[index]?.type);
  const expected = taken[at]?.type ?? "";
  const found = produced[at]?.type ?? "";
  const onlyReference = expected !== found && valueType(expected) === valueType(found) && (isReference(expected) || expected.startsWith("const "));
  return { position: ordinal(at + 1), expected, found, ...(onlyReference ? { reference: valueType(expected) } : {}) };
}

export function ordinal(position: number): string {
  const tens = position % 100;
  const suffix = tens >= 11 && tens <= 13 ? "th" : (["th", "st", "nd", "rd"][position % 10] ?? "th");
  return `${position}${suffix}`;
}

type Elsewhere = (place: StepEntry) => StepEntry | undefined;

/** Another place of the same node, where it is given what it takes. The index is made when it is first asked for. */
function otherPlaces({ nodes }: Declarations, tuples: Tuples): Elsewhere {
  let index: Map<NodeEntry, StepEntry> | undefined;
  return (place) => {
    index ??= new Map(
      [...nodes.values()].flatMap(({ bodies }) => bodies.flatMap(({ steps }) => steps)).filter((step) => {
        const before = step.body.steps[step.index - 1];
        const produced = before === undefined ? tuples.takes(step.body.owner) : tuples.produces(before.node);
        const taken = tuples.takes(step.node);
        return produced !== undefined && taken !== undefined && sameTypes(produced, taken);
      }).map((step) => [step.node, step]),
    );
    const other = index.get(place.node);
    return other !== undefined && other !== place ? other : undefined;
  };
}

type Fitting = (instead: NodeEntry, produced: Tuple, needed: Tuple | undefined) => string | undefined;

/** Nodes that would fit in the place of one that does not, nearest name first. The index is made when it is first asked for. */
function fittingNodes({ nodes, sources }: Declarations, tuples: Tuples): Fitting {
  let index: Map<string, NodeEntry[]> | undefined;
  let asked = 0;
  return (instead, produced, needed) => {
    if (asked++ >= 100) return undefined;
    index ??= indexByInputs(nodes.values(), sources, tuples);
    const candidates = (index.get(typesKey(produced)) ?? []).filter((candidate) => {
      const outputs = tuples.produces(candidate);
      return candidate !== instead && (needed === undefined || outputs === undefined || sameTypes(outputs, needed));
    });
    const near = candidates.map((candidate) => candidate.name).filter((name) => alike(name, instead.name));
    return closest(instead.name, near) ?? near[0];
  };
}

function indexByInputs(
  nodes: Iterable<NodeEntry>,
  sources: ReadonlyMap<string, unknown>,
  tuples: Tuples,
): Map<string, NodeEntry[]> {
  const index = new Map<string, NodeEntry[]>();
  for (const node of nodes) {
    const taken = tuples.takes(node);
    if (taken === undefined || !isDeclared(node) || sources.has(node.name)) continue;
    const key = typesKey(taken);
    const found = index.get(key);
    if (found === undefined) index.set(key, [node]);
    else found.push(node);
  }
  return index;
}

function typesKey(tuple: Tuple): string {
  return tuple.map((variable) => variable.type).join("; ");
}

/** `Compress` and `CompressPixels`; `Write` and `Wirte`. */
function alike(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one) || closest(one, [other]) !== undefined;
}
