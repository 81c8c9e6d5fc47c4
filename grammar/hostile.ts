/**
 * Texts that nobody means well with, for tests: tokens in any order, programs with something changed, raw bytes. And
 * what `parse` promises of each of them. Takes its chance from the caller, as `arbitrary.ts` does.
 */
import { programText, type Choose } from "./arbitrary.ts";
import type { Ast } from "./ast.ts";
import { parse } from "./index.ts";
import { printAst } from "./print-ast.ts";
import { decodeSource } from "./source.ts";
import type { Span } from "./span.ts";
import { mostProblems, type SyntaxProblem } from "./syntax-problem.ts";
import { allTokens } from "./tokens.ts";

const written = allTokens.flatMap(({ PATTERN }) => (typeof PATTERN === "string" ? [PATTERN] : []));
const soupTokens = [
  ...written, "A", "Image", "_x", "15", "15s", "3parsecs", "0", "99999999999999999999", '"a.h"', '"open', "/*", "*/",
  "// line\n", "\n", "\r\n", "\t", "#", "@", "é", "→", "\u00a0", "\ud800", "\0", "\ufeff", "`", "\\", ";\n", ";\n",
];

/** Tokens, and what is none, in any order. */
export function tokenSoup(choose: Choose): string {
  const separator = choose(2) === 0 ? "" : " ";
  return Array.from({ length: choose(60) }, () => soupTokens[choose(soupTokens.length)] ?? "").join(separator);
}

/** A program with up to five places changed. */
export function mutatedProgram(choose: Choose): string {
  let text = programText(choose);
  for (let edits = choose(5); edits >= 0; edits--) {
    const at = choose(text.length + 1);
    const to = Math.min(text.length, at + choose(12));
    const token = soupTokens[choose(soupTokens.length)] ?? "";
    const pieces = ["", token, text.slice(at, to).repeat(2), String.fromCharCode(choose(0x300))];
    text = text.slice(0, at) + (pieces[choose(pieces.length)] ?? "") + text.slice(to);
  }
  return text;
}

/** Bytes; every other time most of them are characters of the language. */
export function rawBytes(choose: Choose): Uint8Array {
  const plain = choose(2) === 0;
  const byte = (): number => (plain && choose(20) > 0 ? 0x20 + choose(0x5f) : choose(256));
  return Uint8Array.from({ length: choose(80) }, byte);
}

/** What `parse` does not keep of its promises; nothing if all is well. */
export function brokenPromises(text: string): readonly string[] {
  const source = { path: "hostile.flux", text };
  const { value, errors } = parse(source);
  return [
    ...promisesOfErrors(errors, text),
    ...promisesOfTree(value, text),
    ...(value.broken.length > 0 && errors.length === 0 ? ["something was given up and nothing said"] : []),
    ...(errors.length === 0 && !isWhole(value, text) ? ["something was passed over and nothing said"] : []),
    ...([...printAst(value, source)].length < value.declarations.length ? ["a declaration is not printed"] : []),
  ];
}

/** The same for a file. */
export function brokenPromisesOfBytes(bytes: Uint8Array): readonly string[] {
  const { source, errors, shown } = decodeSource("hostile.flux", bytes);
  if (source !== undefined) return errors.length === 0 ? brokenPromises(source.text) : ["a source with errors"];
  return errors.length === 1 ? promisesOfErrors(errors, shown.text) : ["no source, and not one error"];
}

function promisesOfErrors(errors: readonly SyntaxProblem[], text: string): readonly string[] {
  const wrong = errors.filter(({ span }) => !isInside(span, text));
  const opened = errors.filter((error) => error.kind === "unclosed" && !isInside(error.opened, text));
  const first = errors.filter((error) => error.kind === "repeated-part" && !isInside(error.first, text));
  return [
    ...[...wrong, ...opened, ...first].map(({ kind }) => `${kind} lies outside the text`),
    ...(errors.length > mostProblems ? [`${errors.length} errors`] : []),
    ...(isSorted(errors) ? [] : ["errors are not in the order of the text"]),
  ];
}

function promisesOfTree({ declarations, comments, broken, span }: Ast, text: string): readonly string[] {
  const all = [span, ...[...declarations, ...comments, ...broken].map((one) => one.span)];
  const apart = declarations.every(({ span: { start } }, index) => (declarations[index - 1]?.span.end ?? 0) <= start);
  return [
    ...(all.every((one) => isInside(one, text)) ? [] : ["a part of the tree lies outside the text"]),
    ...(apart && isSorted(comments) && isSorted(broken) ? [] : ["the tree is not in the order of the text"]),
    ...(broken.some(({ text: name, span: at }) => text.slice(at.start, at.end) !== name) ? ["a name is not where it says"] : []),
  ];
}

/** Whether declarations and comments are all there is, but for blanks. */
function isWhole({ declarations, comments }: Ast, text: string): boolean {
  const covered = [...declarations, ...comments].map(({ span }) => span).toSorted((a, b) => a.start - b.start);
  let at = 0;
  for (const { start, end } of covered) {
    if (text.slice(at, Math.max(at, start)).trim() !== "") return false;
    at = Math.max(at, end);
  }
  return text.slice(at).trim() === "";
}

function isInside({ start, end }: Span, text: string): boolean {
  return Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= text.length;
}

function isSorted(spanned: readonly { readonly span: Span }[]): boolean {
  return spanned.every(({ span }, index) => (spanned[index - 1]?.span.start ?? 0) <= span.start);
}
