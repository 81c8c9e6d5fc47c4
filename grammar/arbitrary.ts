/**
 * Random programs that fit the grammar, for tests: any form, any order, blanks and comments where they may stand. They
 * mean nothing: no name is declared on purpose. Takes its chance from the caller, so that a test can replay and shrink.
 */

/** A number from 0 to `below` - 1. */
export type Choose = (below: number) => number;

/** Chance from a list, then always 0, which is the shortest choice: shorter lists and smaller numbers, shorter programs. */
export function chooseFrom(numbers: readonly number[]): Choose {
  let next = 0;
  return (below) => (numbers[next++] ?? 0) % below;
}

/** The tokens of a program, one list a declaration, each ending in `;`. */
export function programTokens(choose: Choose): readonly (readonly string[])[] {
  return many(choose, 12, () => [...declaration(choose), ";"]);
}

/** The same as text. Each declaration begins a line. */
export function programText(choose: Choose): string {
  return programTokens(choose)
    .map((tokens) => joined(tokens, choose))
    .join("\n");
}

/** Tokens with blanks where they need some, and here and there where they do not. */
export function joined(tokens: readonly string[], choose: Choose): string {
  let text = "";
  for (const token of tokens) {
    const glued = /\w$/.test(text) && /^\w/.test(token);
    const blank = blanks[choose(blanks.length)] ?? " ";
    text += text === "" || (blank === "" && !glued && !wouldMerge(text, token)) ? token : `${blank || " "}${token}`;
  }
  return text;
}

const blanks = [" ", "", " ", "  ", "\n  ", "\r\n\t", " /* ; */ ", " // ->\n  "];

/** `/` never stands in a program but in comments; `:` and `=` grow with what follows. */
function wouldMerge(text: string, token: string): boolean {
  return /[:=.\->/*]$/.test(text) && /^[:=.>/*]/.test(token);
}

const names = [
  "A", "Listen", "ReadRequest", "x1", "_", "__y", "source", "typedef", "atomic", "handle", "error", "include", "link",
  "wait", "timeout", "blocking", "pool", "limit", "session", "program", "every", "readable", "writable",
];
const types = ["int", "char *", "const struct tag *", "unsigned long", "std :: string", "T &", "image_tag * *"];

function declaration(choose: Choose): readonly string[] {
  const name = (): string => pick(choose, names);
  const node = name;
  switch (choose(14)) {
    case 0:
      return [name(), "=", ...body(choose)];
    case 1:
      return [name(), ...tuple(choose), "=>", ...tuple(choose)];
    case 2:
      return ["source", node(), ...sourceParts(choose), "=>", node()];
    case 3:
      return ["typedef", name(), name()];
    case 4:
      return [name(), ":", "[", ...separated(choose, 4, ",", () => pattern(choose)), "]", "=", ...body(choose)];
    case 5:
      return ["atomic", node(), ":", "{", ...constraint(choose), ...separated(choose, 3, ",", () => constraint(choose), true), "}"];
    case 6:
      return ["handle", "error", ...path(choose), "=>", node()];
    case 7:
      return ["include", pick(choose, ['"a.h"', '"deep/b.hpp"', '"// c"'])];
    case 8:
      return ["link", pick(choose, ['"libjpeg"', '"gtk+-3.0"'])];
    case 9:
      return ["wait", node(), ":", "{", ...interest(choose), ...separated(choose, 2, ",", () => interest(choose), true), "}"];
    case 10:
      return ["timeout", node(), ":", ...duration(choose)];
    case 11:
      return ["blocking", node()];
    case 12:
      return ["pool", name(), ":", String(1 + choose(1000))];
    default:
      return ["limit", node(), ":", String(1 + choose(100_000))];
  }
}

function body(choose: Choose): readonly string[] {
  return choose(6) === 1 ? [] : flow(choose, 3);
}

function flow(choose: Choose, depth: number): readonly string[] {
  const step = (): readonly string[] =>
    depth > 0 && choose(8) === 1 ? ["(", ...flow(choose, depth - 1), ")"] : [pick(choose, names)];
  return [...step(), ...separated(choose, 4, "->", step, true)];
}

function tuple(choose: Choose): readonly string[] {
  return ["(", ...separated(choose, 4, ",", () => [...type(choose, 2), pick(choose, names)]), ")"];
}

function type(choose: Choose, depth: number): readonly string[] {
  if (depth === 0 || choose(5) !== 1) return pick(choose, types).split(" ");
  const argument = (): readonly string[] => type(choose, depth - 1);
  return ["std", "::", "map", "<", ...argument(), ...separated(choose, 2, ",", argument, true), ">"];
}

function sourceParts(choose: Choose): readonly string[] {
  const session = choose(3) === 1 ? ["{", "session", ":", pick(choose, names), "}"] : [];
  const every = choose(3) === 1 ? ["every", ...duration(choose)] : [];
  return choose(2) === 1 ? [...every, ...session] : [...session, ...every];
}

function constraint(choose: Choose): readonly string[] {
  const mode = pick(choose, ["", "?", "!"]);
  const scope = pick(choose, ["", "( session )", "( program )"]);
  const key = choose(3) === 1 ? `[ ${pick(choose, names)} ]` : "";
  const parts = [mode, scope, key].filter((part) => part !== "");
  if (choose(2) === 1) parts.reverse();
  return [pick(choose, names), ...parts.flatMap((part) => part.split(" "))];
}

function pattern(choose: Choose): readonly string[] {
  return [pick(choose, ["_", "*", "hit", ...names])];
}

function path(choose: Choose): readonly string[] {
  const element = (): readonly string[] => [pick(choose, ["*", "_", ...names])];
  return [...element(), ...separated(choose, 3, "->", element, true)];
}

function interest(choose: Choose): readonly string[] {
  const qualified = choose(4) === 1 ? ["::", pick(choose, names)] : [];
  return [pick(choose, ["readable", "writable"]), pick(choose, names), ...qualified];
}

function duration(choose: Choose): readonly string[] {
  const number = String(1 + choose(1000));
  const unit = pick(choose, ["s", "ms", "m"]);
  return choose(4) === 1 ? [number, unit] : [number + unit];
}

function pick(choose: Choose, from: readonly string[]): string {
  return from[choose(from.length)] ?? "A";
}

function many<T>(choose: Choose, most: number, make: () => T): readonly T[] {
  return Array.from({ length: choose(most + 1) }, make);
}

/** Up to `most`, with a separator between two, and `before` the first if something is there already. */
function separated(
  choose: Choose,
  most: number,
  separator: string,
  make: () => readonly string[],
  before = false,
): readonly string[] {
  const lists = many(choose, most, make);
  return lists.flatMap((list, index) => (before || index > 0 ? [separator, ...list] : list));
}
