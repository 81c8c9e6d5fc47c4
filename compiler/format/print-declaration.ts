/**
 * The layout of each declaration: on one line where it fits; otherwise a line ends before each arrow, and in a list that is
 * still too long behind each comma. What begins with a token takes the tokens in order, so that none is lost.
 */
import { builders } from "prettier/doc";
import type { Doc } from "prettier";
import { invariant } from "../diagnostics/checked.ts";
import { blankInType } from "./cxx-spacing.ts";
import { noComments } from "./gaps.ts";
import type { DeclarationItem } from "./items.ts";
import { printGap, type PrintedGap } from "./print-comments.ts";

const { group, ifBreak, indent, indentIfBreak, line, softline } = builders;

/** How far a declaration is printed. */
interface Reading {
  readonly item: DeclarationItem;
  at: number;
}

export function printDeclaration(item: DeclarationItem): Doc {
  const reading: Reading = { item, at: 0 };
  const printed = [form(reading), inner(reading, ""), take(reading)];
  invariant(reading.at === item.tokens.length, `a ${item.form} is printed to its end`);
  return group(printed);
}

function form(reading: Reading): Doc {
  switch (reading.item.form) {
    case "signature":
      return signature(reading);
    case "source":
      return source(reading);
    case "sequence":
      return [take(reading), inner(reading, " "), take(reading), body(reading)];
    case "case":
      return [
        take(reading), inner(reading, ""), take(reading), inner(reading, ""),
        list(reading, take), inner(reading, " "), take(reading), body(reading),
      ];
    case "handle":
      return [
        take(reading), inner(reading, " "), take(reading), inner(reading, " "),
        group([flow(reading), inner(reading, line), take(reading), inner(reading, " "), take(reading)]),
      ];
    case "atomic":
      return [about(reading), list(reading, constraint)];
    case "wait":
      return [about(reading), list(reading, interest)];
    case "timeout":
      return [about(reading), duration(reading)];
    case "pool":
    case "limit":
      return [about(reading), take(reading)];
    case "include":
    case "link":
    case "blocking":
      return [take(reading), inner(reading, " "), take(reading)];
    case "typedef":
      return [take(reading), inner(reading, " "), take(reading), inner(reading, " "), take(reading)];
  }
}

/** `=>` begins a line of its own, but behind inputs that take several lines it stays beside their bracket. */
function signature(reading: Reading): Doc {
  const inputs = Symbol("inputs");
  const start = [take(reading), inner(reading, " "), list(reading, parameter, inputs)];
  const arrow = [gap(reading, ifBreak(" ", line, { groupId: inputs })), take(reading), inner(reading, " ")];
  return [...start, indentIfBreak([...arrow, list(reading, parameter)], { groupId: inputs, negate: true })];
}

function source(reading: Reading): Doc {
  const start = [take(reading), inner(reading, " "), take(reading)];
  while (peek(reading) !== "=>") start.push(inner(reading, " "), peek(reading) === "{" ? session(reading) : every(reading));
  return [...start, group([inner(reading, line), take(reading), inner(reading, " "), take(reading)])];
}

function session(reading: Reading): Doc {
  const [open, word, colon] = [take(reading), [inner(reading, ""), take(reading)], [inner(reading, ""), take(reading)]];
  return [open, word, colon, inner(reading, " "), take(reading), inner(reading, ""), take(reading)];
}

function every(reading: Reading): Doc {
  return [take(reading), inner(reading, " "), duration(reading)];
}

/** `15s`, also where the unit stood apart. */
function duration(reading: Reading): Doc {
  const count = take(reading);
  return /^\d+$/.test(tokenAt(reading, reading.at - 1)) ? [count, inner(reading, ""), take(reading)] : count;
}

/** `atomic CheckCache: ` */
function about(reading: Reading): Doc {
  return [
    take(reading), inner(reading, " "), take(reading), inner(reading, ""), take(reading), inner(reading, " "),
  ];
}

function constraint(reading: Reading): Doc {
  const parts = [take(reading)];
  while (peek(reading) !== "," && peek(reading) !== "}") parts.push(inner(reading, ""), take(reading));
  return parts;
}

function interest(reading: Reading): Doc {
  const parts = [take(reading), inner(reading, " "), take(reading)];
  while (peek(reading) === "::") parts.push(inner(reading, ""), take(reading), inner(reading, ""), take(reading));
  return parts;
}

/** A C++ type and a name, as far as a comma or a bracket that was not opened here. */
function parameter(reading: Reading): Doc {
  const parts: Doc[] = [];
  let depth = 0;
  for (let token = peek(reading); depth > 0 || (token !== "," && token !== ")"); token = peek(reading)) {
    if (parts.length > 0) {
      const blank = blankInType(tokenAt(reading, reading.at - 1), token, reading.item.tokens[reading.at + 1]);
      parts.push(inner(reading, blank ? " " : ""));
    }
    if (token === "(" || token === "<" || token === "[") depth++;
    if (token === ")" || token === ">" || token === "]") depth--;
    parts.push(take(reading));
  }
  return parts;
}

/** What stands behind `=`: a flow or nothing. */
function body(reading: Reading): Doc {
  if (peek(reading) === ";") return reading.item.gaps[reading.at] === noComments ? " " : "";
  return [inner(reading, " "), group(flow(reading))];
}

function flow(reading: Reading): Doc {
  const parts = [step(reading)];
  while (peek(reading) === "->") parts.push(inner(reading, line), take(reading), inner(reading, " "), step(reading));
  return parts;
}

/** A name, or a flow in parentheses: they say how somebody thinks of it, so they stay. */
function step(reading: Reading): Doc {
  if (peek(reading) !== "(") return take(reading);
  const open = take(reading);
  const inside = [inner(reading, ""), flow(reading)];
  const { comments, last } = printedGap(reading, "", "behind");
  return group([open, indent([...inside, ...comments]), indent(last), take(reading)]);
}

/** A bracketed list: on one line, or an element a line. */
function list(reading: Reading, element: (reading: Reading) => Doc, id?: symbol): Doc {
  const open = take(reading);
  const parts: Doc[] = [];
  let separator: Doc = "";
  if (!/^[)\]}]$/.test(peek(reading))) {
    separator = softline;
    parts.push(gap(reading, softline, "before"), element(reading));
    while (peek(reading) === ",") {
      parts.push(gap(reading, ""), take(reading), gap(reading, line, "before"), element(reading));
    }
  }
  const { comments, last } = printedGap(reading, separator, "behind");
  return group([open, indent([...parts, ...comments]), last, take(reading)], id === undefined ? {} : { id });
}

function tokenAt({ item }: Reading, index: number): string {
  const token = item.tokens[index];
  invariant(token !== undefined, `a ${item.form} has the tokens of its form`);
  return token;
}

function peek(reading: Reading): string {
  return tokenAt(reading, reading.at);
}

function take(reading: Reading): Doc {
  return tokenAt(reading, reading.at++);
}

function printedGap({ item, at }: Reading, separator: Doc, otherwise: "before" | "behind"): PrintedGap {
  return printGap(item.gaps[at] ?? noComments, item.tokens[at - 1] ?? "", item.tokens[at] ?? "", separator, otherwise);
}

/** What stands before the next token: the separator, and comments. */
function gap(reading: Reading, separator: Doc, otherwise: "before" | "behind" = "behind"): Doc {
  const { comments, last } = printedGap(reading, separator, otherwise);
  return comments.length === 0 ? last : [...comments, last];
}

/** The same where the declaration goes on: a new line is indented. */
function inner(reading: Reading, separator: Doc): Doc {
  return indent(gap(reading, separator));
}
