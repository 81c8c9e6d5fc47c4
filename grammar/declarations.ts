/** The rules of the declarations, one each. Which of them a text is, `parser.ts` decides. */
import { tokenMatcher, type IToken } from "chevrotain";
import type {
  AtomicDecl, BlockingDecl, CaseDecl, ConstraintUse, HandleDecl, IncludeDecl, Interest, LimitDecl, LinkDecl, Name,
  PathElement, Pattern, PoolDecl, SequenceDecl, SignatureDecl, SourceDecl, TimeoutDecl, TypedefDecl, WaitDecl,
} from "./ast.ts";
import { expected, PartsParser } from "./parts.ts";
import { endOf, spanOf, toName } from "./recovery.ts";
import type { Span } from "./span.ts";
import type { Part } from "./syntax-problem.ts";
import * as tokens from "./tokens.ts";

const aNode = expected("a node");
const aTarget = expected("the node its flows run through");
const aHandler = expected("the node that handles it");
const aPathElement = expected("a node or `*`");
const aPattern = expected("a predicate type, `_` or `*`");
const aConstraint = expected("a constraint");
const aKey = expected("an input of the node");
const anInterest = expected("`readable` or `writable`");
const aType = expected("the name of a predicate type");
const aPredicate = expected("the function that decides it");
const aPool = expected("the name of the pool");
const aSource = expected("a source");
const aSession = expected("the function that gives the session");

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Where each part that may stand once was first given. */
type Given = { [P in Part]?: Span };

export abstract class DeclarationsParser extends PartsParser {
  /** Of the declaration at hand; its end is known when its `;` is read. */
  protected span: Writable<Span> = { start: 0, end: 0 };
  /** Of the same; a list that grew keeps room for many more, so what goes into the tree is a copy. */
  protected readonly steps: Name[] = [];

  protected readonly signature = this.RULE("signature", (): SignatureDecl => {
    const name = toName(this.CONSUME(tokens.Identifier));
    const inputs = this.tuple(() => this.SUBRULE(this.parameterList));
    this.checkConnector(tokens.FatArrow, "signature", tokens.ThinArrow, tokens.Equals);
    this.CONSUME(tokens.FatArrow);
    const outputs = this.tuple(() => this.SUBRULE2(this.parameterList));
    return { kind: "signature", name, inputs, outputs, span: this.span };
  });

  protected readonly source = this.RULE("source", (): SourceDecl => {
    this.CONSUME(tokens.Source);
    const name = toName(this.CONSUME(tokens.Identifier, aNode));
    const parts: Pick<Writable<SourceDecl>, "session" | "every"> = {};
    const given: Given = {};
    this.MANY(() => {
      const { startOffset } = this.LA(1);
      this.OR([
        {
          ALT: () => {
            const session = this.SUBRULE(this.session);
            if (this.isFirst(given, "session function", startOffset)) parts.session = session;
          },
        },
        {
          ALT: () => {
            this.CONSUME(tokens.Every);
            const every = this.SUBRULE(this.duration);
            if (this.isFirst(given, "period", startOffset)) parts.every = every;
          },
        },
      ]);
    });
    this.checkEvery();
    this.checkConnector(tokens.FatArrow, "source", tokens.ThinArrow, tokens.Equals);
    this.CONSUME(tokens.FatArrow);
    const target = toName(this.CONSUME2(tokens.Identifier, aTarget));
    return { kind: "source", name, ...parts, target, span: this.span };
  });

  private readonly session = this.RULE("session", (): Name => {
    const open = this.CONSUME(tokens.LeftBrace);
    this.checkWord("source", tokens.Session);
    this.CONSUME(tokens.Session);
    this.checkConnector(tokens.Colon, "source", tokens.Equals);
    this.CONSUME(tokens.Colon);
    const name = toName(this.CONSUME(tokens.Identifier, aSession));
    this.checkClosing(open);
    this.CONSUME(tokens.RightBrace);
    return name;
  });

  protected readonly sequence = this.RULE("sequence", (): SequenceDecl => {
    const name = toName(this.CONSUME(tokens.Identifier));
    this.CONSUME(tokens.Equals);
    this.SUBRULE(this.body);
    return { kind: "sequence", name, steps: this.steps.slice(), span: this.span };
  });

