/** The door of the room: text -> Ast. */
import type { Ast } from "./ast.ts";
import { tokenize } from "./lexer.ts";
import { FluxParser } from "./parser.ts";
import type { Source } from "./source.ts";
import type { SyntaxProblem } from "./syntax-problem.ts";

export { decodeSource } from "./source.ts";
export type { SyntaxProblem } from "./syntax-problem.ts";

let parser: FluxParser | undefined;

/**
 * What the text declares, and what does not fit the grammar.
 *
 * Never throws, whatever the text; at most a hundred problems, in its order. A declaration with a slip is missing from
 * the tree unless it is plain what was meant; the names in it are in `Ast.broken`. Linear.
 */
export function parse(source: Source): { readonly value: Ast; readonly errors: readonly SyntaxProblem[] } {
  const { tokens, comments, problems } = tokenize(source.text);
  // Built when first needed: a command that parses nothing should not wait for it.
  parser ??= new FluxParser();
  return parser.parseTokens(source.text, tokens, problems, comments);
}
