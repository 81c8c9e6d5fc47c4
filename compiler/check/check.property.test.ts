/** What holds of `check` for every program, tried on some hundreds. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseFrom, programText } from "../../grammar/arbitrary.ts";
import { mutatedProgram } from "../../grammar/hostile.ts";
import { loopingProgram, meaningfulProgram } from "./arbitrary.ts";
import { accepted, brokenReports, changedByNames, changedByOrder, misjudgedLoops, wrongs } from "./promises.ts";

const numbers = fc.array(fc.nat({ max: 2 ** 20 }), { maxLength: 120, size: "max" });

describe("check", () => {
  test.each<[string, (chosen: readonly number[]) => string]>([
    ["programs that mean something", (chosen) => meaningfulProgram(chooseFrom(chosen), true).join("\n")],
    ["programs that mean nothing", (chosen) => programText(chooseFrom(chosen))],
    ["programs with something changed", (chosen) => mutatedProgram(chooseFrom(chosen))],
  ])("survives %s, and points into the text", (_, textOf) => {
    fc.assert(
      fc.property(numbers, (chosen) => {
        expect(brokenReports(textOf(chosen))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test("says the same when nodes have other names", () => {
    fc.assert(
      fc.property(numbers, fc.nat({ max: 7 }), (chosen, shift) => {
        expect(changedByNames(meaningfulProgram(chooseFrom(chosen), true), shift)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test("says the same when declarations stand in another order", () => {
    fc.assert(
      fc.property(numbers, fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), (chosen, keys) => {
        expect(changedByOrder(meaningfulProgram(chooseFrom(chosen), false), keys)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test("accepts only programs that can run", () => {
    let seen = 0;
    fc.assert(
      fc.property(numbers, (chosen) => {
        const program = accepted(meaningfulProgram(chooseFrom(chosen), false).join("\n"));
        if (program === undefined) return;
        seen++;
        expect(wrongs(program)).toEqual([]);
      }),
      { numRuns: 800 },
    );
    expect(seen).toBeGreaterThan(10);
  });

  test("refuses a loop exactly if it is entered at two nodes", () => {
    fc.assert(
      fc.property(numbers, (chosen) => {
        const declarations = loopingProgram(chooseFrom(chosen));
        const program = accepted(declarations.join("\n"));
        expect([...misjudgedLoops(declarations), ...(program === undefined ? [] : wrongs(program))]).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  // Ways through these programs: 2 to the power of 40 and more, so whoever follows each is never back.
  test.each<[string, string]>([
    ["forty dispatches in a row", `Na = ${Array.from({ length: 40 }, () => "Choose").join(" -> ")};\nChoose:[hit] = Nb;\nChoose:[_] = Nb -> Nb;`],
    ["sixty nodes that each use the next one twice", `Na = N0;\n${Array.from({ length: 60 }, (_, at) => `N${at} = N${at + 1} -> N${at + 1};`).join("\n")}\nN60 = Nb;`],
  ])("%s are followed once", (_, nodes) => {
    const program = accepted(`include "x.h";\nListen () => (int s);\nsource Listen => Na;\nNb (int s) => (int s);\ntypedef hit H;\n${nodes}
handle error * -> * -> * -> Nb => Report;\nhandle error * => Report;`);
    expect(program === undefined ? ["not accepted"] : wrongs(program)).toEqual([]);
  });
});
