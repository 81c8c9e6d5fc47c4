/** Tests of `console.ts`: when there is colour. */
import { expect, test } from "vitest";
import { wantsColor } from "./console.ts";

const terminal = { isTTY: true };
const pipe = {};

test.each([
  ["a terminal", undefined, terminal, {}, true],
  ["a pipe", undefined, pipe, {}, false],
  ["a terminal that has none", undefined, terminal, { TERM: "dumb" }, false],
  ["NO_COLOR", undefined, terminal, { NO_COLOR: "1" }, false],
  ["an empty NO_COLOR", undefined, terminal, { NO_COLOR: "" }, true],
  ["FORCE_COLOR", undefined, pipe, { FORCE_COLOR: "1" }, true],
  ["an empty FORCE_COLOR", undefined, pipe, { FORCE_COLOR: "" }, true],
  ["FORCE_COLOR=0", undefined, terminal, { FORCE_COLOR: "0" }, false],
  ["both", undefined, pipe, { NO_COLOR: "1", FORCE_COLOR: "1" }, false],
  ["--color over NO_COLOR", true, pipe, { NO_COLOR: "1" }, true],
  ["--no-color over FORCE_COLOR", false, terminal, { FORCE_COLOR: "1" }, false],
])("%s", (_, asked, stream, environment, expected) => {
  expect(wantsColor(asked, stream, environment)).toBe(expected);
});
