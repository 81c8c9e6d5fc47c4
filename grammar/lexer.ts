/** Text -> tokens, comments and what is no token at all. Knows nothing of declarations. */
import type { IToken } from "chevrotain";
import type { Comment } from "./ast.ts";
import { scan } from "./scan.ts";
import type { Span } from "./span.ts";
import { mostProblems, type SyntaxProblem } from "./syntax-problem.ts";
import { LineComment, StringLiteral } from "./tokens.ts";

export interface Tokens {
  readonly tokens: IToken[];
  readonly comments: readonly Comment[];
  /** In the order of the text. */
  readonly problems: readonly SyntaxProblem[];
}

/** Never fails: what is no token is reported and left out. Linear. */
export function tokenize(text: string): Tokens {
  const { tokens: all, comments: commentTokens, unknown: strangers } = scan(text);
  // Of comments in comments, what was read of them as program.
  const remains: Span[] = [];
  const problems: SyntaxProblem[] = [];
  let unknownUntil = -1;
  for (const { startOffset: offset, image } of strangers) {
    // More are never shown, and a megabyte of garbage has half a million.
    if (problems.length === mostProblems) break;
    const span = { start: offset, end: offset + image.length };
    const sameSlip = unknownUntil >= 0 && !/[;\r\n]/.test(text.slice(unknownUntil, offset));
    unknownUntil = span.end;
    if (sameSlip) continue;
    const outer = text.startsWith("*/", offset - 1) ? outerComment(commentTokens, offset) : undefined;
    if (outer === undefined) problems.push(unknown(text, span));
    else {
      remains.push({ start: outer.startOffset, end: span.end });
      problems.push({ kind: "unknown-character", text: "*/", span: { start: offset - 1, end: offset + 1 } });
    }
  }
  const tokens = remains.length === 0 ? all : without(all, remains);
  const comments = commentTokens.map((token) => toComment(token, problems));
  let openStrings = 0;
  for (const token of tokens) {
    if (token.tokenType === StringLiteral && openStrings < mostProblems && isOpen(token)) {
      problems.push(openString(token));
      openStrings++;
    }
  }
  if (tokens.length + comments.length + problems.length === 0) {
    problems.push({ kind: "empty", span: { start: 0, end: 0 } });
  }
  problems.sort((a, b) => a.span.start - b.span.start);
  return { tokens, comments, problems };
}

/** The same for a piece of a text that begins at `start`; `undefined` where there is any problem. */
export function tokenizePiece(piece: string, start: number): Pick<Tokens, "tokens" | "comments"> | undefined {
  const { tokens, comments, problems } = tokenize(piece);
  if (problems.length > 0) return undefined;
  for (const token of tokens) token.startOffset += start;
  const moved = comments.map(({ kind, text, span }) => ({ kind, text, span: { start: span.start + start, end: span.end + start } }));
  return { tokens, comments: moved };
}

/** The comment that somebody wanted to close at this offset: the last one before it, if it has another inside. */
function outerComment(comments: readonly IToken[], offset: number): IToken | undefined {
  const last = comments.findLast(({ startOffset }) => startOffset < offset);
  return last !== undefined && last.image.indexOf("/*", 2) > 0 ? last : undefined;
}

/** The tokens outside the spans; both in the order of the text. */
function without(tokens: readonly IToken[], spans: readonly Span[]): IToken[] {
  let next = 0;
  return tokens.filter(({ startOffset }) => {
    while (next < spans.length && (spans[next]?.end ?? 0) <= startOffset) next++;
    return startOffset < (spans[next]?.start ?? Number.POSITIVE_INFINITY);
  });
}

function unknown(text: string, span: Span): SyntaxProblem {
  const characters = text.slice(span.start, span.end);
  const nul = characters.indexOf("\0");
  if (nul < 0) return { kind: "unknown-character", text: characters, ...numberAround(text, span), span };
  return { kind: "nul", span: { start: span.start + nul, end: span.start + nul + 1 } };
}

/** `1.5s`, of which only the dot is no token. */
function numberAround(text: string, { start, end }: Span): { readonly number?: string } {
  const whole = /\d{1,9}$/.exec(text.slice(Math.max(0, start - 9), start))?.[0];
  const fraction = /^\d{1,9}[a-z]*/.exec(text.slice(end, end + 12))?.[0];
  if (text.slice(start, end) !== "." || whole === undefined || fraction === undefined) return {};
  return { number: `${whole}.${fraction}` };
}

function toComment({ tokenType, image, startOffset }: IToken, problems: SyntaxProblem[]): Comment {
  const span = { start: startOffset, end: startOffset + image.length };
  if (tokenType === LineComment) return { kind: "line", text: image, span };
  if (image.length < 4 || !image.endsWith("*/")) {
    problems.push({ kind: "unterminated-comment", span: { start: startOffset, end: startOffset + 2 } });
  }
  return { kind: "block", text: image, span };
}

function isOpen({ image }: IToken): boolean {
  return image.length < 2 || !image.endsWith('"');
}

function openString({ image, startOffset }: IToken): SyntaxProblem {
  const text = image.trimEnd();
  return { kind: "unterminated-string", text, span: { start: startOffset, end: startOffset + text.length } };
}