  /** Fills `steps`; nothing at all passes the inputs through. */
  private readonly body = this.RULE("body", (): void => {
    this.OPTION({
      GATE: () => !this.beginsLineDeclaration(this.currIdx + 1),
      DEF: () => this.SUBRULE(this.flow),
    });
  });

  private readonly flow = this.RULE("flow", (): void => {
    if (!this.RECORDING_PHASE) this.takeFlow();
    else this.AT_LEAST_ONE_SEP({ SEP: tokens.ThinArrow, DEF: () => this.SUBRULE(this.step) });
  });

  private readonly step = this.RULE("step", (): void => {
    this.OR([
      { ALT: () => this.CONSUME(tokens.Identifier) },
      { ALT: () => [this.CONSUME(tokens.LeftParen), this.SUBRULE(this.flow), this.CONSUME(tokens.RightParen)] },
    ]);
  });

  /** What `flow` and `step` describe, without their recursion: a thousand parentheses would overflow the stack. */
  private takeFlow(): void {
    const open: IToken[] = [];
    do {
      while (this.LA(1).tokenType === tokens.LeftParen) {
        open.push(this.LA(1));
        this.checkDepth(open);
        this.SKIP_TOKEN();
      }
      this.checkStep();
      this.steps.push(toName(this.CONSUME(tokens.Identifier)));
      while (open.length > 0 && this.LA(1).tokenType === tokens.RightParen) {
        open.pop();
        this.SKIP_TOKEN();
      }
      this.checkConnector(tokens.ThinArrow, "sequence", tokens.FatArrow);
    } while (this.takeIf(tokens.ThinArrow));
    this.checkSeparator("->", "sequence", tokens.Identifier, tokens.LeftParen);
    const innermost = open[open.length - 1];
    if (innermost !== undefined) this.checkClosing(innermost, "`->` or");
  }

  protected readonly typedef = this.RULE("typedef", (): TypedefDecl => {
    this.CONSUME(tokens.Typedef);
    const type = toName(this.CONSUME(tokens.Identifier, aType));
    const predicate = toName(this.CONSUME2(tokens.Identifier, aPredicate));
    return { kind: "typedef", type, predicate, span: this.span };
  });

  protected readonly dispatchCase = this.RULE("case", (): CaseDecl => {
    const name = toName(this.CONSUME(tokens.Identifier));
    this.CONSUME(tokens.Colon);
    const patterns: Pattern[] = [];
    const open = this.CONSUME(tokens.LeftBracket);
    this.MANY_SEP({
      SEP: tokens.Comma,
      DEF: () => {
        patterns.push(this.SUBRULE(this.pattern));
      },
    });
    this.checkSeparator(",", "case", tokens.Identifier, tokens.Star);
    this.checkClosing(open, patterns.length === 0 ? "a predicate type, `_`, `*` or" : "`,` or");
    const close = this.CONSUME(tokens.RightBracket);
    const patternSpan = { start: open.startOffset, end: endOf(close) };
    this.checkConnector(tokens.Equals, "case", tokens.FatArrow, tokens.ThinArrow);
    this.CONSUME(tokens.Equals);
    this.SUBRULE(this.body);
    return { kind: "case", name, patterns: patterns.slice(), patternSpan, steps: this.steps.slice(), span: this.span };
  });

  private readonly pattern = this.RULE("pattern", (): Pattern =>
    this.OR<Pattern>({
      IGNORE_AMBIGUITIES: true,
      DEF: [
        { ALT: () => anyAt(this.CONSUME(tokens.Underscore)) },
        { ALT: () => anyAt(this.CONSUME(tokens.Star)) },
        {
          ALT: () => {
            const name = toName(this.CONSUME(tokens.Identifier));
            return { kind: "type", name, span: name.span };
          },
        },
      ],
      ...aPattern,
    }),
  );

  protected readonly atomic = this.RULE("atomic", (): AtomicDecl => {
    this.CONSUME(tokens.Atomic);
    const node = toName(this.CONSUME(tokens.Identifier, aNode));
    this.checkConnector(tokens.Colon, "atomic", tokens.Equals, tokens.FatArrow, tokens.ThinArrow);
    this.CONSUME(tokens.Colon);
    const constraints: ConstraintUse[] = [];
    const open = this.CONSUME(tokens.LeftBrace);
    this.AT_LEAST_ONE_SEP({
      SEP: tokens.Comma,
      DEF: () => {
        constraints.push(this.SUBRULE(this.constraint));
      },
      ...aConstraint,
    });
    this.checkSeparator(",", "atomic", tokens.Identifier);
    this.checkClosing(open, "`?`, `!`, `(`, `[`, `,` or");
    this.CONSUME(tokens.RightBrace);
    return { kind: "atomic", node, constraints: constraints.slice(), span: this.span };
  });

