/** What holds of `check` for every program, tried on twenty thousand; and how long it takes with 100,000 nodes of the worst kinds. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseFrom, programText } from "../../grammar/arbitrary.ts";
import { parse } from "../../grammar/index.ts";
import { mutatedProgram } from "../../grammar/hostile.ts";
import { loopingProgram, meaningfulProgram } from "./arbitrary.ts";
import { check } from "./index.ts";
import { accepted, brokenReports, changedByNames, changedByOrder, misjudgedLoops, wrongs } from "./promises.ts";

const numbers = fc.array(fc.nat({ max: 2 ** 20 }), { maxLength: 160, size: "max" });
const keys = fc.array(fc.nat(), { minLength: 40, maxLength: 40 });

describe("20,000 programs", () => {
  test.each<[string, (chosen: readonly number[], keys: readonly number[]) => readonly string[]]>([
    ["that mean something are survived", (chosen) => brokenReports(meaningfulProgram(chooseFrom(chosen), true).join("\n"))],
    ["that mean nothing are survived", (chosen) => brokenReports(programText(chooseFrom(chosen)))],
    ["with something changed are survived", (chosen) => brokenReports(mutatedProgram(chooseFrom(chosen)))],
    ["say the same under other names", (chosen, [shift = 1]) => changedByNames(meaningfulProgram(chooseFrom(chosen), true), shift)],
    ["say the same in another order", (chosen, order) => changedByOrder(meaningfulProgram(chooseFrom(chosen), false), order)],
    [
      "that loop are refused exactly if a loop is entered at two nodes",
      (chosen) => {
        const declarations = loopingProgram(chooseFrom(chosen));
        const program = accepted(declarations.join("\n"));
        return [...misjudgedLoops(declarations), ...(program === undefined ? [] : wrongs(program))];
      },
    ],
    [
      "can run if they are accepted",
      (chosen) => {
        const program = accepted(meaningfulProgram(chooseFrom(chosen), false).join("\n"));
        return program === undefined ? [] : wrongs(program);
      },
    ],
  ])("%s", (_, promise) => {
    fc.assert(
      fc.property(numbers, keys, (chosen, order) => {
        expect(promise(chosen, order)).toEqual([]);
      }),
      { numRuns: 20_000 },
    );
  });
});

const head = 'include "x.h";\nListen () => (int s);\nsource Listen => N0;\ntypedef hit H;\nR (int s) => (int s);\n';

function repeated(times: number, line: (at: number) => string, between = "\n"): string {
  return Array.from({ length: times }, (_, at) => line(at)).join(between);
}

describe("the time is linear", () => {
  test.each<[string, (size: number) => string]>([
    ["in nodes one inside the other", (size) => `${repeated(size, (at) => `N${at} = R -> N${at + 1};`)}\nN${size} = R;`],
    ["in steps of one sequence", (size) => `N0 = ${repeated(size, () => "R", " -> ")};`],
    ["in loops one inside the other", (size) => `${repeated(size, (at) => `N${at}:[hit] = R -> N${at}; N${at}:[_] = R -> N${at + 1};`)}\nN${size} = R;`],
    ["in tail calls out of many loops", (size) => `${repeated(size, (at) => `N${at} = R -> N${at + 1};`)}\n${repeated(size, (at) => `N${size}:[hit] = R -> N${at};`)}\nN${size}:[_] = R;`],
    ["in unknown names", (size) => `N0 = ${repeated(size, (at) => `Unknown${at}`, " -> ")};`],
    ["in tuples that disagree", (size) => `N0 = ${repeated(size, (at) => (at % 2 === 0 ? "R" : "S"), " -> ")};\nS (int s, int t) => (int s, int t);`],
    ["in handlers", (size) => `N0 = ${repeated(size, (at) => `C${at}`, " -> ")};\n${repeated(size, (at) => `C${at} = R;\nhandle error N0 -> C${at} -> R => H;\nhandle error C${at} -> * => H;`)}`],
    ["in handlers that match nothing", (size) => `N0 = ${repeated(size, (at) => `C${at}`, " -> ")};\n${repeated(size, (at) => `C${at} = R;\nhandle error R -> C${at} -> R => H;`)}`],
    ["in constraints", (size) => `N0 = ${repeated(size, (at) => `C${at}`, " -> ")};\n${repeated(size, (at) => `C${at} = R;\natomic C${at}: {one, c${at}(session), k[s]};`)}`],
    ["in sources", (size) => `N0 = R;\n${repeated(size, (at) => `S${at} () => (int s);\nsource S${at} => N0;`)}\natomic R: {x(session)};`],
    ["in values", (size) => `N0 = A -> A -> A;\nA (${repeated(size, (at) => `int v${at}`, ", ")}) => (${repeated(size, (at) => `int v${at}`, ", ")});\nwait A: {${repeated(size, (at) => `readable w${at}`, ", ")}};`],
    ["in cases", (size) => repeated(size, () => "N0:[hit] = R;")],
  ])("%s", (_, program) => {
    const time = (size: number): number => {
      const source = { path: "input.flux", text: head + program(size) };
      const ast = parse(source).value;
      const before = process.cpuUsage();
      check(ast, source);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    time(5_000);
    const small = Math.min(time(5_000), time(5_000));
    const large = Math.min(time(50_000), time(50_000));
    // Ten times as much; what is quadratic takes a hundred times as long. The garbage collector has its share in it.
    expect(large).toBeLessThan(35 * Math.max(small, 10));
  });
});
