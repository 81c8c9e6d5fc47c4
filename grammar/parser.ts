/**
 * The grammar, declaration by declaration, building the AST directly. Decides which form one has by its first two
 * tokens; what happens where a text does not fit is `recovery.ts`'s business, what the names mean nobody's here.
 */
import { tokenMatcher, type IToken, type TokenType } from "chevrotain";
import type {
  Ast, AtomicDecl, BlockingDecl, CaseDecl, Comment, ConstraintUse, Declaration, HandleDecl, IncludeDecl, Interest,
  LimitDecl, LinkDecl, Name, PathElement, Pattern, PoolDecl, SequenceDecl, SignatureDecl, SourceDecl, TimeoutDecl,
  TypedefDecl, WaitDecl,
} from "./ast.ts";
import { expected, PartsParser } from "./parts.ts";
import { endOf, shown, spanOf, toName } from "./recovery.ts";
import type { Span } from "./span.ts";
import type { Form, SyntaxProblem } from "./syntax-problem.ts";
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
const aSourcePart = expected("`{session: …}`, `every` or `=>`");

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export interface Parsed {
  readonly value: Ast;
  readonly errors: readonly SyntaxProblem[];
}

export class FluxParser extends PartsParser {
  /** Of the declaration at hand; its end is known when its `;` is read. */
  private span: Writable<Span> = { start: 0, end: 0 };
  private steps: Name[] = [];

  /** `check` makes Chevrotain look for ambiguities, which takes long and which only a test needs. */
  constructor(check = false) {
    super(check);
    this.performSelfAnalysis();
  }

  /** Reports at most a hundred problems, in the order of the text, `lexical` ones included. Linear. */
  parseTokens(text: string, input: IToken[], lexical: readonly SyntaxProblem[], comments: readonly Comment[]): Parsed {
    this.start(text, input, lexical);
    const declarations = this.program();
    const { errors, broken } = this.finish();
    return { value: { declarations, comments, broken, span: { start: 0, end: text.length } }, errors };
  }

  private readonly program = this.RULE("program", (): readonly Declaration[] => {
    const declarations: Declaration[] = [];
    if (this.RECORDING_PHASE) {
      this.MANY(() => {
        this.SUBRULE(this.declaration);
        this.CONSUME(tokens.Semicolon);
      });
      return declarations;
    }
    const whole = (): Declaration => this.wholeDeclaration();
    while (!this.ended) {
      if (this.full) {
        this.abandonRest();
        break;
      }
      const declaration = this.attempt(whole);
      if (declaration !== undefined) declarations.push(declaration);
    }
    return declarations;
  });

  private wholeDeclaration(): Declaration {
    const span = { start: this.LA(1).startOffset, end: 0 };
    this.span = span;
    this.steps = [];
    this.resetDepth();
    const declaration = this.SUBRULE(this.declaration);
    const listsSteps = declaration.kind === "sequence" || declaration.kind === "case";
    this.end(listsSteps ? "`->`" : "", declaration.kind);
    span.end = endOf(this.LA(0));
    return declaration;
  }

  private readonly declaration = this.RULE("declaration", (): Declaration => {
    if (this.RECORDING_PHASE) return this.anyDeclaration();
    const first = this.LA(1);
    if (!tokenMatcher(first, tokens.Identifier)) return this.fail("a declaration");
    const form = this.formOf(first);
    switch (form) {
      case "signature":
        return this.SUBRULE(this.signature);
      case "source":
        return this.SUBRULE(this.source);
      case "sequence":
        return this.SUBRULE(this.sequence);
      case "typedef":
        return this.SUBRULE(this.typedef);
      case "case":
        return this.SUBRULE(this.dispatchCase);
      case "atomic":
        return this.SUBRULE(this.atomic);
      case "handle":
        return this.SUBRULE(this.handle);
      case "include":
        return this.SUBRULE(this.include);
      case "link":
        return this.SUBRULE(this.link);
      case "wait":
        return this.SUBRULE(this.wait);
      case "timeout":
        return this.SUBRULE(this.timeout);
      case "blocking":
        return this.SUBRULE(this.blocking);
      case "pool":
        return this.SUBRULE(this.pool);
      case "limit":
        return this.SUBRULE(this.limit);
      case undefined:
        return this.noDeclaration(first);
    }
  });

