/**
 * Tests of `explain/`: every code has a page that teaches it, and what the page shows is true. An example marked
 * `flux,error` or `flux,warning` gives that code and no other; one marked `flux` gives nothing. Examples that need a
 * file or a C++ compiler are marked `text`, and are tested where those codes are reported.
 */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { check } from "../check/index.ts";
import { planLocks } from "../locks/plan-locks.ts";
import { catalogue } from "./catalogue/index.ts";
import type { Diagnostic, Entry } from "./diagnostic.ts";
import { pageExamples, pageTitle } from "./explain.ts";
import { fromSyntax } from "./from-syntax.ts";
import { report } from "./report.ts";

const folder = fileURLToPath(new URL("explain/", import.meta.url));
const pages = readdirSync(folder)
  .filter((name) => name.endsWith(".md"))
  .map((name) => ({ code: name.replace(/\.md$/, ""), page: readFileSync(`${folder}${name}`, "utf8") }));

test("every code has a page and every page a code", () => {
  expect(pages.map(({ code }) => code).toSorted()).toEqual(Object.keys(catalogue).toSorted());
});

describe.each(pages)("$code", ({ code, page }) => {
  const examples = pageExamples(page);
  const wrong = examples.filter(({ language }) => language === `flux,${severityOf(code)}`);
  const right = examples.filter(({ language }) => language === "flux");

  test("has a title, an example early, and is short", () => {
    expect(page.startsWith(`# ${code}: `)).toBe(true);
    expect(pageTitle(page)).toMatch(/^[a-z`A-Z].*[^.]$/);
    expect(page.indexOf("```")).toBeLessThan(700);
    expect(page.split("\n").length).toBeLessThan(80);
    const known = [`flux,${severityOf(code)}`, "flux", "cpp", "sh", "text"];
    expect(examples.map(({ language }) => language).filter((language) => !known.includes(language))).toEqual([]);
  });

  test("shows what is wrong", () => {
    expect(wrong.length > 0 || examples.some(({ language }) => language === "text")).toBe(true);
  });

  if (wrong.length > 0) {
    test("shows what is right, last", () => {
      expect(examples.findLast(({ language }) => language.startsWith("flux"))?.language).toBe("flux");
    });
  }

  test.each(wrong)("its wrong example $# gives just that", ({ text }) => {
    const found = compiled(text, code);
    const codes = new Set<string>(found.map((one) => one.code).filter((one) => !alsoSaid[code]?.includes(one)));
    expect([...codes], shown(found, text)).toEqual([code]);
  });

  test.each(right)("its right example $# gives nothing", ({ text }) => {
    const found = compiled(text, code);
    expect(found.map((one) => one.code), shown(found, text)).toEqual([]);
  });

  test("says so if it is a warning", () => {
    if (severityOf(code) === "warning") expect(page).toMatch(/\bwarning\b|\bwarns\b/i);
  });
});

/** Warnings that cannot be without another: a step behind a loop that never ends is behind a loop that never ends. */
const alsoSaid: Readonly<Record<string, readonly string[]>> = { FLX0417: ["FLX0404"] };

function severityOf(code: string): Entry["severity"] | undefined {
  return (catalogue as Readonly<Record<string, Entry>>)[code]?.severity;
}

/** What `fluxc check` says, and for FLX0419 `fluxc build`. Locks are planned where nothing else is wrong. */
function compiled(text: string, code: string): readonly Diagnostic[] {
  const source = { path: "example.flux", text };
  const { value, errors } = parse(source);
  const program = check(value, source, code === "FLX0419" ? "build" : "check");
  const front = [...errors.map(fromSyntax), ...program.diagnostics];
  const plansLocks = code >= "FLX0530" && !front.some(({ severity }) => severity === "error");
  return plansLocks ? [...front, ...planLocks(program.value).diagnostics] : front;
}

function shown(diagnostics: readonly Diagnostic[], text: string): string {
  return report(diagnostics, { path: "example.flux", text }, { format: "human", color: false });
}
