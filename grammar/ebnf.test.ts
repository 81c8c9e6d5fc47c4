/** `flux.ebnf` and the highlighting say what the parser does. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { ISerializedGast } from "chevrotain";
import { describe, expect, test } from "vitest";
import { chooseFrom, joined, type Choose } from "./arbitrary.ts";
import { ebnf } from "./ebnf.ts";
import { parse } from "./index.ts";
import { FluxParser } from "./parser.ts";
import { allTokens, declarationKeywords, innerKeywords, spelling } from "./tokens.ts";

test("flux.ebnf is current; `npx vitest -u` writes it", async () => {
  await expect(ebnf()).toMatchFileSnapshot(join(import.meta.dirname, "flux.ebnf"));
});

test("what the described grammar produces is accepted, so that description and parser agree", () => {
  const rules = new Map(new FluxParser("described").getSerializedGastProductions().map((rule) => [nameOf(rule), rule]));
  const chance = fc.array(fc.nat(), { maxLength: 300, size: "max" });
  fc.assert(
    fc.property(chance, (numbers) => {
      const choose = chooseFrom(numbers);
      const text = joined(sentence(rules.get("declaration"), rules, choose, 12), choose) + ";";
      const { errors } = parse({ path: "sentence.flux", text });
      // Which part stands once, and what units and numbers there are, is no matter of the grammar's form.
      const ofForm = errors.filter(({ kind }) => !["repeated-part", "unknown-unit", "missing-unit"].includes(kind));
      expect(ofForm, text).toEqual([]);
    }),
    { numRuns: 3000 },
  );
});

type Production = ISerializedGast & { readonly name?: string; readonly separator?: Production };

function nameOf(production: Production): string {
  return production.name ?? "";
}

/** Tokens that the rule produces; ever shorter choices as `fuel` runs out, so that recursion ends. */
function sentence(
  production: Production | undefined,
  rules: ReadonlyMap<string, Production>,
  choose: Choose,
  fuel: number,
): readonly string[] {
  if (production === undefined) throw new Error("no such rule");
  const parts = production.definition ?? [];
  const all = (): readonly string[] => parts.flatMap((part) => sentence(part, rules, choose, fuel));
  const times = (least: number): number => (fuel <= 0 ? least : least + choose(3));
  const repeated = (count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => {
      const separator = production.separator;
      return index === 0 || separator === undefined ? all() : [example(nameOf(separator), choose), ...all()];
    }).flat();
  switch (production.type) {
    case "Terminal":
      return [example(nameOf(production), choose)];
    case "NonTerminal":
      return sentence(rules.get(nameOf(production)), rules, choose, fuel - 1);
    case "Option":
      return fuel > 0 && choose(2) === 1 ? all() : [];
    case "Repetition":
    case "RepetitionWithSeparator":
      return repeated(times(0));
    case "RepetitionMandatory":
    case "RepetitionMandatoryWithSeparator":
      return repeated(times(1));
    case "Alternation":
      return sentence(parts[fuel <= 0 ? 0 : choose(parts.length)], rules, choose, fuel);
    default:
      return all();
  }
}

function example(name: string, choose: Choose): string {
  const token = allTokens.find((type) => type.name === name);
  if (typeof token?.PATTERN === "string") return token.PATTERN;
  const examples: Readonly<Record<string, readonly string[]>> = {
    Identifier: ["A", "Image", "_b9", "source", "error", "wait", "_"],
    Integer: ["7", "10000"],
    Quantity: ["15s", "5ms", "2m"],
    StringLiteral: ['"a.h"', '"libjpeg"'],
    TypeWord: ["int", "*", "&", "::", "64u", "4", "struct"],
    InnerTypeWord: [",", "->"],
  };
  const from = examples[name] ?? [];
  return from[choose(from.length)] ?? "A";
}

describe("the highlighting", () => {
  interface Rule {
    readonly match?: string;
    readonly begin?: string;
    readonly end?: string;
    readonly include?: string;
    readonly patterns?: readonly Rule[];
  }
  const { patterns, repository } = JSON.parse(readFileSync(join(import.meta.dirname, "flux.tmLanguage.json"), "utf8")) as {
    readonly patterns: readonly Rule[];
    readonly repository: Readonly<Record<string, Rule>>;
  };
  const words = (rule: string): readonly string[] =>
    [...(repository[rule]?.match ?? "").replaceAll(/\\[a-zA-Z]/g, " ").matchAll(/[a-z]{3,}/g)].map(([word]) => word);

  test("knows the keywords of tokens.ts and no other", () => {
    expect(words("declaration-keywords").toSorted()).toEqual(declarationKeywords.map(spelling).toSorted());
    expect(words("inner-keywords").toSorted()).toEqual(innerKeywords.map(spelling).toSorted());
  });

  test("includes only what it has", () => {
    const included = (rules: readonly Rule[]): readonly string[] =>
      rules.flatMap((rule) => [...(rule.include === undefined ? [] : [rule.include.slice(1)]), ...included(rule.patterns ?? [])]);
    const names = included([...patterns, ...Object.values(repository)]);
    expect(names.filter((name) => repository[name] === undefined)).toEqual([]);
    expect(Object.keys(repository).filter((name) => !names.includes(name))).toEqual([]);
  });

  test.each([
    ["declaration-keywords", "source Listen => Image;", "source"],
    ["declaration-keywords", 'include"a.h";', "include"],
    ["declaration-keywords", "source (int a) => ();", undefined],
    ["declaration-keywords", "timeout = A;", undefined],
    ["inner-keywords", "handle error * => H;", "error"],
    ["inner-keywords", "atomic A: {x(session)};", "session"],
    ["inner-keywords", "error = A;", undefined],
    ["inner-keywords", "source T every 5s => A;", "every"],
    ["numbers", "timeout A: 15s;", "15s"],
    ["wildcards", "H:[_, hit] = ;", "_"],
    ["wildcards", "  _, // of a list with a line for each", "_"],
    ["definition", "H:[_, hit] = ;", "H"],
    ["signature", "N (int session) => ();", "N"],
    ["signature", "  log(session),", undefined],
    ["strings", 'link "libjpeg";', '"libjpeg"'],
  ])("%s of %s", (rule, line, expected) => {
    const found = new RegExp(repository[rule]?.match ?? repository[rule]?.begin ?? "(?!)").exec(line);
    expect(found?.[0].trim()).toBe(expected);
  });
});