  /** For the grammar's own description; a text is told apart faster and better above. */
  private anyDeclaration(): Declaration {
    return this.OR<Declaration>({
      MAX_LOOKAHEAD: 2,
      DEF: [
        { ALT: () => this.SUBRULE(this.signature) },
        { ALT: () => this.SUBRULE(this.source) },
        { ALT: () => this.SUBRULE(this.sequence) },
        { ALT: () => this.SUBRULE(this.typedef) },
        { ALT: () => this.SUBRULE(this.dispatchCase) },
        { ALT: () => this.SUBRULE(this.atomic) },
        { ALT: () => this.SUBRULE(this.handle) },
        { ALT: () => this.SUBRULE(this.include) },
        { ALT: () => this.SUBRULE(this.link) },
        { ALT: () => this.SUBRULE(this.wait) },
        { ALT: () => this.SUBRULE(this.timeout) },
        { ALT: () => this.SUBRULE(this.blocking) },
        { ALT: () => this.SUBRULE(this.pool) },
        { ALT: () => this.SUBRULE(this.limit) },
      ],
    });
  }

  private readonly signature = this.RULE("signature", (): SignatureDecl => {
    const name = toName(this.CONSUME(tokens.Identifier));
    const inputs = this.SUBRULE(this.parameterList);
    this.checkConnector(tokens.FatArrow, "signature", tokens.ThinArrow, tokens.Equals);
    this.CONSUME(tokens.FatArrow);
    const outputs = this.SUBRULE2(this.parameterList);
    return { kind: "signature", name, inputs, outputs, span: this.span };
  });

  private readonly source = this.RULE("source", (): SourceDecl => {
    this.CONSUME(tokens.Source);
    const name = toName(this.CONSUME(tokens.Identifier, aNode));
    const parts: Pick<Writable<SourceDecl>, "session" | "every"> = {};
    const given: Given = new Map();
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
    this.CONSUME(tokens.FatArrow, aSourcePart);
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
    this.checkClosing(open, tokens.RightBrace);
    this.CONSUME(tokens.RightBrace);
    return name;
  });

  private readonly sequence = this.RULE("sequence", (): SequenceDecl => {
    const name = toName(this.CONSUME(tokens.Identifier));
    this.CONSUME(tokens.Equals);
    this.SUBRULE(this.body);
    return { kind: "sequence", name, steps: this.steps, span: this.span };
  });

  /** Fills `steps`; nothing at all passes the inputs through. */
  private readonly body = this.RULE("body", (): void => {
    this.OPTION({
      GATE: () => !this.beginsLineDeclaration(this.currIdx + 1),
      DEF: () => this.SUBRULE(this.flow),
    });
  });

  private readonly flow = this.RULE("flow", (): void => {
    this.AT_LEAST_ONE_SEP({ SEP: tokens.ThinArrow, DEF: () => this.SUBRULE(this.step), ...aNode });
    this.checkSeparator("->", "sequence", tokens.Identifier, tokens.LeftParen);
  });

  private readonly step = this.RULE("step", (): void => {
    this.checkStep();
    this.OR([
      { ALT: () => this.steps.push(toName(this.CONSUME(tokens.Identifier))) },
      {
        ALT: () => {
          const open = this.CONSUME(tokens.LeftParen);
          this.enter(open);
          this.SUBRULE(this.flow);
          this.checkClosing(open, tokens.RightParen, "`->` or");
          this.CONSUME(tokens.RightParen);
          this.leave();
        },
      },
    ]);
    this.checkConnector(tokens.ThinArrow, "sequence", tokens.FatArrow);
  });

  private readonly typedef = this.RULE("typedef", (): TypedefDecl => {
    this.CONSUME(tokens.Typedef);
    const type = toName(this.CONSUME(tokens.Identifier, aType));
    const predicate = toName(this.CONSUME2(tokens.Identifier, aPredicate));
    return { kind: "typedef", type, predicate, span: this.span };
  });

