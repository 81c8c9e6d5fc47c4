/**
 * Every token of the language and its pattern; `scan.ts` finds them in a text. Keywords are identifiers too: which of the
 * two one is, the parser decides by what follows.
 */
import { createToken, Lexer, type ITokenConfig, type TokenType } from "chevrotain";

const vocabulary: TokenType[] = [];

function token(config: ITokenConfig): TokenType {
  const type = createToken(config);
  vocabulary.push(type);
  return type;
}

/** What a C++ type may be spelled with anywhere, beside brackets. */
export const TypeWord = createToken({ name: "TypeWord", pattern: Lexer.NA, label: "part of a C++ type" });
/** What it may be spelled with inside its own brackets only. */
export const InnerTypeWord = createToken({ name: "InnerTypeWord", pattern: Lexer.NA, label: "part of a C++ type" });

export const Identifier = createToken({
  name: "Identifier",
  pattern: /[A-Za-z_]\w*/,
  line_breaks: false,
  categories: [TypeWord],
  label: "name",
});

function keyword(name: string, pattern: string): TokenType {
  return token({ name, pattern, longer_alt: Identifier, categories: [Identifier], label: `"${pattern}"` });
}

function symbol(name: string, pattern: string, categories: TokenType[] = []): TokenType {
  return token({ name, pattern, categories, label: `"${pattern}"` });
}

token({ name: "WhiteSpace", pattern: /[ \t\r\n\f\v\uFEFF]+/, line_breaks: true, group: Lexer.SKIPPED });

/** To the end of the line. */
export const LineComment = token({
  name: "LineComment",
  pattern: /\/\/[^\r\n]*/,
  line_breaks: false,
  group: "comments",
});
/** To the next end mark, or to the end of the file where there is none: the lexer then reports it. */
export const BlockComment = token({
  name: "BlockComment",
  pattern: { exec: blockComment },
  line_breaks: true,
  group: "comments",
});

export const Source = keyword("Source", "source");
export const Typedef = keyword("Typedef", "typedef");
export const Atomic = keyword("Atomic", "atomic");
export const Handle = keyword("Handle", "handle");
export const Include = keyword("Include", "include");
export const Link = keyword("Link", "link");
export const Wait = keyword("Wait", "wait");
export const Timeout = keyword("Timeout", "timeout");
export const Blocking = keyword("Blocking", "blocking");
export const Pool = keyword("Pool", "pool");
export const Limit = keyword("Limit", "limit");
/** The words a declaration can begin with, in the order of the language reference. */
export const declarationKeywords: readonly TokenType[] = [
  Source, Typedef, Atomic, Handle, Include, Link, Wait, Timeout, Blocking, Pool, Limit,
];

export const ErrorWord = keyword("ErrorWord", "error");
export const Session = keyword("Session", "session");
export const Program = keyword("Program", "program");
export const Every = keyword("Every", "every");
export const Readable = keyword("Readable", "readable");
export const Writable = keyword("Writable", "writable");
/** The words with a meaning inside a declaration. */
export const innerKeywords: readonly TokenType[] = [ErrorWord, Session, Program, Every, Readable, Writable];

/** `_` matches anything in a pattern or a path, and is an identifier elsewhere. */
export const Underscore = keyword("Underscore", "_");
vocabulary.push(Identifier);

/** A number glued to letters: `15s`. */
export const Quantity = token({
  name: "Quantity",
  pattern: /\d+[A-Za-z_]\w*/,
  line_breaks: false,
  categories: [TypeWord],
  label: "duration",
});
export const Integer = token({
  name: "Integer",
  pattern: /\d+/,
  line_breaks: false,
  categories: [TypeWord],
  label: "integer",
});
/** To the closing quote, or to the end of the line where there is none: the lexer then reports it. */
export const StringLiteral = token({
  name: "StringLiteral",
  pattern: /"[^"\r\n]*"?/,
  line_breaks: false,
  label: "string",
});

export const FatArrow = symbol("FatArrow", "=>");
export const ThinArrow = symbol("ThinArrow", "->", [InnerTypeWord]);
export const Equals = symbol("Equals", "=");
export const DoubleColon = symbol("DoubleColon", "::", [TypeWord]);
export const Colon = symbol("Colon", ":");
export const Semicolon = symbol("Semicolon", ";");
export const Comma = symbol("Comma", ",", [InnerTypeWord]);
export const Star = symbol("Star", "*", [TypeWord]);
export const Ampersand = symbol("Ampersand", "&", [TypeWord]);
export const Ellipsis = symbol("Ellipsis", "...", [TypeWord]);
export const Question = symbol("Question", "?");
export const Exclamation = symbol("Exclamation", "!");
export const LeftParen = symbol("LeftParen", "(");
export const RightParen = symbol("RightParen", ")");
export const LeftBracket = symbol("LeftBracket", "[");
export const RightBracket = symbol("RightBracket", "]");
export const LeftBrace = symbol("LeftBrace", "{");
export const RightBrace = symbol("RightBrace", "}");
export const LeftAngle = symbol("LeftAngle", "<");
export const RightAngle = symbol("RightAngle", ">");

/** What begins no token. */
export const Unknown = token({
  name: "Unknown",
  pattern: /[^\s\w"{}()[\]<>=:;,*&?!/.\-\uFEFF]+|[/.\-]|\s/,
  line_breaks: true,
  group: "unknown",
});

vocabulary.push(TypeWord, InnerTypeWord);

/** In the order the lexer tries them. */
export const allTokens: readonly TokenType[] = vocabulary;

/** How a keyword is written. */
export function spelling(keywordType: TokenType): string {
  return String(keywordType.PATTERN);
}

/** Chevrotain wants what `RegExp.exec` gives; a regular expression for this would recurse once a character. */
function blockComment(text: string, offset: number): [string] | null {
  if (!text.startsWith("/*", offset)) return null;
  const end = text.indexOf("*/", offset + 2);
  return [end < 0 ? text.slice(offset) : text.slice(offset, end + 2)];
}
