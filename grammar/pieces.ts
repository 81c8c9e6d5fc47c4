/**
 * A long text is read piece by piece, so that its tokens need not all live at once: they take several times the room of
 * the tree. Only where there is nothing to report; what is wrong with a text is said of it as a whole.
 */
import type { Ast, Comment, Declaration } from "./ast.ts";
import { tokenize, tokenizePiece } from "./lexer.ts";
import type { FluxParser, Parsed } from "./parser.ts";

/** So much that what is done once a piece costs nothing, and so little that its tokens die young. */
const usualSize = 64 * 1024;

export function parseWhole(text: string, parser: FluxParser): Parsed {
  const { tokens, comments, problems } = tokenize(text);
  return parser.parseTokens(text, tokens, problems, comments);
}

/**
 * What `parseWhole` gives, or `undefined` for a text of one piece and where there is any problem. A cut in a comment, a
 * string or a declaration makes one; without any, each piece ends where a declaration does, and the tokens are the same.
 */
export function parseInPieces(text: string, parser: FluxParser, size = usualSize): Ast | undefined {
  if (text.length <= 2 * size) return undefined;
  const declarations: Declaration[] = [];
  const comments: Comment[] = [];
  for (const [start, end] of piecesOf(text, size)) {
    const piece = end - start < text.length ? tokenizePiece(text.slice(start, end), start) : undefined;
    if (piece === undefined) return undefined;
    const { value, errors } = parser.parseTokens(text, piece.tokens, [], piece.comments);
    if (errors.length > 0) return undefined;
    for (const declaration of value.declarations) declarations.push(declaration);
    for (const comment of value.comments) comments.push(comment);
  }
  return { declarations, comments, broken: [], span: { start: 0, end: text.length } };
}

/** Each but the last is at least of the size and ends after a line that ends in `;`. */
function* piecesOf(text: string, size: number): Iterable<readonly [start: number, end: number]> {
  const lineEnd = /;[ \t]*\r?\n/g;
  for (let start = 0; start < text.length; ) {
    lineEnd.lastIndex = start + size;
    const end = text.length - start > 2 * size && lineEnd.test(text) ? lineEnd.lastIndex : text.length;
    yield [start, end];
    start = end;
  }
}
