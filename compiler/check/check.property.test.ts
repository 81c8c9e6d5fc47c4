/** What holds of `check` for every program, whatever it says. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseFrom, programText } from "../../grammar/arbitrary.ts";
import { parse } from "../../grammar/index.ts";
import type { Source } from "../../grammar/source.ts";
import type { Checked } from "../diagnostics/checked.ts";
import { meaningfulProgram } from "./arbitrary.ts";
import { check, dumpProgram } from "./index.ts";
import type { Node, Program, Step } from "./program.ts";

const numbers = fc.array(fc.nat({ max: 2 ** 20 }), { maxLength: 120, size: "max" });
const runs = { numRuns: 400 };

function checked(text: string): Checked<Program> & { readonly source: Source } {
  const source = { path: "input.flux", text };
  return { ...check(parse(source).value, source), source };
}

/** Each code once, sorted. */
function codes(text: string): readonly string[] {
  return [...new Set(checked(text).diagnostics.map(({ code }) => code))].toSorted();
}

function reported(text: string, saying: readonly string[]): void {
  expect(codes(text), saying.join("\n")).toEqual(codes(saying.join("\n")));
}

describe("check", () => {
  test("never throws, and points into the text", () => {
    fc.assert(
      fc.property(numbers, fc.boolean(), (chosen, meaningful) => {
        const choose = chooseFrom(chosen);
        const text = meaningful ? meaningfulProgram(choose, true).join("\n") : programText(choose);
        const { value, diagnostics } = checked(text);
        expect([...dumpProgram(value)].length).toBeGreaterThan(0);
        for (const { labels, title } of diagnostics) {
          expect(title).not.toContain("undefined");
          for (const { span } of labels) {
            expect(span.start).toBeGreaterThanOrEqual(0);
            expect(span.end).toBeLessThanOrEqual(text.length);
            expect(span.start).toBeLessThanOrEqual(span.end);
          }
        }
      }),
      runs,
    );
  });

  test("says the same when nodes have other names", () => {
    fc.assert(
      fc.property(numbers, fc.nat({ max: 7 }), (chosen, shift) => {
        const declarations = meaningfulProgram(chooseFrom(chosen), true);
        const renamed = declarations.map((text) =>
          text.replaceAll(/\bN([a-h])\b/g, (_, letter: string) => `N${String.fromCharCode(97 + ((letter.charCodeAt(0) - 97 + shift) % 8))}`),
        );
        reported(declarations.join("\n"), renamed);
      }),
      runs,
    );
  });

  test("says the same when declarations stand in another order", () => {
    fc.assert(
      fc.property(numbers, fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), (chosen, keys) => {
        const declarations = meaningfulProgram(chooseFrom(chosen), false);
        // The order of cases is their meaning, so those of a node stay together.
        const groups = new Map<string, string[]>();
        for (const [index, text] of declarations.entries()) {
          const key = /^(\w+):/.exec(text)?.[1] ?? String(index);
          groups.set(key, [...(groups.get(key) ?? []), text]);
        }
        const shuffled = [...groups.values()]
          .map((texts, index) => ({ texts, key: keys[index % keys.length] ?? 0 }))
          .toSorted((one, other) => one.key - other.key)
          .flatMap(({ texts }) => texts);
        reported(declarations.join("\n"), shuffled);
      }),
      runs,
    );
  });

  test("accepts only programs that can run", () => {
    let accepted = 0;
    let looping = 0;
    fc.assert(
      fc.property(numbers, (chosen) => {
        const text = meaningfulProgram(chooseFrom(chosen), false).join("\n");
        const { value: program, diagnostics } = checked(text);
        if (diagnostics.some(({ severity }) => severity === "error")) return;
        accepted++;
        if ([...program.nodes.values()].some((node) => node.loop)) looping++;
        expect(wrongs(program), text).toEqual([]);
      }),
      { numRuns: 1500 },
    );
    expect(accepted).toBeGreaterThan(25);
    expect(looping).toBeGreaterThan(1);
  });
});

/** What is wrong with a program that was accepted, found without any code of the checks. */
function wrongs(program: Program): readonly string[] {
  const wrong: string[] = [];
  const node = (name: string): Node | undefined => program.nodes.get(name);
  const types = (tuple: Node["inputs"] | undefined): string => (tuple ?? []).map(({ type }) => type).join("; ");
  const bodies = (of: Node): readonly (readonly Step[])[] =>
    of.kind === "sequence" ? [of.steps] : of.kind === "dispatch" ? of.cases.map(({ steps }) => steps) : [];
  const endless = endlessNodes(program, bodies);

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
function endlessNodes(program: Program, bodies: (of: Node) => readonly (readonly Step[])[]): ReadonlySet<string> {
  const ending = new Set<string>();
  for (let before = -1; before < ending.size; ) {
    before = ending.size;
    for (const at of program.nodes.values()) {
      if (at.kind === "concrete" || bodies(at).some((steps) => steps.every((step) => ending.has(step.node)))) ending.add(at.name);
    }
  }
  return new Set([...program.nodes.keys()].filter((name) => !ending.has(name)));
}

function hasCycle(successors: ReadonlyMap<string, readonly string[]>): boolean {
  const left = new Map(successors);
  for (let before = left.size + 1; before > left.size; ) {
    before = left.size;
    for (const [name, next] of left) if (next.every((other) => !left.has(other))) left.delete(name);
  }
  return left.size > 0;
}
