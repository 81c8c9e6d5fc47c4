/** The rules for what stands inside declarations: names, tuples and their C++ types, numbers, strings. */
import { tokenMatcher, type IToken, type TokenType } from "chevrotain";
import type { Count, Duration, Name, Parameter, ParameterList, StringLiteral } from "./ast.ts";
import { mostCount, mostMilliseconds, splitQuantity, units } from "./numbers.ts";
import { after, endOf, RecoveringParser, shown, spanOf, toName } from "./recovery.ts";
import type { Span } from "./span.ts";
import type { Form, NumberRole, SyntaxProblem } from "./syntax-problem.ts";
import {
  Colon, Comma, DoubleColon, Equals, FatArrow, Identifier, InnerTypeWord, Integer, LeftAngle, LeftBrace, LeftBracket,
  LeftParen, Quantity, RightAngle,
  RightBrace, RightBracket, RightParen, Semicolon, spelling, StringLiteral as StringToken, TypeWord,
} from "./tokens.ts";

/** Deeper than any program. */
export const deepestNesting = 1000;

/** What was expected, in a person's words: Chevrotain hands the text to `RecoveringParser.SAVE_ERROR`. */
export function expected(words: string): { readonly ERR_MSG: string } {
  return { ERR_MSG: words };
}

const aWholeNumber = expected("a whole number");
const aDuration = expected("a duration such as `15s`");
const aUnit = expected("a unit of time");
const aName = expected("a name");

const closingOf: ReadonlyMap<TokenType, TokenType> = new Map([
  [LeftParen, RightParen],
  [LeftBracket, RightBracket],
  [LeftBrace, RightBrace],
  [LeftAngle, RightAngle],
]);

export abstract class PartsParser extends RecoveringParser {
  /** By how it is written. */
  private readonly typeImages = new Map<string, readonly string[]>();

  protected override start(text: string, tokens: IToken[], lexical: readonly SyntaxProblem[]): void {
    super.start(text, tokens, lexical);
    this.typeImages.clear();
  }

  /** `(int socket, image_tag *request)` */
  protected readonly parameterList = this.RULE("parameterList", (): ParameterList => {
    this.CONSUME(LeftParen);
    this.MANY_SEP({ SEP: Comma, DEF: () => this.SUBRULE(this.parameter) });
    this.CONSUME(RightParen);
    return { parameters: [], span: { start: 0, end: 0 } };
  });

  /** What `parameterList` describes: most of a program is tuples, and rules would cost more than what is in them. */
  protected tuple(described: () => ParameterList): ParameterList {
    if (this.RECORDING_PHASE) return described();
    const parameters: Parameter[] = [];
    const open = this.CONSUME(LeftParen);
    if (this.beginsType()) {
      do parameters.push(this.takeParameter());
      while (this.takeIf(Comma));
    }
    this.checkClosing(open, parameters.length === 0 ? "a type and a name, or" : "`,` or");
    const close = this.CONSUME(RightParen);
    // A list that grew keeps room for many more: in a large program that would be most of the tree.
    return { parameters: parameters.slice(), span: { start: open.startOffset, end: endOf(close) } };
  }

  /** `image_tag *request`: a run of tokens in which brackets are balanced. */
  private readonly parameter = this.RULE("parameter", (): void => {
    this.AT_LEAST_ONE(() => {
      this.OR([{ ALT: () => this.CONSUME(TypeWord) }, { ALT: () => this.SUBRULE(this.balanced) }]);
    });
  });

  private readonly balanced = this.RULE("balanced", (): void => {
    this.OR([
      { ALT: () => [this.CONSUME(LeftParen), this.SUBRULE(this.inner), this.CONSUME(RightParen)] },
      { ALT: () => [this.CONSUME(LeftBracket), this.SUBRULE2(this.inner), this.CONSUME(RightBracket)] },
      { ALT: () => [this.CONSUME(LeftAngle), this.SUBRULE3(this.inner), this.CONSUME(RightAngle)] },
    ]);
  });

