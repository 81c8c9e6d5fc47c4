/**
 * Text -> tokens, as their patterns in `tokens.ts` say; a test compares the two. Chevrotain's own lexer takes longer to be
 * built than to read a usual program, and twice as long for a large one. Reports nothing: that is `lexer.ts`'s business.
 */
import type { IToken, TokenType } from "chevrotain";
import * as tokens from "./tokens.ts";

/** All of a text but its blanks, each list in the order of the text. */
export interface Scanned {
  readonly tokens: IToken[];
  readonly comments: IToken[];
  /** What begins no token. */
  readonly unknown: IToken[];
}

/** Linear. Equal words are one string: less to keep, and found faster where names are looked up. */
export function scan(text: string): Scanned {
  const scanned: Scanned = { tokens: [], comments: [], unknown: [] };
  const words = new Map(keywords);
  let end = 0;
  for (let start = 0; start < text.length; start = end) {
    const code = text.charCodeAt(start);
    const kind = kindOf(code);
    end = start + 1;
    if (kind === blank) continue;
    if (kind === letter) {
      end = endOfWord(text, end);
      const image = text.slice(start, end);
      let known = words.get(image);
      if (known === undefined) words.set(image, (known = { image, type: tokens.Identifier }));
      scanned.tokens.push(token(known.image, start, known.type));
      continue;
    }
    if (kind === digit) {
      while (kindOf(text.charCodeAt(end)) === digit) end++;
      const glued = kindOf(text.charCodeAt(end)) === letter;
      if (glued) end = endOfWord(text, end);
      scanned.tokens.push(token(text.slice(start, end), start, glued ? tokens.Quantity : tokens.Integer));
      continue;
    }
    if (kind === quote) {
      while (end < text.length && !endsString(text.charCodeAt(end))) end++;
      if (text.charCodeAt(end) === code) end++;
      scanned.tokens.push(token(text.slice(start, end), start, tokens.StringLiteral));
      continue;
    }
    if (code === slash) {
      const comment = commentAt(text, start);
      if (comment !== undefined) {
        end = start + comment.image.length;
        scanned.comments.push(comment);
        continue;
      }
    }
    const symbol = symbolAt(text, start, code);
    if (symbol !== undefined) {
      end = start + symbol.image.length;
      scanned.tokens.push(token(symbol.image, start, symbol.type));
      continue;
    }
    end = endOfUnknown(text, start);
    scanned.unknown.push(token(text.slice(start, end), start, tokens.Unknown));
  }
  return scanned;
}

interface Word {
  readonly image: string;
  readonly type: TokenType;
}

/** The tokens that are written in one way only. */
const fixed: readonly Word[] = tokens.allTokens.flatMap((type) => (typeof type.PATTERN === "string" ? [{ image: type.PATTERN, type }] : []));

const isWord = /^\w/;
const keywords: ReadonlyMap<string, Word> = new Map(fixed.filter(({ image }) => isWord.test(image)).map((one) => [one.image, one]));

/** By first character, the longest first. */
const symbols: readonly (readonly Word[])[] = Array.from({ length: 128 }, (_, code) =>
  fixed
    .filter(({ image }) => !isWord.test(image) && image.charCodeAt(0) === code)
    .sort((a, b) => b.image.length - a.image.length),
);

function symbolAt(text: string, start: number, code: number): Word | undefined {
  for (const symbol of symbols[code] ?? []) {
    if (symbol.image.length === 1 || text.startsWith(symbol.image, start)) return symbol;
  }
  return undefined;
}

const other = 0;
const blank = 1;
const letter = 2;
const digit = 3;
const quote = 4;
/** What a token that begins with this character may be. A mark may be none after all: a lone `.`. */
const mark = 5;

const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[ \t\r\n\f\v]/.test(character)) return blank;
  if (/[A-Za-z_]/.test(character)) return letter;
  if (/\d/.test(character)) return digit;
  if (character === '"') return quote;
  return character === "/" || (symbols[code] ?? []).length > 0 ? mark : other;
});

const byteOrderMark = 0xfeff;

/** NaN, past the end, is no kind of its own. */
function kindOf(code: number): number {
  return code < 128 ? (kinds[code] ?? other) : code === byteOrderMark ? blank : other;
}

function endOfWord(text: string, from: number): number {
  for (let end = from; ; end++) {
    const kind = kindOf(text.charCodeAt(end));
    if (kind !== letter && kind !== digit) return end;
  }
}

const slash = 0x2f;

/** A line comment ends before the line does; a block comment with the text where nothing closes it. */
function commentAt(text: string, start: number): IToken | undefined {
  if (text.startsWith("//", start)) {
    let end = start + 2;
    while (end < text.length && !endsLine(text.charCodeAt(end))) end++;
    return token(text.slice(start, end), start, tokens.LineComment);
  }
  if (!text.startsWith("/*", start)) return undefined;
  const close = text.indexOf("*/", start + 2);
  return token(close < 0 ? text.slice(start) : text.slice(start, close + 2), start, tokens.BlockComment);
}

function endsLine(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}

function endsString(code: number): boolean {
  return code === 0x22 || endsLine(code);
}

/** Spaces that are no blanks of ours (and marks that are no symbol) one by one, everything else as far as it goes. */
function endOfUnknown(text: string, start: number): number {
  const isOdd = (at: number): boolean => at < text.length && kindOf(text.charCodeAt(at)) === other && !isSpace(text.charCodeAt(at));
  if (!isOdd(start)) return start + 1;
  let end = start + 1;
  while (isOdd(end)) end++;
  return end;
}

function isSpace(code: number): boolean {
  return code >= 128 && /\s/.test(String.fromCharCode(code));
}

function token(image: string, startOffset: number, tokenType: TokenType): IToken {
  return { image, startOffset, tokenTypeIdx: tokenType.tokenTypeIdx as number, tokenType };
}