  private readonly dispatchCase = this.RULE("case", (): CaseDecl => {
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
    this.checkClosing(open, tokens.RightBracket, "`,` or");
    const close = this.CONSUME(tokens.RightBracket);
    const patternSpan = { start: open.startOffset, end: endOf(close) };
    this.checkConnector(tokens.Equals, "case", tokens.FatArrow, tokens.ThinArrow);
    this.CONSUME(tokens.Equals);
    this.SUBRULE(this.body);
    return { kind: "case", name, patterns, patternSpan, steps: this.steps, span: this.span };
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

  private readonly atomic = this.RULE("atomic", (): AtomicDecl => {
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
    this.checkClosing(open, tokens.RightBrace, "`?`, `!`, `(`, `[`, `,` or");
    this.CONSUME(tokens.RightBrace);
    return { kind: "atomic", node, constraints, span: this.span };
  });

  private readonly constraint = this.RULE("constraint", (): ConstraintUse => {
    const name = toName(this.CONSUME(tokens.Identifier, aConstraint));
    const parts: Omit<Writable<ConstraintUse>, "name" | "span"> = {};
    const given: Given = new Map();
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
    this.checkClosing(open, tokens.RightParen);
    this.CONSUME(tokens.RightParen);
    return word.tokenType === tokens.Session ? "session" : "program";
  });

  private readonly key = this.RULE("key", (): Name => {
    const open = this.CONSUME(tokens.LeftBracket);
    const key = toName(this.CONSUME(tokens.Identifier, aKey));
    this.checkClosing(open, tokens.RightBracket);
    this.CONSUME(tokens.RightBracket);
    return key;
  });

  private readonly handle = this.RULE("handle", (): HandleDecl => {
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
    return { kind: "handle", path, pathSpan, handler, span: this.span };
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

  private readonly include = this.RULE("include", (): IncludeDecl => {
    this.CONSUME(tokens.Include);
    const path = this.SUBRULE(this.quoted, { ARGS: ["include"] });
    return { kind: "include", path, span: this.span };
  });

  private readonly link = this.RULE("link", (): LinkDecl => {
    this.CONSUME(tokens.Link);
    const name = this.SUBRULE(this.quoted, { ARGS: ["link"] });
    return { kind: "link", package: name, span: this.span };
  });

  private readonly wait = this.RULE("wait", (): WaitDecl => {
    this.CONSUME(tokens.Wait);
    const node = toName(this.CONSUME(tokens.Identifier, aNode));
    this.checkConnector(tokens.Colon, "wait", tokens.Equals, tokens.FatArrow, tokens.ThinArrow);
    this.CONSUME(tokens.Colon);
    const interests: Interest[] = [];
    const open = this.CONSUME(tokens.LeftBrace);
    this.AT_LEAST_ONE_SEP({
      SEP: tokens.Comma,
      DEF: () => {
        interests.push(this.SUBRULE(this.interest));
      },
      ...anInterest,
    });
    this.checkSeparator(",", "wait", tokens.Identifier);
    this.checkClosing(open, tokens.RightBrace, "`,` or");
    this.CONSUME(tokens.RightBrace);
    return { kind: "wait", node, interests, span: this.span };
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

  private readonly timeout = this.RULE("timeout", (): TimeoutDecl => {
    this.CONSUME(tokens.Timeout);
    const node = toName(this.CONSUME(tokens.Identifier, aNode));
    this.checkConnector(tokens.Colon, "timeout", tokens.Equals, tokens.FatArrow, tokens.ThinArrow);
    this.CONSUME(tokens.Colon);
    const duration = this.SUBRULE(this.duration);
    return { kind: "timeout", node, duration, span: this.span };
  });

  private readonly blocking = this.RULE("blocking", (): BlockingDecl => {
    this.CONSUME(tokens.Blocking);
    const node = toName(this.CONSUME(tokens.Identifier, aNode));
    return { kind: "blocking", node, span: this.span };
  });

  private readonly pool = this.RULE("pool", (): PoolDecl => {
    this.CONSUME(tokens.Pool);
    const name = toName(this.CONSUME(tokens.Identifier, aPool));
    this.checkConnector(tokens.Colon, "pool", tokens.Equals, tokens.FatArrow, tokens.ThinArrow);
    this.CONSUME(tokens.Colon);
    const size = this.SUBRULE(this.count, { ARGS: ["pool size"] });
    return { kind: "pool", name, size, span: this.span };
  });

  private readonly limit = this.RULE("limit", (): LimitDecl => {
    this.CONSUME(tokens.Limit);
    const source = toName(this.CONSUME(tokens.Identifier, aSource));
    this.checkConnector(tokens.Colon, "limit", tokens.Equals, tokens.FatArrow, tokens.ThinArrow);
    this.CONSUME(tokens.Colon);
    const limit = this.SUBRULE(this.count, { ARGS: ["limit"] });
    return { kind: "limit", source, limit, span: this.span };
  });

  /** What follows decides first: `source (`, `wait =` and `error: [` are a signature, a sequence and a case. */
  protected formOf(first: IToken): Form | undefined {
    const second = this.LA(2).tokenType;
    if (second === tokens.LeftParen) return "signature";
    if (second === tokens.Equals) return "sequence";
    const keyword = formOfKeyword.get(first.tokenType);
    if (second === tokens.Colon && (keyword === undefined || this.LA(3).tokenType === tokens.LeftBracket)) return "case";
    return keyword;
  }

  private noDeclaration(first: IToken): Declaration {
    const second = this.LA(2);
    switch (second.tokenType) {
      case tokens.FatArrow:
      case tokens.ThinArrow:
        if (this.LA(3).tokenType === tokens.LeftParen) {
          this.SKIP_TOKEN();
          return this.fail(`the inputs of \`${first.image}\` in parentheses`, "signature");
        }
        this.reportConnector(second, tokens.Equals, "sequence");
        this.mend(tokens.Equals, 2);
        return this.SUBRULE2(this.sequence);
      case tokens.LeftBracket:
        this.SKIP_TOKEN();
        return this.fail("`:`", "case");
    }
    const keywords = tokens.declarationKeywords.map(tokens.spelling);
    return this.giveUp({ kind: "unknown-declaration", word: first.image, next: shown(second), keywords, span: spanOf(first) });
  }

  /** Where `right` is due: one of `wrong` is reported and taken for it. */
  private checkConnector(right: TokenType, form: Form, ...wrong: readonly TokenType[]): void {
    if (this.RECORDING_PHASE || !wrong.includes(this.LA(1).tokenType)) return;
    this.reportConnector(this.LA(1), right, form);
    this.mend(right);
  }

  private reportConnector(token: IToken, right: TokenType, form: Form): void {
    const expectedConnector = tokens.spelling(right);
    this.report({ kind: "wrong-connector", found: token.image, expected: expectedConnector, form, span: spanOf(token) });
  }

  private checkStep(): void {
    if (this.RECORDING_PHASE) return;
    const next = this.LA(1);
    const fits = next.tokenType === tokens.LeftParen || tokenMatcher(next, tokens.Identifier);
    if (!fits || this.beginsLineDeclaration(this.currIdx + 1)) this.fail("a node", "sequence");
  }

  private checkEvery(): void {
    if (this.RECORDING_PHASE) return;
    const after = this.LA(2).tokenType;
    if (after === tokens.Quantity || after === tokens.Integer) this.checkWord("source", tokens.Every);
  }

  /** The first of its kind counts, and every further one is reported. */
  private isFirst(given: Given, part: string, start: number): boolean {
    if (this.RECORDING_PHASE) return true;
    const span = { start, end: endOf(this.LA(0)) };
    const first = given.get(part);
    if (first === undefined) given.set(part, span);
    else this.report({ kind: "repeated-part", part, first, span });
    return first === undefined;
  }
}

type Given = Map<string, Span>;

const formOfKeyword: ReadonlyMap<TokenType, Form> = new Map([
  [tokens.Source, "source"],
  [tokens.Typedef, "typedef"],
  [tokens.Atomic, "atomic"],
  [tokens.Handle, "handle"],
  [tokens.Include, "include"],
  [tokens.Link, "link"],
  [tokens.Wait, "wait"],
  [tokens.Timeout, "timeout"],
  [tokens.Blocking, "blocking"],
  [tokens.Pool, "pool"],
  [tokens.Limit, "limit"],
]);

function anyAt(token: IToken): { readonly kind: "any"; readonly span: Span } {
  return { kind: "any", span: spanOf(token) };
}
