/**
 * What is wrong with the form of a text, as data: a kind, a place, and what a message needs to be exact. The wording
 * is not here; who shows it decides that.
 */
import type { Declaration } from "./ast.ts";
import type { Span } from "./span.ts";

/** The declaration somebody was writing. */
export type Form = Declaration["kind"];

/** What a declaration may have once. */
export type Part = "mode" | "scope" | "key" | "session function" | "period";

/** What a number says. */
export type NumberRole = "duration" | "pool size" | "limit";

/**
 * One slip each. A place where something is missing is an empty span right after the token before it.
 * `expected` and `found` are noun phrases with code in backticks.
 */
export type SyntaxProblem = { readonly span: Span } & (
  | { readonly kind: "unexpected"; readonly expected: string; readonly found: string; readonly form?: Form }
  /** The next declaration begins, or the file ends, where `;` was due. */
  | { readonly kind: "missing-semicolon"; readonly after: string }
  /** `->`, `=>`, `=` or `:` taken for one another. */
  | {
      readonly kind: "wrong-connector";
      readonly found: string;
      readonly expected: string;
      readonly form: Form;
      /** Before `=>` at the start of a declaration: it may be a sequence, or a source without its keyword. */
      readonly name?: string;
    }
  /** Two things of a list side by side. */
  | {
      readonly kind: "missing-separator";
      readonly separator: "->" | ",";
      readonly before: string;
      readonly after: string;
      readonly form: Form;
    }
  /** A word at the start of a declaration that is no keyword and that nothing follows which would make it a name. */
  | {
      readonly kind: "unknown-declaration";
      readonly word: string;
      readonly next: string;
      readonly keywords: readonly string[];
      /** It has a body in braces, as functions and types of C++ do. */
      readonly isCxx: boolean;
    }
  /** A word where only a few are known. */
  | { readonly kind: "unknown-word"; readonly word: string; readonly words: readonly string[]; readonly form: Form }
  | { readonly kind: "unclosed"; readonly bracket: string; readonly closing: string; readonly opened: Span; readonly found: string }
  | { readonly kind: "repeated-part"; readonly part: Part; readonly first: Span }
  | { readonly kind: "too-deep"; readonly limit: number }
  | { readonly kind: "unquoted"; readonly form: "include" | "link"; readonly found: string }
  | { readonly kind: "empty-string"; readonly form: "include" | "link" }
  | { readonly kind: "number-range"; readonly role: NumberRole; readonly text: string; readonly least: string; readonly most: string }
  | { readonly kind: "missing-unit"; readonly text: string }
  | { readonly kind: "unknown-unit"; readonly text: string; readonly digits: string; readonly unit: string }
  | { readonly kind: "malformed-number"; readonly role: NumberRole; readonly text: string }
  | { readonly kind: "unterminated-comment" }
  | { readonly kind: "unterminated-string"; readonly text: string }
  /** `number`: the one with a fraction that it stands in, its unit included. */
  | { readonly kind: "unknown-character"; readonly text: string; readonly number?: string }
  | { readonly kind: "not-utf8"; readonly byteOffset: number }
  | { readonly kind: "nul" }
  | { readonly kind: "too-large"; readonly bytes: number; readonly most: number }
  | { readonly kind: "empty" }
);

/** Beyond these a reader learns nothing more, and garbage would take for ever. */
export const mostProblems = 100;
