/**
 * What holds of `check` for every program, as functions that say what does not; the fast tests ask them of hundreds of
 * programs, the slow ones of twenty thousand. Uses no code of the checks to judge them.
 */
import { parse } from "../../grammar/index.ts";
import type { Checked } from "../diagnostics/checked.ts";
import { check, dumpProgram } from "./index.ts";
import type { Node, Program, Step } from "./program.ts";

function checked(text: string): Checked<Program> {
  const source = { path: "input.flux", text };
  return check(parse(source).value, source);
}

/** It ends, its program can be dumped, and every report is whole and points into the text. */
export function brokenReports(text: string): readonly string[] {
  const { value, diagnostics } = checked(text);
  const broken: string[] = [];
  if ([...dumpProgram(value)].some((line) => line.includes("undefined"))) broken.push("the dump lacks something");
  for (const { code, title, text: why = "", hints, labels } of diagnostics) {
    if ([title, why, ...hints, ...labels.map((label) => label.text)].some((said) => said.includes("undefined"))) broken.push(`${code} lacks something`);
    for (const { span } of labels) {
      if (span.start < 0 || span.end < span.start || span.end > text.length) broken.push(`${code} points outside`);
    }
  }
  return broken;
}

/** Another name for every node changes no code; `shift` says which name each of `Na` to `Nh` gets. */
export function changedByNames(declarations: readonly string[], shift: number): readonly string[] {
  const renamed = declarations.map((text) =>
    text.replaceAll(/\bN([a-h])\b/g, (_, letter: string) => `N${String.fromCharCode(97 + ((letter.charCodeAt(0) - 97 + shift) % 8))}`),
  );
  return changed(declarations, renamed);
}

/** Another order of the declarations changes no code. The order of cases is their meaning, so those of a node stay together. */
export function changedByOrder(declarations: readonly string[], keys: readonly number[]): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const [index, text] of declarations.entries()) {
    const key = /^(\w+):/.exec(text)?.[1] ?? String(index);
    groups.set(key, [...(groups.get(key) ?? []), text]);
  }
  const shuffled = [...groups.values()]
    .map((texts, index) => ({ texts, key: keys[index % keys.length] ?? 0 }))
    .toSorted((one, other) => one.key - other.key)
    .flatMap(({ texts }) => texts);
  return changed(declarations, shuffled);
}

function changed(declarations: readonly string[], other: readonly string[]): readonly string[] {
  const [before, after] = [codes(declarations.join("\n")), codes(other.join("\n"))];
  return [...before].filter((code) => !after.has(code)).map((code) => `no more ${code}`)
    .concat([...after].filter((code) => !before.has(code)).map((code) => `now ${code}`));
}

function codes(text: string): ReadonlySet<string> {
  return new Set(checked(text).diagnostics.map(({ code }) => code));
}

/**
 * A looping program is refused exactly if some loop is entered at two nodes: if its graph cannot be folded into one
 * node by taking out steps to oneself and drawing nodes with one predecessor into it (Hecht and Ullman, SIAM J. Computing 1972).
 */
export function misjudgedLoops(declarations: readonly string[]): readonly string[] {
  const { value, diagnostics } = checked(declarations.join("\n"));
  const predecessors = new Map<string, Set<string>>([["Na", new Set(["Listen"])]]);
  const open = ["Na"];
  const seen = new Set(open);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const step of bodiesOf(value.nodes.get(name)).flat()) {
      if (step.node === "R") continue;
      predecessors.set(step.node, (predecessors.get(step.node) ?? new Set()).add(name));
      if (!seen.has(step.node)) open.push(step.node);
      seen.add(step.node);
    }
  }
  for (let left = predecessors.size + 1; left > predecessors.size; ) {
    left = predecessors.size;
    for (const [name, before] of predecessors) {
      before.delete(name);
      const [only] = before;
      if (only === undefined || before.size > 1) continue;
      predecessors.delete(name);
      for (const others of predecessors.values()) if (others.delete(name)) others.add(only);
    }
  }
  const refused = diagnostics.some(({ code }) => code === "FLX0402");
  const wrong: string[] = diagnostics.filter(({ severity, code }) => severity === "error" && code !== "FLX0402").map(({ code }) => code);
  // A node no flow comes to may enter a loop too; what is said of that is not judged here.
  const whole = seen.size === value.nodes.size - 2;
  if (predecessors.size > 0 !== refused && (whole || predecessors.size > 0)) wrong.push(refused ? "refused" : "not refused");
  return wrong;
}

function bodiesOf(node: Node | undefined): readonly (readonly Step[])[] {
  if (node === undefined || node.kind === "concrete") return [];
  return node.kind === "sequence" ? [node.steps] : node.cases.map(({ steps }) => steps);
}