  private readonly inner = this.RULE("inner", (): void => {
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(TypeWord) },
        { ALT: () => this.CONSUME(InnerTypeWord) },
        { ALT: () => this.SUBRULE(this.balanced) },
      ]);
    });
  });

  /** What `parameter` describes, without its recursion: a thousand brackets would overflow the stack. */
  private takeParameter(): Parameter {
    this.checkType();
    const from = this.currIdx + 1;
    this.takeType();
    return this.toParameter(from, this.currIdx);
  }

  private takeType(): void {
    const open: IToken[] = [];
    for (;;) {
      const next = this.LA(1);
      const innermost = open[open.length - 1];
      const isWord = tokenMatcher(next, TypeWord) || (innermost !== undefined && tokenMatcher(next, InnerTypeWord));
      if (!isWord && closingOf.has(next.tokenType)) {
        open.push(next);
        this.checkDepth(open);
      } else if (!isWord && innermost !== undefined && closingOf.get(innermost.tokenType) === next.tokenType) {
        open.pop();
      } else if (!isWord && this.isHalfOfDoubleColon()) {
        this.reportConnector(next, DoubleColon, "signature");
        this.mend(DoubleColon);
        this.LA(1).image = spelling(DoubleColon);
      } else if (!isWord) {
        if (innermost !== undefined) this.unclosed(innermost);
        return;
      }
      this.SKIP_TOKEN();
    }
  }

  /** `net::listener` */
  protected readonly qualifiedName = this.RULE("qualifiedName", (): Name => {
    const first = this.CONSUME(Identifier, aName);
    let text = first.image;
    this.MANY(() => {
      this.CONSUME(DoubleColon);
      text += `::${this.CONSUME2(Identifier, aName).image}`;
    });
    return { text, span: { start: first.startOffset, end: endOf(this.LA(0)) } };
  });

  /** `15s`; the unit may stand apart, since white space means nothing. */
  protected readonly duration = this.RULE("duration", (): Duration => {
    this.checkUnit();
    const start = this.LA(1).startOffset;
    const text = this.OR({
      DEF: [
        { ALT: () => this.CONSUME(Quantity).image },
        { ALT: () => this.CONSUME(Integer).image + this.CONSUME(Identifier, aUnit).image },
      ],
      ...aDuration,
    });
    const span = { start, end: endOf(this.LA(0)) };
    return this.RECORDING_PHASE ? { milliseconds: 0, text: "", span } : this.toDuration(text, span);
  });

  protected readonly count = this.RULE("count", (role: NumberRole): Count => {
    this.checkWholeNumber(role);
    const token = this.CONSUME(Integer, aWholeNumber);
    return this.RECORDING_PHASE ? { value: 0, span: spanOf(token) } : this.toCount(token, role);
  });

  protected readonly quoted = this.RULE("quoted", (form: "include" | "link"): StringLiteral => {
    this.checkQuotes(form);
    const token = this.CONSUME(StringToken);
    const closed = token.image.length > 1 && token.image.endsWith('"');
    const text = closed ? token.image.slice(1, -1) : token.image.slice(1).trimEnd();
    const span = spanOf(token);
    if (!this.RECORDING_PHASE && text.trim() === "") this.report({ kind: "empty-string", form, span });
    return { text, span };
  });

  protected checkDepth(open: readonly IToken[]): void {
    const innermost = open[open.length - 1];
    if (innermost === undefined || open.length <= deepestNesting) return;
    this.giveUp({ kind: "too-deep", limit: deepestNesting, span: spanOf(innermost) });
  }

  /** Before the closing bracket is consumed. `more` is what could also follow: "`,` or". */
  protected checkClosing(open: IToken, more = ""): void {
    if (this.RECORDING_PHASE) return;
    const closing = closingOf.get(open.tokenType);
    if (this.LA(1).tokenType === closing || closing === undefined) return;
    const listEnds = this.endsDeclaration() || (open.tokenType === LeftBracket && this.LA(1).tokenType === Equals);
    if (more !== "" && !listEnds) this.fail(`${more} \`${spelling(closing)}\``);
    this.unclosed(open);
  }

  private unclosed(open: IToken): never {
    const closing = spelling(closingOf.get(open.tokenType) ?? open.tokenType);
    if (this.LA(1).tokenType === Semicolon && this.isInParentheses(this.currIdx + 1)) this.fail(`\`,\` or \`${closing}\``);
    const about = { kind: "unclosed", bracket: open.image, closing, opened: spanOf(open) } as const;
    // A type swallows almost anything, the next declarations too: the bracket was due before the first of them.
    const next = this.lineDeclarationAfter(open);
    if (next !== undefined) return this.giveUp({ ...about, found: "the next declaration", span: after(next) });
    return this.giveUp({ ...about, found: this.nextShown(), span: after(this.LA(0)) });
  }

  protected takeIf(type: TokenType): boolean {
    if (this.LA(1).tokenType !== type) return false;
    this.SKIP_TOKEN();
    return true;
  }

  /** Before what follows a list: two elements side by side lack what separates them. */
  protected checkSeparator(separator: "->" | ",", form: Form, ...elements: readonly TokenType[]): void {
    if (this.RECORDING_PHASE || this.endsDeclaration()) return;
    const next = this.LA(1);
    if (!elements.some((element) => tokenMatcher(next, element)) || this.surelyNext(this.currIdx + 1)) return;
    const last = this.LA(0);
    this.giveUp({ kind: "missing-separator", separator, before: shown(last), after: shown(next), form, span: after(last) });
  }

  /** Before one of a few words is consumed. */
  protected checkWord(form: Form, ...words: readonly TokenType[]): void {
    if (this.RECORDING_PHASE) return;
    const next = this.LA(1);
    if (words.includes(next.tokenType)) return;
    const spellings = words.map(spelling);
    if (!tokenMatcher(next, Identifier)) this.fail(spellings.map((word) => `\`${word}\``).join(" or "), form);
    this.giveUp({ kind: "unknown-word", word: next.image, words: spellings, form, span: spanOf(next) });
  }

  /** Where `right` is due: one of `wrong` is reported and taken for it. */
  protected checkConnector(right: TokenType, form: Form, ...wrong: readonly TokenType[]): void {
    if (this.RECORDING_PHASE || !wrong.includes(this.LA(1).tokenType)) return;
    this.reportConnector(this.LA(1), right, form);
    this.mend(right);
  }

  protected reportConnector(token: IToken, right: TokenType, form: Form, named?: IToken): void {
    const due = spelling(right);
    const name = named !== undefined && token.tokenType === FatArrow ? { name: named.image } : {};
    this.report({ kind: "wrong-connector", found: token.image, expected: due, form, ...name, span: spanOf(token) });
  }

  /** `std:string` */
  private isHalfOfDoubleColon(): boolean {
    return this.LA(1).tokenType === Colon && tokenMatcher(this.LA(0), Identifier) && tokenMatcher(this.LA(2), Identifier);
  }

  private checkType(): void {
    if (!this.beginsType()) this.fail("a type and a name", "signature");
  }

  private beginsType(): boolean {
    const next = this.LA(1);
    const { tokenType } = next;
    return tokenMatcher(next, TypeWord) || tokenType === LeftParen || tokenType === LeftBracket || tokenType === LeftAngle;
  }

  /** The last identifier is the name, unless it is all there is or the end of a qualified type. */
  private toParameter(from: number, to: number): Parameter {
    const first = this.tokens[from] as IToken;
    const last = this.tokens[to] as IToken;
    const before = this.tokens[to - 1];
    const start = first.startOffset;
    if (to === from || before === undefined || before.tokenType === DoubleColon || !tokenMatcher(last, Identifier)) {
      const span = { start, end: endOf(last) };
      return { type: { tokens: this.images(from, to, span), span }, span };
    }
    const name = toName(last);
    const span = { start, end: endOf(before) };
    return { type: { tokens: this.images(from, to - 1, span), span }, name, span: { start, end: name.span.end } };
  }

  /** The same list for the same text: a program has many parameters of few types. */
  private images(from: number, to: number, { start, end }: Span): readonly string[] {
    const text = this.text.slice(start, end);
    let images = this.typeImages.get(text);
    if (images === undefined) this.typeImages.set(text, (images = this.tokens.slice(from, to + 1).map(({ image }) => image)));
    return images;
  }

  private checkUnit(): void {
    if (this.RECORDING_PHASE || this.LA(1).tokenType !== Integer) return;
    const unit = this.LA(2);
    if (units.has(unit.image) || (tokenMatcher(unit, Identifier) && !this.startsDeclaration(this.currIdx + 2))) return;
    const problem = { kind: "missing-unit", text: this.LA(1).image, span: spanOf(this.LA(1)) } as const;
    const follows = unit.tokenType === Semicolon || unit.tokenType === FatArrow || unit.tokenType === LeftBrace;
    if (!follows && !this.surelyNext(this.currIdx + 2)) this.giveUp(problem);
    this.report(problem);
    this.mend(Quantity);
  }

  private toDuration(text: string, span: Duration["span"]): Duration {
    const { digits, unit } = splitQuantity(text);
    const factor = units.get(unit);
    const milliseconds = Number(digits) * (factor ?? 1000);
    if (factor === undefined) {
      // A missing unit is reported before it comes to this.
      if (unit !== "") this.report({ kind: "unknown-unit", text, digits, unit, span });
    } else if (milliseconds < 1 || milliseconds > mostMilliseconds) {
      const most = `${Math.floor(mostMilliseconds / factor)}${unit}`;
      this.report({ kind: "number-range", role: "duration", text, least: "1ms", most, span });
    }
    return { milliseconds: Math.min(Math.max(milliseconds, 1), mostMilliseconds), text, span };
  }

  private checkWholeNumber(role: NumberRole): void {
    const token = this.LA(1);
    if (this.RECORDING_PHASE || token.tokenType !== Quantity) return;
    this.report({ kind: "malformed-number", role, text: token.image, span: spanOf(token) });
    this.mend(Integer);
  }

  private toCount(token: IToken, role: NumberRole): Count {
    const { digits, unit } = splitQuantity(token.image);
    const value = Number(digits);
    const span = spanOf(token);
    if (unit === "" && (value < 1 || value > mostCount)) {
      this.report({ kind: "number-range", role, text: token.image, least: "1", most: String(mostCount), span });
    }
    return { value: Math.min(Math.max(value, 1), mostCount), span };
  }

  private checkQuotes(form: "include" | "link"): void {
    const next = this.LA(1);
    if (this.RECORDING_PHASE || next.tokenType === StringToken) return;
    const bare = next.tokenType === LeftAngle || tokenMatcher(next, Identifier);
    if (!bare || this.endsDeclaration()) this.fail(`a ${form === "include" ? "header" : "library"} in double quotes`, form);
    this.giveUp({ kind: "unquoted", form, found: shown(next), span: spanOf(next) });
  }
}
