/**
 * What happens when a text does not fit the grammar: how a slip is told from the place it shows, which one of several
 * symptoms is reported, and where parsing goes on. Knows tokens and declarations' first words, no rule of the grammar.
 */
import {
  EmbeddedActionsParser, EOF, tokenMatcher, type IParserErrorMessageProvider, type IRecognitionException, type IToken,
  type TokenType,
} from "chevrotain";
import type { Name } from "./ast.ts";
import type { Span } from "./span.ts";
import { mostProblems, type Form, type SyntaxProblem } from "./syntax-problem.ts";
import {
  allTokens, Colon, declarationKeywords, Equals, FatArrow, Identifier, Include, LeftBrace, LeftBracket, LeftParen, Link,
  RightBrace, RightParen, Semicolon, spelling, StringLiteral,
} from "./tokens.ts";

/** Thrown when a declaration is given up; its problem is recorded already. Chevrotain passes on what it does not know. */
const slip = { name: "Slip" };

/** Only what was expected; `SAVE_ERROR` adds the rest. */
const messages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => `\`${spelling(expected)}\``,
  buildNoViableAltMessage: ({ customUserDescription }) => customUserDescription ?? "something else",
  buildEarlyExitMessage: ({ customUserDescription }) => customUserDescription ?? "something else",
  buildNotAllInputParsedMessage: () => "the end of the file",
};

/**
 * A declaration that does not fit is given up at its first slip: the rest of it is skipped to the token after the next
 * `;`, or to a line that surely begins another declaration. So one slip is one error, and no more is lost than one
 * declaration.
 */
export abstract class RecoveringParser extends EmbeddedActionsParser {
  /** Chevrotain's own: the index of the token consumed last. Not in its type declarations; the version is pinned. */
  declare protected currIdx: number;

  protected readonly described: boolean;
  protected text = "";
  protected tokens: IToken[] = [];
  private lexical: readonly SyntaxProblem[] = [];
  private problems: SyntaxProblem[] = [];
  private brokenNames: Name[] = [];
  private first = 0;
  /** Whether a slip was reported of the declaration at hand. */
  private slipped = false;
  /** Of the declaration at hand, once somebody asked. */
  private indentation: number | undefined;
  private resumeAt = 0;
  /** Offset of the slip for which the declaration at hand was given up. */
  private slipAt = 0;
  /** Texts that were skipped: what is no token there is part of a slip that is reported already. */
  private skipped: Span[] = [];

  /**
   * `described` records the whole grammar, also where a text is told apart without it, and makes Chevrotain look for
   * ambiguities. That takes longer than to parse a usual program, and only tests and `ebnf.ts` need it.
   */
  constructor(described: boolean) {
    super([...allTokens], {
      maxLookahead: 1,
      recoveryEnabled: false,
      skipValidations: !described,
      errorMessageProvider: messages,
    });
    this.described = described;
  }

  protected start(text: string, tokens: IToken[], lexical: readonly SyntaxProblem[]): void {
    this.text = text;
    this.lexical = lexical;
    this.problems = [];
    this.brokenNames = [];
    this.skipped = [];
    this.input = tokens;
    this.tokens = tokens;
  }

  /** The first hundred, in the order of the text, and the names in what was given up. */
  protected finish(): { errors: readonly SyntaxProblem[]; broken: readonly Name[] } {
    const lexical = this.lexical.filter((problem) => !this.isSkipped(problem));
    const errors = [...lexical, ...this.problems].sort((a, b) => a.span.start - b.span.start).slice(0, mostProblems);
    const broken = this.brokenNames;
    // The parser lives on; a program of a hundred thousand nodes should not.
    this.start("", [], []);
    return { errors, broken };
  }

  /** Runs one declaration; `undefined` if it had a slip. Leaves the parser where the next one begins. */
  protected attempt<T>(declaration: () => T): T | undefined {
    this.first = this.currIdx + 1;
    this.resumeAt = this.first + 1;
    this.indentation = undefined;
    this.slipped = false;
    this.slipAt = this.text.length;
    try {
      return declaration();
    } catch (thrown) {
      if (thrown !== slip) throw thrown;
      this.resume();
      return undefined;
    }
  }

  /** Consumes the `;`, and says where it was forgotten. `more` is what could also follow: "`->`". */
  protected end(more: string, form: Form): void {
    if (this.LA(1).tokenType === Semicolon) {
      this.CONSUME(Semicolon);
      return;
    }
    const index = this.currIdx + 1;
    if (this.atEnd(index) || this.surelyNext(index)) {
      const last = this.LA(0);
      this.report({ kind: "missing-semicolon", after: shown(last), span: after(last) });
      return;
    }
    this.fail(more === "" ? "`;`" : `${more} or \`;\``, form);
  }

