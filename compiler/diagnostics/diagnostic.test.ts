/** Tests of `diagnostic.ts`: what it makes of an entry, and what does not compile (`npm run typecheck` is that test). */
import { describe, expect, test } from "vitest";
import type { Span } from "../../grammar/span.ts";
import { diagnostic, type Holes, type Spans } from "./diagnostic.ts";

const at: Span = { start: 3, end: 7 };

describe("diagnostic", () => {
  test("fills the title and the labels", () => {
    expect(diagnostic("FLX0201", { at }, { name: "Wriet", suggestion: "Write" })).toEqual({
      code: "FLX0201",
      severity: "error",
      title: "no node is named `Wriet`",
      labels: [{ span: at, text: "not declared", primary: true }],
      hints: ["did you mean `Write`?"],
    });
  });

  test("leaves out a hint whose hole has no value", () => {
    expect(diagnostic("FLX0201", { at }, { name: "Wriet" }).hints).toEqual([]);
    expect(diagnostic("FLX0201", { at }, { name: "Wriet", suggestion: undefined }).hints).toEqual([]);
  });

  test("clips a value nobody would read to its end", () => {
    const { title } = diagnostic("FLX0201", { at }, { name: "x".repeat(1_000_000) });
    expect(title.length).toBeLessThan(3_000);
    expect(title).toMatch(/x…`$/);
  });

  test("a report that got past the type checker without a value is a bug of the compiler", () => {
    expect(() => diagnostic("FLX0201", { at }, {} as Holes<"FLX0201">)).toThrow("compiler bug");
    expect(() => diagnostic("FLX0201", { at, other: at } as Spans<"FLX0201">, { name: "x" })).toThrow("compiler bug");
  });
});

/** Never called: each line below a directive must be an error of types. */
export function doesNotCompile(code: "FLX0101" | "FLX0201"): void {
  diagnostic("FLX0201", { at }, { name: "N", suggestion: "M" });
  // @ts-expect-error a hole is missing
  diagnostic("FLX0201", { at }, { suggestion: "M" });
  // @ts-expect-error a hole is missing, and there is no other
  diagnostic("FLX0201", { at }, {});
  // @ts-expect-error a hole has no value
  diagnostic("FLX0201", { at }, { name: undefined });
  // @ts-expect-error a hole takes text
  diagnostic("FLX0201", { at }, { name: 3 });
  // @ts-expect-error there is no such hole
  diagnostic("FLX0201", { at }, { name: "N", nmae: "N" });
  // @ts-expect-error the span is missing
  diagnostic("FLX0201", {}, { name: "N" });
  // @ts-expect-error there is no such role
  diagnostic("FLX0201", { at, first: at }, { name: "N" });
  // @ts-expect-error the primary span is one
  diagnostic("FLX0201", { at: [at] }, { name: "N" });
  // @ts-expect-error there is no such code
  diagnostic("FLX0000", { at }, { name: "N" });
  // @ts-expect-error of two codes each needs its holes
  diagnostic(code, { at }, { name: "N" });
}
