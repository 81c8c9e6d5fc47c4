/**
 * What every node acquires, and what every constraint is: a lock, keyed locks or a pool, of which scope. Whether a
 * session is there is `sessions.ts`'s business; in which order anything is acquired, the lock planner's.
 */
import type { ConstraintUse } from "../../grammar/ast.ts";
import type { Checked } from "../diagnostics/checked.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { isPointer } from "./canonical-type.ts";
import type { Declarations, NodeEntry } from "./declarations.ts";
import type { Acquisition, Constraint, Variable } from "./program.ts";
import { suggester, type Suggest } from "./suggest.ts";
import { spellTuple, type Tuples } from "./tuples.ts";

export interface Constraints {
  readonly constraints: ReadonlyMap<string, Constraint>;
  /** By `NodeEntry.id`. */
  readonly acquires: ReadonlyMap<number, readonly Acquisition[]>;
  /** Every use, in the order written; for what is said of constraints as a whole. */
  readonly uses: readonly Use[];
}

export interface Use {
  readonly node: NodeEntry;
  readonly written: ConstraintUse;
  readonly mode: "read" | "write";
}

/** FLX0501, FLX0504 to FLX0509. Linear. */
export function checkConstraints({ nodes, pools }: Declarations, tuples: Tuples): Checked<Constraints> {
  const diagnostics: Diagnostic[] = [];
  const uses: Use[] = [];
  const acquires = new Map<number, readonly Acquisition[]>();
  const scopes = new Map<string, ConstraintUse>();
  const keys = new Map<string, { readonly use: ConstraintUse; readonly input: Variable }>();
  const suggest = suggester();
  const clashed = new Set<string>();

  for (const node of nodes.values()) {
    if (node.atomic === undefined) continue;
    const made: Acquisition[] = [];
    let byName: ReadonlyMap<string, number> | undefined;
    for (const written of node.atomic.constraints) {
      const name = written.name.text;
      const pool = pools.get(name);
      if (pool !== undefined) {
        diagnostics.push(...wrongPoolUse(written, pool.name.span));
        made.push({ constraint: name, mode: "write", span: written.span });
        uses.push({ node, written, mode: "write" });
        continue;
      }
      const mode = written.mode ?? "write";
      uses.push({ node, written, mode });
      const first = scopes.get(name);
      if (first === undefined) scopes.set(name, written);
      else if (scopeOf(first) !== scopeOf(written) && !clashed.has(name)) {
        clashed.add(name);
        const spans = { at: written.scopeSpan ?? written.span, first: first.scopeSpan ?? first.span };
        diagnostics.push(diagnostic("FLX0501", spans, { name, scope: scopeOf(written), other: scopeOf(first) }));
      }
      if (written.key === undefined) {
        made.push({ constraint: name, mode, span: written.span });
        continue;
      }
      if (written.scope === "session") {
        const spans = { at: written.scopeSpan ?? written.span, key: written.key.span };
        diagnostics.push(diagnostic("FLX0508", spans, { name }));
      }
      byName ??= new Map(tuples.takes(node)?.map((input, index) => [input.name, index]));
      const key = resolveKey(written, node, tuples, byName, suggest);
      if ("wrong" in key) {
        diagnostics.push(...key.wrong);
        continue;
      }
      const other = keys.get(name);
      if (other === undefined) keys.set(name, { use: written, input: key.input });
      else if (other.input.type !== key.input.type) {
        diagnostics.push(
          diagnostic(
            "FLX0506",
            { at: written.key.span, first: other.use.key?.span ?? other.use.span },
            { name, key: key.input.name, type: key.input.type, otherKey: other.input.name, otherType: other.input.type },
          ),
        );
      }
      made.push({ constraint: name, mode, key: key.index, span: written.span });
    }
    diagnostics.push(...namedTwice(node));
    acquires.set(node.id, merged(made));
  }

  const constraints = new Map<string, Constraint>();
  for (const { written } of uses) {
    const name = written.name.text;
    const keyed = keys.get(name);
    if (constraints.has(name) || pools.has(name)) continue;
    const kind = keyed === undefined
      ? ({ kind: "lock", scope: scopeOf(scopes.get(name) ?? written) } as const)
      : ({ kind: "keyed", keyType: keyed.input.type } as const);
    constraints.set(name, { name, kind, span: written.name.span });
  }
  for (const { name, size, span } of pools.values()) {
    constraints.set(name.text, { name: name.text, kind: { kind: "pool", size: size.value }, span });
  }
  return { value: { constraints, acquires, uses }, diagnostics };
}