  private readonly constraint = this.RULE("constraint", (): ConstraintUse => {
    const name = toName(this.CONSUME(tokens.Identifier, aConstraint));
    const parts: Omit<Writable<ConstraintUse>, "name" | "span"> = {};
    const given: Given = {};
    this.MANY(() => {
      const { startOffset } = this.LA(1);
      this.OR([
        {
          ALT: () => {
            const mode = this.SUBRULE(this.mode);
            const modeSpan = spanOf(this.LA(0));
            if (this.isFirst(given, "mode", startOffset)) Object.assign(parts, { mode, modeSpan });
          },
        },
        {
          ALT: () => {
            const scope = this.SUBRULE(this.scope);
            const scopeSpan = { start: startOffset, end: endOf(this.LA(0)) };
            if (this.isFirst(given, "scope", startOffset)) Object.assign(parts, { scope, scopeSpan });
          },
        },
        {
          ALT: () => {
            const key = this.SUBRULE(this.key);
            if (this.isFirst(given, "key", startOffset)) parts.key = key;
          },
        },
      ]);
    });
    return { name, ...parts, span: { start: name.span.start, end: endOf(this.LA(0)) } };
  });

  private readonly mode = this.RULE("mode", (): "read" | "write" => {
    const token = this.OR([
      { ALT: () => this.CONSUME(tokens.Question) },
      { ALT: () => this.CONSUME(tokens.Exclamation) },
    ]);
    return token.tokenType === tokens.Question ? "read" : "write";
  });

  private readonly scope = this.RULE("scope", (): "session" | "program" => {
    const open = this.CONSUME(tokens.LeftParen);
    this.checkWord("atomic", tokens.Session, tokens.Program);
    const word = this.OR([
      { ALT: () => this.CONSUME(tokens.Session) },
      { ALT: () => this.CONSUME(tokens.Program) },
    ]);
    this.checkClosing(open);
    this.CONSUME(tokens.RightParen);
    return word.tokenType === tokens.Session ? "session" : "program";
  });

  private readonly key = this.RULE("key", (): Name => {
    const open = this.CONSUME(tokens.LeftBracket);
    const key = toName(this.CONSUME(tokens.Identifier, aKey));
    this.checkClosing(open);
    this.CONSUME(tokens.RightBracket);
    return key;
  });

