/** The rules for what stands inside declarations: names, tuples and their C++ types, numbers, strings. */
import { tokenMatcher, type IToken, type TokenType } from "chevrotain";
import type { Count, CxxType, Duration, Name, Parameter, ParameterList, StringLiteral } from "./ast.ts";
import { mostCount, mostMilliseconds, splitQuantity, units } from "./numbers.ts";
import { after, endOf, RecoveringParser, shown, spanOf, toName } from "./recovery.ts";
import type { Form, NumberRole } from "./syntax-problem.ts";
import {
  Comma, DoubleColon, Identifier, InnerTypeWord, Integer, LeftAngle, LeftBracket, LeftParen, Quantity, RightAngle,
  RightBracket, RightParen, spelling, StringLiteral as StringToken, TypeWord,
} from "./tokens.ts";

/** Deeper than any program; a parser that recurses needs an end. */
export const deepestNesting = 1000;

/** What was expected, in a person's words: Chevrotain hands the text to `RecoveringParser.SAVE_ERROR`. */
export function expected(words: string): { readonly ERR_MSG: string } {
  return { ERR_MSG: words };
}

const aWholeNumber = expected("a whole number");
const aDuration = expected("a duration such as `15s`");
const aUnit = expected("a unit of time");
const aName = expected("a name");

export abstract class PartsParser extends RecoveringParser {
  private depth = 0;

  /** `(int socket, image_tag *request)` */
  protected readonly parameterList = this.RULE("parameterList", (): ParameterList => {
    const parameters: Parameter[] = [];
    const open = this.CONSUME(LeftParen);
    this.MANY_SEP({
      SEP: Comma,
      DEF: () => {
        parameters.push(this.SUBRULE(this.parameter));
      },
    });
    this.checkClosing(open, RightParen, "`,` or");
    const close = this.CONSUME(RightParen);
    return { parameters, span: { start: open.startOffset, end: endOf(close) } };
  });

  /** `image_tag *request`: a run of tokens in which brackets are balanced. */
  private readonly parameter = this.RULE("parameter", (): Parameter => {
    const from = this.currIdx + 1;
    this.checkType();
    this.AT_LEAST_ONE(() => {
      this.OR([{ ALT: () => this.CONSUME(TypeWord) }, { ALT: () => this.SUBRULE(this.balanced) }]);
    });
    return this.RECORDING_PHASE ? noParameter : toParameter(this.input.slice(from, this.currIdx + 1));
  });

  private readonly balanced = this.RULE("balanced", (): void => {
    const open = this.LA(1);
    this.enter(open);
    this.OR([
      {
        ALT: () => {
          this.CONSUME(LeftParen);
          this.SUBRULE(this.inner);
          this.checkClosing(open, RightParen);
          this.CONSUME(RightParen);
        },
      },
      {
        ALT: () => {
          this.CONSUME(LeftBracket);
          this.SUBRULE2(this.inner);
          this.checkClosing(open, RightBracket);
          this.CONSUME(RightBracket);
        },
      },
      {
        ALT: () => {
          this.CONSUME(LeftAngle);
          this.SUBRULE3(this.inner);
          this.checkClosing(open, RightAngle);
          this.CONSUME(RightAngle);
        },
      },
    ]);
    this.leave();
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

  /** Call before whatever recurses, and `leave` after it. */
  protected enter(open: IToken): void {
    this.depth++;
    if (this.depth > deepestNesting) this.giveUp({ kind: "too-deep", limit: deepestNesting, span: spanOf(open) });
  }

  protected leave(): void {
    this.depth--;
  }

  protected resetDepth(): void {
    this.depth = 0;
  }

  /** Before the closing bracket is consumed. `more` is what could also follow: "`,` or". */
  protected checkClosing(open: IToken, closing: TokenType, more = ""): void {
    if (this.RECORDING_PHASE || this.LA(1).tokenType === closing) return;
    const wanted = `\`${spelling(closing)}\``;
    if (more !== "" && !this.endsDeclaration()) this.fail(`${more} ${wanted}`);
    const found = this.nextShown();
    const bracket = open.image;
    this.giveUp({ kind: "unclosed", bracket, closing: spelling(closing), opened: spanOf(open), found, span: after(this.LA(0)) });
  }

  /** Before what follows a list: two elements side by side lack what separates them. */
  protected checkSeparator(separator: "->" | ",", form: Form, ...elements: readonly TokenType[]): void {
    if (this.RECORDING_PHASE || this.endsDeclaration()) return;
    const next = this.LA(1);
    if (!elements.some((element) => tokenMatcher(next, element)) || this.startsDeclaration(this.currIdx + 1)) return;
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

  private checkType(): void {
    if (this.RECORDING_PHASE) return;
    const next = this.LA(1);
    const opens = next.tokenType === LeftParen || next.tokenType === LeftBracket || next.tokenType === LeftAngle;
    if (!opens && !tokenMatcher(next, TypeWord)) this.fail("a type and a name", "signature");
  }

  private checkUnit(): void {
    if (this.RECORDING_PHASE || this.LA(1).tokenType !== Integer) return;
    const unit = this.LA(2);
    if (tokenMatcher(unit, Identifier) && !this.startsDeclaration(this.currIdx + 2)) return;
    this.report({ kind: "missing-unit", text: this.LA(1).image, span: spanOf(this.LA(1)) });
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
    this.report({ kind: "malformed-number", role, text: token.image, digits: splitQuantity(token.image).digits, span: spanOf(token) });
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
    if (!bare || this.endsDeclaration()) this.fail(form === "include" ? "a header in double quotes" : "a package in double quotes", form);
    this.giveUp({ kind: "unquoted", form, found: shown(next), span: spanOf(next) });
  }
}

const noParameter: Parameter = { type: { tokens: [], span: { start: 0, end: 0 } }, span: { start: 0, end: 0 } };

/** The last identifier is the name, unless it is all there is or the end of a qualified type. */
function toParameter(run: readonly IToken[]): Parameter {
  const [first, last, before] = [run[0], run[run.length - 1], run[run.length - 2]];
  if (first === undefined || last === undefined) return noParameter;
  const named = before !== undefined && before.tokenType !== DoubleColon && tokenMatcher(last, Identifier);
  const span = { start: first.startOffset, end: endOf(last) };
  if (!named) return { type: toType(run, first, last), span };
  return { type: toType(run.slice(0, -1), first, before), name: toName(last), span };
}

function toType(run: readonly IToken[], first: IToken, last: IToken): CxxType {
  return { tokens: run.map(({ image }) => image), span: { start: first.startOffset, end: endOf(last) } };
}