function scopeOf(use: ConstraintUse): "session" | "program" {
  return use.scope ?? "program";
}

function* wrongPoolUse(use: ConstraintUse, pool: { readonly start: number; readonly end: number }): Iterable<Diagnostic> {
  const name = use.name.text;
  if (use.mode === "read") {
    const spans = { at: use.modeSpan ?? use.span, pool };
    yield diagnostic("FLX0507", spans, { name, part: "`?`", lacks: "readers" });
  }
  if (use.scope === "session") {
    const spans = { at: use.scopeSpan ?? use.span, pool };
    yield diagnostic("FLX0507", spans, { name, part: "`(session)`", lacks: "sessions" });
  }
  if (use.key !== undefined) yield diagnostic("FLX0507", { at: use.key.span, pool }, { name, part: "a key", lacks: "keys" });
}

type Key = { readonly index: number; readonly input: Variable } | { readonly wrong: readonly Diagnostic[] };

function resolveKey({ key }: ConstraintUse, node: NodeEntry, tuples: Tuples, byName: ReadonlyMap<string, number>, suggest: Suggest): Key {
  const inputs = tuples.takes(node);
  if (key === undefined || inputs === undefined) {
    // A bare handler has no names to give; what else has no tuple is in error already.
    if (key === undefined || node.signature !== undefined || node.bodies.length > 0) return { wrong: [] };
    if (node.mentions.some(({ as }) => as === "step" || as === "target" || as === "source")) return { wrong: [] };
    if (node.mentions.every(({ as }) => as !== "handler")) return { wrong: [] };
    const holes = { key: key.text, node: node.name, taken: "nothing by name: it has no signature" };
    return { wrong: [diagnostic("FLX0504", { at: key.span, inputs: [] }, holes)] };
  }
  const index = byName.get(key.text) ?? -1;
  const input = inputs[index];
  if (input === undefined) {
    const suggestion = suggest(key.text, byName.keys(), byName.size);
    const holes = { key: key.text, node: node.name, taken: spellTuple(inputs), suggestion };
    return { wrong: [diagnostic("FLX0504", { at: key.span, inputs: node.signature?.inputs.span ?? [] }, holes)] };
  }
  if (isPointer(input.type)) {
    const holes = { key: key.text, type: input.type };
    return { wrong: [diagnostic("FLX0505", { at: key.span, input: input.span }, holes)] };
  }
  return { index, input };
}

/** The same constraint, with the same key if it has one, twice in one `atomic`. */
function* namedTwice(node: NodeEntry): Iterable<Diagnostic> {
  const uses = node.atomic?.constraints ?? [];
  if (uses.length < 2) return;
  const seen = new Map<string, ConstraintUse>();
  for (const use of uses) {
    const id = `${use.name.text}[${use.key?.text ?? ""}]`;
    const first = seen.get(id);
    if (first === undefined) {
      seen.set(id, use);
      continue;
    }
    const raised = (first.mode ?? "write") !== (use.mode ?? "write");
    const effect = raised ? "as reader and as writer: it is held as writer" : "named again, with no effect";
    yield diagnostic("FLX0509", { at: use.span, first: first.span }, { name: use.name.text, node: node.name, effect });
  }
}

/** Each lock once, in its strongest mode; a class beside one of its keys is the whole class as writer. */
function merged(made: readonly Acquisition[]): readonly Acquisition[] {
  if (made.length < 2) return made.slice();
  const whole = new Map<string, Acquisition>();
  const keyed = new Map<string, Acquisition>();
  for (const acquisition of made) {
    const [place, id] = acquisition.key === undefined ? [whole, acquisition.constraint] : [keyed, `${acquisition.constraint}[${acquisition.key}]`];
    const first = place.get(id);
    place.set(id, first === undefined || first.mode === "write" ? (first ?? acquisition) : { ...first, mode: acquisition.mode });
  }
  const withKeys = new Set([...keyed.values()].map((acquisition) => acquisition.constraint));
  return [...whole.values(), ...keyed.values()]
    .filter((acquisition) => acquisition.key === undefined || !whole.has(acquisition.constraint))
    .map((acquisition): Acquisition =>
      acquisition.key === undefined && withKeys.has(acquisition.constraint) ? { ...acquisition, mode: "write" } : acquisition,
    )
    .sort((one, other) => one.span.start - other.span.start);
}
