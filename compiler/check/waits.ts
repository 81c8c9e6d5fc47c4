/** `wait`, `timeout` and `blocking`: on which nodes they may stand, and what a wait may name. */
import type { Interest } from "../../grammar/ast.ts";
import type { Checked } from "../diagnostics/checked.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { isPointer, valueType } from "./canonical-type.ts";
import { isAbstract, nameSpan, type Declarations, type NodeEntry } from "./declarations.ts";
import type { Tuple } from "./parameters.ts";
import type { WaitInterest } from "./program.ts";
import type { Reach } from "./reach.ts";
import { suggester } from "./suggest.ts";
import { spellTuple, type Tuples } from "./tuples.ts";

/** What each node waits for, by `NodeEntry.id`. FLX0406, FLX0407, FLX0410, FLX0411. Linear. */
export function checkWaits(
  declarations: Declarations,
  reach: Reach,
  tuples: Tuples,
): Checked<ReadonlyMap<number, readonly WaitInterest[]>> {
  const diagnostics: Diagnostic[] = [];
  const suggest = suggester();
  const waits = new Map<number, readonly WaitInterest[]>();
  for (const entry of declarations.nodes.values()) {
    if (declarations.poisoned.has(entry.id)) continue;
    if (isAbstract(entry) && (entry.wait ?? entry.blocking) !== undefined) diagnostics.push(...concreteOnly(entry));
    if (entry.timeout !== undefined) diagnostics.push(...timeoutOnSource(entry, declarations, reach));
    if (entry.wait === undefined || isAbstract(entry)) continue;
    const inputs = entry.signature === undefined ? [] : tuples.takes(entry);
    if (inputs === undefined || (entry.signature === undefined && !hasNoSignature(entry))) continue;
    const byName = new Map(inputs.map((input, index) => [input.name, index]));
    // The input that a wait means where nothing near is written: there is one candidate only.
    const only = onlyDescriptor(inputs);
    const suggestInput = (name: string): string | undefined => suggest(name, byName.keys(), byName.size) ?? only;
    const found: WaitInterest[] = [];
    for (const interest of entry.wait.interests) {
      const resolved = resolve(interest, entry, inputs, byName, reach, suggestInput);
      // A node in a declaration that did not parse may be a source, and wait for a variable of the header.
      const excused = "code" in resolved && resolved.code === "FLX0410" && declarations.broken.size > 0 && resolved.hints.length === 0;
      if (excused) continue;
      if ("code" in resolved) diagnostics.push(resolved);
      else found.push(resolved);
    }
    waits.set(entry.id, found);
  }
  return { value: waits, diagnostics };
}

/** A bare handler; any other node without a signature is reported as that. */
function hasNoSignature({ mentions }: NodeEntry): boolean {
  return mentions.some(({ as }) => as === "handler") && mentions.every(({ as }) => as !== "step" && as !== "target");
}

function* concreteOnly(entry: NodeEntry): Iterable<Diagnostic> {
  const body = entry.sequence?.name.span ?? entry.cases[0]?.name.span ?? nameSpan(entry);
  const inside = entry.bodies.flatMap(({ steps }) => steps.map((step) => step.node)).find((node) => !isAbstract(node))?.name;
  if (entry.wait !== undefined) {
    const holes = { declaration: "wait", name: entry.name, does: "return `flux::again`", inside };
    yield diagnostic("FLX0407", { at: entry.wait.node.span, body }, holes);
  }
  if (entry.blocking !== undefined) {
    const holes = { declaration: "blocking", name: entry.name, does: "block in the kernel", inside };
    yield diagnostic("FLX0407", { at: entry.blocking.node.span, body }, holes);
  }
}

function* timeoutOnSource(entry: NodeEntry, { sources }: Declarations, reach: Reach): Iterable<Diagnostic> {
  if (entry.timeout === undefined) return;
  const at = entry.timeout.node.span;
  const source = sources.get(entry.name);
  if (source !== undefined) yield diagnostic("FLX0406", { at, source: source.name.span }, { name: entry.name, what: "source" });
  else if (reach.sources.has(entry.id)) {
    yield diagnostic("FLX0406", { at, source: [] }, { name: entry.name, what: "a source's node" });
  }
}

function resolve(
  { readiness, on, span }: Interest,
  node: NodeEntry,
  inputs: Tuple,
  byName: ReadonlyMap<string, number>,
  reach: Reach,
  suggestInput: (name: string) => string | undefined,
): WaitInterest | Diagnostic {
  const index = byName.get(on.text) ?? -1;
  const input = inputs[index];
  if (input !== undefined) {
    if (mayBeDescriptor(input.type)) return { readiness, on: { kind: "input", index }, span };
    return diagnostic("FLX0411", { at: on.span, input: input.span }, { variable: on.text, type: input.type });
  }
  if (reach.sources.has(node.id)) return { readiness, on: { kind: "global", text: on.text }, span };
  const suggestion = suggestInput(on.text);
  const taken = node.signature === undefined ? "nothing by name: it has no signature" : spellTuple(inputs);
  const undeclared = node.signature === undefined ? node.name : undefined;
  const holes = { name: node.name, variable: on.text, taken, suggestion, undeclared };
  return diagnostic("FLX0410", { at: on.span, inputs: node.signature?.inputs.span ?? [] }, holes);
}

function onlyDescriptor(inputs: Tuple): string | undefined {
  const candidates = inputs.filter((input) => input.type === "int" || input.type === "flux::socket");
  return candidates.length === 1 ? candidates[0]?.name : undefined;
}

const builtin = /^(?:(?:un)?signed |long )*(?:bool|char(?:8_t|16_t|32_t)?|wchar_t|short|int|long|float|double)$/;

/** An `int`, or an object or pointer that could have `fd()`: any type with a name of its own. */
function mayBeDescriptor(type: string): boolean {
  const value = valueType(type);
  if (value === "int") return true;
  if (!isPointer(value)) return !builtin.test(value);
  const pointee = valueType(value.replace(/ ?\*+$/, ""));
  return pointee !== "void" && !builtin.test(pointee);
}
