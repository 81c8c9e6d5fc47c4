/** The door of the room: text -> Ast. */
import type { Ast } from "./ast.ts";
import { FluxParser } from "./parser.ts";
import { parseInPieces, parseWhole } from "./pieces.ts";
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
  // Built when first needed: a command that parses nothing should not wait for it.
  parser ??= new FluxParser();
  const value = parseInPieces(source.text, parser);
  return value === undefined ? parseWhole(source.text, parser) : { value, errors: [] };
}
