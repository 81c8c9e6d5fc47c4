/**
 * Programs with slips of every kind, from text to report: none crashes a pass or the renderer, every span lies in the
 * text, and no format lets anything through that a terminal would obey.
 */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { check } from "../check/index.ts";
import { planLocks } from "../locks/plan-locks.ts";
import { pageExamples } from "./explain.ts";
import { fromSyntax } from "./from-syntax.ts";
import { formats, report } from "./report.ts";

const folder = fileURLToPath(new URL("explain/", import.meta.url));
const programs = readdirSync(folder)
  .flatMap((name) => pageExamples(readFileSync(`${folder}${name}`, "utf8")))
  .flatMap(({ language, text }) => (language.startsWith("flux") ? [text] : []));
const words = [...new Set(programs.flatMap((text) => text.match(/\w+|->|=>|[^\s\w]/g) ?? []))];
const odd = ["\u65e5\u672c", "\x1b[31m", "\t", "\r\n", "\r", "/*", '"', "cafe\u0301", "\u{1f600}", "\u202e", "\ud800"];

interface Slip {
  readonly kind: "drop" | "insert" | "replace" | "repeat";
  /** Which token, as a part of the whole. */
  readonly at: number;
  readonly word: string;
}

const slip: fc.Arbitrary<Slip> = fc.record({
  kind: fc.constantFrom("drop", "insert", "replace", "repeat"),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  word: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: fc.constantFrom(...odd) }),
});

test("20,000 programs with slips are all reported on", () => {
  const codes = new Set<string>();
  fc.assert(
    fc.property(fc.constantFrom(...programs), fc.array(slip, { minLength: 1, maxLength: 4 }), (program, slips) => {
      const source = { path: "slips.flux", text: slips.reduce(withSlip, program) };
      const { value, errors } = parse(source);
      const checked = check(value, source);
      const front = [...errors.map(fromSyntax), ...checked.diagnostics];
      const sound = !front.some(({ severity }) => severity === "error");
      const found = sound ? [...front, ...planLocks(checked.value).diagnostics] : front;
      for (const { code, labels } of found) {
        codes.add(code);
        for (const { span } of labels) {
          expect(span.start).toBeLessThanOrEqual(span.end);
          expect(span.end).toBeLessThanOrEqual(source.text.length);
        }
      }
      for (const format of formats) {
        expect(report(found, source, { format, color: false })).not.toMatch(/[^\n\P{Cc}]|[\u202a-\u202e\u2066-\u2069]/u);
      }
    }),
    { numRuns: 20_000 },
  );
  // Otherwise the slips are too tame to say anything.
  expect(codes.size).toBeGreaterThan(60);
});

function withSlip(text: string, { kind, at, word }: Slip): string {
  const tokens = text.match(/\w+|->|=>|[^\s\w]|\s+/g) ?? [];
  const index = Math.floor(at * tokens.length);
  switch (kind) {
    case "drop":
      return tokens.toSpliced(index, 1).join("");
    case "insert":
      return tokens.toSpliced(index, 0, `${word} `).join("");
    case "replace":
      return tokens.toSpliced(index, 1, word).join("");
    case "repeat":
      return tokens.toSpliced(index, 0, ...tokens.slice(index, index + 9)).join("");
  }
}