  protected readonly handle = this.RULE("handle", (): HandleDecl => {
    this.CONSUME(tokens.Handle);
    this.checkWord("handle", tokens.ErrorWord);
    this.CONSUME(tokens.ErrorWord);
    const { startOffset } = this.LA(1);
    const path: PathElement[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: tokens.ThinArrow,
      DEF: () => {
        path.push(this.SUBRULE(this.pathElement));
      },
      ...aPathElement,
    });
    const pathSpan = { start: startOffset, end: endOf(this.LA(0)) };
    this.checkSeparator("->", "handle", tokens.Identifier, tokens.Star);
    this.checkConnector(tokens.FatArrow, "handle", tokens.Equals);
    this.CONSUME(tokens.FatArrow);
    const handler = toName(this.CONSUME(tokens.Identifier, aHandler));
    return { kind: "handle", path: path.slice(), pathSpan, handler, span: this.span };
  });

  private readonly pathElement = this.RULE("pathElement", (): PathElement =>
    this.OR<PathElement>({
      IGNORE_AMBIGUITIES: true,
      DEF: [
        { ALT: () => anyAt(this.CONSUME(tokens.Underscore)) },
        { ALT: () => anyAt(this.CONSUME(tokens.Star)) },
        {
          ALT: () => {
            const name = toName(this.CONSUME(tokens.Identifier));
            return { kind: "node", name, span: name.span };
          },
        },
      ],
      ...aPathElement,
    }),
  );

  protected readonly include = this.RULE("include", (): IncludeDecl => {
    this.CONSUME(tokens.Include);
    const path = this.SUBRULE(this.quoted, { ARGS: ["include"] });
    return { kind: "include", path, span: this.span };
  });

  protected readonly link = this.RULE("link", (): LinkDecl => {
    this.CONSUME(tokens.Link);
    const name = this.SUBRULE(this.quoted, { ARGS: ["link"] });
    return { kind: "link", package: name, span: this.span };
  });

  protected readonly wait = this.RULE("wait", (): WaitDecl => {
    this.CONSUME(tokens.Wait);
    const node = toName(this.CONSUME(tokens.Identifier, aNode));
    this.checkConnector(tokens.Colon, "wait", tokens.Equals, tokens.FatArrow, tokens.ThinArrow);
    this.CONSUME(tokens.Colon);
    const interests: Interest[] = [];
    const open = this.CONSUME(tokens.LeftBrace);
    this.checkWord("wait", tokens.Readable, tokens.Writable);
    this.AT_LEAST_ONE_SEP({
      SEP: tokens.Comma,
      DEF: () => {
        interests.push(this.SUBRULE(this.interest));
      },
      ...anInterest,
    });
    this.checkSeparator(",", "wait", tokens.Identifier);
    this.checkClosing(open, "`,` or");
    this.CONSUME(tokens.RightBrace);
    return { kind: "wait", node, interests: interests.slice(), span: this.span };
  });

  private readonly interest = this.RULE("interest", (): Interest => {
    this.checkWord("wait", tokens.Readable, tokens.Writable);
    const word = this.OR([
      { ALT: () => this.CONSUME(tokens.Readable) },
      { ALT: () => this.CONSUME(tokens.Writable) },
    ]);
    const on = this.SUBRULE(this.qualifiedName);
    const readiness = word.tokenType === tokens.Readable ? "readable" : "writable";
    return { readiness, on, span: { start: word.startOffset, end: endOf(this.LA(0)) } };
  });

  protected readonly timeout = this.RULE("timeout", (): TimeoutDecl => {
    this.CONSUME(tokens.Timeout);
    const node = toName(this.CONSUME(tokens.Identifier, aNode));
    this.checkConnector(tokens.Colon, "timeout", tokens.Equals, tokens.FatArrow, tokens.ThinArrow);
    this.CONSUME(tokens.Colon);
    const duration = this.SUBRULE(this.duration);
    return { kind: "timeout", node, duration, span: this.span };
  });

  protected readonly blocking = this.RULE("blocking", (): BlockingDecl => {
    this.CONSUME(tokens.Blocking);
    const node = toName(this.CONSUME(tokens.Identifier, aNode));
    return { kind: "blocking", node, span: this.span };
  });

  protected readonly pool = this.RULE("pool", (): PoolDecl => {
    this.CONSUME(tokens.Pool);
    const name = toName(this.CONSUME(tokens.Identifier, aPool));
    this.checkConnector(tokens.Colon, "pool", tokens.Equals, tokens.FatArrow, tokens.ThinArrow);
    this.CONSUME(tokens.Colon);
    const size = this.SUBRULE(this.count, { ARGS: ["pool size"] });
    return { kind: "pool", name, size, span: this.span };
  });

  protected readonly limit = this.RULE("limit", (): LimitDecl => {
    this.CONSUME(tokens.Limit);
    const source = toName(this.CONSUME(tokens.Identifier, aSource));
    this.checkConnector(tokens.Colon, "limit", tokens.Equals, tokens.FatArrow, tokens.ThinArrow);
    this.CONSUME(tokens.Colon);
    const limit = this.SUBRULE(this.count, { ARGS: ["limit"] });
    return { kind: "limit", source, limit, span: this.span };
  });

  private checkStep(): void {
    const next = this.LA(1);
    const fits = tokenMatcher(next, tokens.Identifier);
    if (!fits || this.beginsLineDeclaration(this.currIdx + 1)) this.fail("a node", "sequence");
  }

  private checkEvery(): void {
    if (this.RECORDING_PHASE) return;
    const after = this.LA(2).tokenType;
    if (after === tokens.Quantity || after === tokens.Integer) this.checkWord("source", tokens.Every);
  }

  /** The first of its kind counts, and every further one is reported. */
  private isFirst(given: Given, part: Part, start: number): boolean {
    if (this.RECORDING_PHASE) return true;
    const span = { start, end: endOf(this.LA(0)) };
    const first = given[part];
    if (first === undefined) given[part] = span;
    else this.report({ kind: "repeated-part", part, first, span });
    return first === undefined;
  }
}

function anyAt(token: IToken): { readonly kind: "any"; readonly span: Span } {
  return { kind: "any", span: spanOf(token) };
}