  /** Gives the declaration up: the next token is not what is `expected` here. */
  protected fail(expected: string, form = this.formAt(this.first)): never {
    const index = this.currIdx + 1;
    const about = { expected, ...(form === undefined ? {} : { form }) };
    // `source Listen =>` and on the next line `Image = …`: the rule has eaten the name of the next declaration.
    const stolen = this.beginsLineDeclaration(index - 1);
    if (stolen || this.atEnd(index) || this.beginsLineDeclaration(index)) {
      const last = this.tokens[stolen ? index - 2 : index - 1];
      const found = this.atEnd(index) && !stolen ? "the end of the file" : "the next declaration";
      this.resumeAt = stolen ? index - 1 : index;
      const wanted = stolen ? "a name" : expected;
      const span = last === undefined ? spanOf(this.LA(1)) : after(last);
      return this.giveUp({ kind: "unexpected", ...about, expected: wanted, found, span });
    }
    return this.giveUp({ kind: "unexpected", ...about, found: shown(this.LA(1)), span: spanOf(this.LA(1)) });
  }

  /** Reports and gives the declaration up. */
  protected giveUp(problem: SyntaxProblem): never {
    // After a slip that was taken for what was probably meant, the next may be because it was not.
    if (this.slipped || this.report(problem)) this.slipAt = problem.span.start;
    throw slip;
  }

  /** Gives the declaration up for what is reported already. */
  protected abandon(): never {
    throw slip;
  }

  /** Reports and goes on: the parser knows what was meant. False if it is the symptom of something reported already. */
  protected report(problem: SyntaxProblem): boolean {
    if (this.isSymptom(problem)) return false;
    this.problems.push(problem);
    this.slipped = true;
    return true;
  }

  /** Takes the next token, or the one `ahead`, for a `right` one: a slip with a plain meaning costs no declaration. */
  protected mend(right: TokenType, ahead = 1): void {
    const index = this.currIdx + ahead;
    const token = this.tokens[index];
    if (token === undefined || right.tokenTypeIdx === undefined) return;
    this.tokens[index] = { ...token, tokenType: right, tokenTypeIdx: right.tokenTypeIdx };
  }

  /** Whether the next token cannot belong to the declaration at hand, but for its `;`. */
  protected endsDeclaration(): boolean {
    const index = this.currIdx + 1;
    const type = this.LA(1).tokenType;
    return type === Semicolon || type === FatArrow || this.atEnd(index) || this.beginsLineDeclaration(index);
  }

  protected get ended(): boolean {
    return this.atEnd(this.currIdx + 1);
  }

  protected nextShown(): string {
    const index = this.currIdx + 1;
    if (this.atEnd(index)) return "the end of the file";
    return this.beginsLineDeclaration(index) ? "the next declaration" : shown(this.LA(1));
  }

  protected get full(): boolean {
    return this.problems.length + this.lexical.length >= mostProblems;
  }

  /** Everything from the next token on counts as broken. */
  protected abandonRest(): void {
    this.markBroken(this.currIdx + 1, this.tokens.length);
    this.currIdx = this.tokens.length - 1;
  }

  /** Chevrotain's hook for what a rule did not find. `message` is what was expected, in a person's words. */
  protected SAVE_ERROR(error: IRecognitionException): IRecognitionException {
    // Only where a mistake of ours cut `program` short; that one must be seen.
    if (error.name === "NotAllInputParsedException") return error;
    return this.fail(error.message);
  }

  /** The form of the declaration that begins at this token; `undefined` if none does. */
  protected abstract formAt(index: number): Form | undefined;

  /** Whether a declaration may begin at this token, judged by two or three tokens. */
  protected startsDeclaration(index: number): boolean {
    const first = this.tokens[index];
    const second = this.tokens[index + 1];
    if (first === undefined || second === undefined || !tokenMatcher(first, Identifier)) return false;
    if (second.tokenType === LeftParen || second.tokenType === Equals) return true;
    if (second.tokenType === Colon) return this.tokens[index + 2]?.tokenType === LeftBracket;
    if (first.tokenType === Include || first.tokenType === Link) return second.tokenType === StringLiteral;
    return declarationKeywords.includes(first.tokenType) && tokenMatcher(second, Identifier);
  }

  /** The last token before a declaration that begins between `open` and the next token. */
  protected lineDeclarationAfter(open: IToken): IToken | undefined {
    let found: IToken | undefined;
    for (let index = this.currIdx + 1; this.tokens[index - 1] !== open && index > this.first; index--) {
      if (this.beginsLineDeclaration(index)) found = this.tokens[index - 1];
    }
    return found;
  }

  /** Whether the next declaration begins here, as far as one can tell after a whole one; `C (` may be a group as well. */
  protected surelyNext(index: number): boolean {
    if (!this.startsDeclaration(index)) return false;
    return this.tokens[index + 1]?.tokenType !== LeftParen || this.beginsLineDeclaration(index);
  }

  private resume(): void {
    let index = Math.max(this.resumeAt, this.afterBody());
    while (!this.atEnd(index)) {
      if (this.tokens[index - 1]?.tokenType === Semicolon && !this.isInParentheses(index - 1)) break;
      if (this.beginsLineDeclaration(index)) break;
      index++;
    }
    this.markBroken(this.first, index);
    const last = this.tokens[index - 1];
    if (last !== undefined) this.skipped.push({ start: this.slipAt, end: endOf(last) });
    this.currIdx = index - 1;
  }