/** The program, if it has no error. */
export function accepted(text: string): Program | undefined {
  const { value, diagnostics } = checked(text);
  return diagnostics.some(({ severity }) => severity === "error") ? undefined : value;
}

/** What is wrong with a program that was accepted, found without any code of the checks. */
export function wrongs(program: Program): readonly string[] {
  const wrong: string[] = [];
  const node = (name: string): Node | undefined => program.nodes.get(name);
  const types = (tuple: Node["inputs"] | undefined): string => (tuple ?? []).map(({ type }) => type).join("; ");
  const bodies: (of: Node) => readonly (readonly Step[])[] = bodiesOf;
  const endless = endlessNodes(program);

  for (const at of program.nodes.values()) {
    for (const steps of bodies(at)) {
      let carried = types(at.inputs);
      let ends = true;
      for (const [index, step] of steps.entries()) {
        const next = node(step.node);
        if (next === undefined) wrong.push(`${at.name} runs ${step.node}, which is not there`);
        else if (ends && types(next.inputs) !== carried) wrong.push(`${at.name} gives ${next.name} ${carried}`);
        if (step.tailCall && index < steps.length - 1) wrong.push(`${at.name} goes on after a tail call`);
        ends &&= !endless.has(step.node);
        carried = types(next?.outputs);
      }
      if (ends && !endless.has(at.name) && carried !== types(at.outputs)) wrong.push(`${at.name} ends with ${carried}`);
    }
    if (at.kind === "dispatch") {
      for (const { patterns } of at.cases) if (patterns.length !== at.inputs.length) wrong.push(`a pattern of ${at.name}`);
    }
    for (const { key, constraint } of at.acquires) {
      if (key !== undefined && at.inputs[key] === undefined) wrong.push(`key of ${at.name}`);
      if (!program.constraints.has(constraint)) wrong.push(`constraint ${constraint} of ${at.name}`);
    }
  }
  const inward = [...program.nodes.values()].map((at) => [at.name, bodies(at).flat().filter((step) => !step.tailCall).map((step) => step.node)] as const);
  if (hasCycle(new Map(inward))) wrong.push("recursion is left when tail calls are taken out");
  const roots = [...program.sources.flatMap(({ node: own, target }) => [target, ...(own === undefined ? [] : [own])]), ...program.handlers.map(({ handler }) => handler)];
  for (const at of program.nodes.values()) {
    for (const step of bodies(at).flat()) {
      if (!step.tailCall) continue;
      if (node(step.node)?.loop !== true) wrong.push(`${step.node} is no loop`);
      if (reachedWithout(step.node, roots, (name) => bodies(node(name) ?? at).flat().map((next) => next.node)).has(at.name)) {
        wrong.push(`${at.name} starts the next round of ${step.node} without being in it`);
      }
    }
  }
  for (const { node: name, target, everyMilliseconds } of program.sources) {
    const produced = everyMilliseconds === undefined ? types(node(name ?? "")?.outputs) : "";
    if (!endless.has(name ?? "") && produced !== types(node(target)?.inputs)) wrong.push(`source of ${target}`);
    if (name !== undefined && types(node(name)?.inputs) !== "") wrong.push(`source ${name} takes something`);
  }
  for (const { path, handler, takes, shared } of program.handlers) {
    const failed = node(path.at(-1) ?? "");
    const inputs = node(handler)?.inputs ?? [];
    if (takes === "deduced") continue;
    if (takes > shared) wrong.push(`${handler} takes more than is shared`);
    if (failed?.kind === "concrete" && types(inputs.slice(0, takes)) !== types(failed.inputs.slice(0, takes))) wrong.push(handler);
  }
  return wrong;
}

/** Nodes no way through which comes to an end: what they produce is nowhere used. */
function endlessNodes(program: Program): ReadonlySet<string> {
  const ending = new Set<string>();
  for (let before = -1; before < ending.size; ) {
    before = ending.size;
    for (const at of program.nodes.values()) {
      if (at.kind === "concrete" || bodiesOf(at).some((steps) => steps.every((step) => ending.has(step.node)))) ending.add(at.name);
    }
  }
  return new Set([...program.nodes.keys()].filter((name) => !ending.has(name)));
}

/** What flows come to from `roots` without going through `barrier`. */
function reachedWithout(barrier: string, roots: readonly string[], next: (name: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set([barrier]);
  const open = [...roots];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    open.push(...next(name));
  }
  seen.delete(barrier);
  return seen;
}

function hasCycle(successors: ReadonlyMap<string, readonly string[]>): boolean {
  const left = new Map(successors);
  for (let before = left.size + 1; before > left.size; ) {
    before = left.size;
    for (const [name, next] of left) if (next.every((other) => !left.has(other))) left.delete(name);
  }
  return left.size > 0;
}