  /** Whether what begins here has a body in braces that no form of ours has: a function or a type of C++. */
  protected hasBody(): boolean {
    return this.afterBody() > 0;
  }

  /** The token behind that body and its `;`, so that what is in it is no slip of its own; 0 where there is none, or it is not closed. */
  private afterBody(): number {
    let depth = 0;
    for (let index = this.first; !this.atEnd(index); index++) {
      const type = this.tokens[index]?.tokenType;
      if (depth === 0 && (type === Semicolon || this.beginsLineDeclaration(index))) return 0;
      if (type === LeftBrace && (depth > 0 || this.opensBody(index))) depth++;
      else if (type === RightBrace && depth > 0 && --depth === 0) {
        return this.tokens[index + 1]?.tokenType === Semicolon ? index + 2 : index + 1;
      }
    }
    return 0;
  }

  /** `) {`, `) const {`; and `page {` where no declaration of ours begins and a `;` comes before the next brace. */
  private opensBody(index: number): boolean {
    const [before, last] = [this.tokens[index - 2], this.tokens[index - 1]];
    if (last?.tokenType === RightParen || (before?.tokenType === RightParen && last !== undefined && tokenMatcher(last, Identifier))) return true;
    if (last === undefined || !tokenMatcher(last, Identifier) || this.formAt(this.first) !== undefined) return false;
    let at = index + 1;
    while (!this.atEnd(at) && !enders.has(this.tokens[at]?.tokenType)) at++;
    return this.tokens[at]?.tokenType === Semicolon;
  }

  /** Whether a `;` stands in parentheses of the declaration at hand that are closed on its line: then it ends nothing. */
  protected isInParentheses(semicolon: number): boolean {
    let depth = 0;
    const count = ({ tokenType }: IToken): number => (tokenType === LeftParen ? 1 : tokenType === RightParen ? -1 : 0);
    for (const token of this.tokens.slice(this.first, semicolon)) depth += count(token);
    if (depth <= 0) return false;
    for (let index = semicolon + 1; depth > 0; index++) {
      const token = this.tokens[index];
      if (token === undefined || this.atEnd(index) || this.indentationOf(index) >= 0) return false;
      depth += count(token);
    }
    return true;
  }

  private markBroken(from: number, to: number): void {
    for (let index = from; index < to; index++) {
      const token = this.tokens[index];
      if (token !== undefined && tokenMatcher(token, Identifier)) this.brokenNames.push(toName(token));
    }
  }

  /** First on its line, not indented deeper than the declaration at hand, and looks like a declaration. */
  protected beginsLineDeclaration(index: number): boolean {
    if (index <= this.first || !this.startsDeclaration(index)) return false;
    const indentation = this.indentationOf(index);
    this.indentation ??= Math.max(0, this.indentationOf(this.first));
    return indentation >= 0 && indentation <= this.indentation;
  }

  /** Blanks before the token on its line; -1 if something else stands there. */
  private indentationOf(index: number): number {
    const offset = this.tokens[index]?.startOffset ?? 0;
    let at = offset - 1;
    while (at >= 0 && isBlank(this.text.charCodeAt(at))) at--;
    return at < 0 || isLineEnd(this.text.charCodeAt(at)) ? offset - at - 1 : -1;
  }

  /** What was no token may well be why the parser stumbles after it: the cause is reported, so the symptom is not. */
  private isSymptom({ span }: SyntaxProblem): boolean {
    const before = this.tokens[this.first - 1];
    const from = before === undefined ? 0 : endOf(before);
    // The parser looks two tokens ahead.
    const to = Math.max(span.end, this.offsetOf(this.currIdx + 2));
    return this.lexical.some((problem) => problem.span.start >= from && problem.span.start <= to);
  }

  private isSkipped({ kind, span }: SyntaxProblem): boolean {
    if (kind === "unterminated-comment") return false;
    return this.skipped.some(({ start, end }) => start < span.start && span.start < end);
  }

  private offsetOf(index: number): number {
    const token = this.tokens[index];
    return token === undefined || token.tokenType === EOF ? this.text.length : token.startOffset;
  }

  private atEnd(index: number): boolean {
    return index >= this.tokens.length || this.tokens[index]?.tokenType === EOF;
  }
}

const enders: ReadonlySet<TokenType | undefined> = new Set([Semicolon, LeftBrace, RightBrace]);

export function toName({ image, startOffset }: IToken): Name {
  return { text: image, span: { start: startOffset, end: startOffset + image.length } };
}

export function spanOf({ image, startOffset }: IToken): Span {
  return { start: startOffset, end: startOffset + image.length };
}

export function endOf({ image, startOffset }: IToken): number {
  return startOffset + image.length;
}

/** The empty place right after a token. */
export function after(token: IToken): Span {
  const end = endOf(token);
  return { start: end, end };
}

const mostShown = 40;

/** A token in a message. */
export function shown({ image, tokenType }: IToken): string {
  if (tokenType === EOF) return "the end of the file";
  return `\`${image.length > mostShown ? `${image.slice(0, mostShown - 1)}…` : image}\``;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0xfeff;
}

function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}
