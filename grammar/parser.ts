/**
 * The grammar: which declaration a text is, decided by its first two tokens, and the whole of it. Builds the AST
 * directly. What happens where a text does not fit is `recovery.ts`'s business, what the names mean nobody's here.
 */
import { tokenMatcher, type IToken, type TokenType } from "chevrotain";
import type { Ast, Comment, Declaration } from "./ast.ts";
import { DeclarationsParser } from "./declarations.ts";
import { lookaheads, tableOf, type Lookahead, type LookaheadTable } from "./lookahead.ts";
import { lookaheadTable } from "./lookahead-table.ts";
import { endOf, shown, spanOf } from "./recovery.ts";
import type { Form, SyntaxProblem } from "./syntax-problem.ts";
import * as tokens from "./tokens.ts";

export interface Parsed {
  readonly value: Ast;
  readonly errors: readonly SyntaxProblem[];
}

/**
 * `kept`: what Chevrotain found out about the grammar was kept. `analysed`: it is found out anew, which takes longer than to
 * parse a usual program. `described`: of the whole grammar, with a search for ambiguities.
 */
export type Analysis = "kept" | "analysed" | "described";

export class FluxParser extends DeclarationsParser {
  /** Chevrotain's own, not in its type declarations; the version is pinned. */
  declare private readonly lookAheadFuncsCache: Map<number, Lookahead>;
  declare private selfAnalysisDone: boolean;

  private readonly analysis: Analysis;

  constructor(analysis: Analysis = "kept") {
    super(analysis === "described");
    this.analysis = analysis;
    if (analysis !== "kept") {
      this.performSelfAnalysis();
      return;
    }
    this.selfAnalysisDone = true;
    for (const [place, look] of lookaheads(lookaheadTable)) this.lookAheadFuncsCache.set(place, look);
  }

  /** Where the grammar looks ahead, and what it does there. */
  get lookaheadTable(): LookaheadTable {
    return tableOf(this.lookAheadFuncsCache);
  }

  /** Chevrotain asks when a text does not fit, to say what would have. */
  override getGAstProductions(): ReturnType<DeclarationsParser["getGAstProductions"]> {
    return this.analysis === "kept" ? analysed().getGAstProductions() : super.getGAstProductions();
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
      if (this.described) this.MANY(() => {
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
    this.steps.length = 0;
    const declaration = this.takeDeclaration();
    const listsSteps = declaration.kind === "sequence" || declaration.kind === "case";
    this.end(listsSteps ? (this.steps.length === 0 ? "a node" : "`->`") : "", declaration.kind);
    span.end = endOf(this.LA(0));
    return declaration;
  }

  private readonly declaration = this.RULE("declaration", (): Declaration => this.anyDeclaration());

  private takeDeclaration(): Declaration {
    const first = this.LA(1);
    if (!tokenMatcher(first, tokens.Identifier)) return this.fail("a declaration");
    const form = this.formAt(this.currIdx + 1);
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
  }

  /** For the grammar's own description; a text is told apart faster and better above. */
  private anyDeclaration(): Declaration {
    const forms = [
      { ALT: (): Declaration => this.SUBRULE(this.signature) },
      { ALT: (): Declaration => this.SUBRULE(this.source) },
      { ALT: (): Declaration => this.SUBRULE(this.sequence) },
      { ALT: (): Declaration => this.SUBRULE(this.typedef) },
      { ALT: (): Declaration => this.SUBRULE(this.dispatchCase) },
      { ALT: (): Declaration => this.SUBRULE(this.atomic) },
      { ALT: (): Declaration => this.SUBRULE(this.handle) },
      { ALT: (): Declaration => this.SUBRULE(this.include) },
      { ALT: (): Declaration => this.SUBRULE(this.link) },
      { ALT: (): Declaration => this.SUBRULE(this.wait) },
      { ALT: (): Declaration => this.SUBRULE(this.timeout) },
      { ALT: (): Declaration => this.SUBRULE(this.blocking) },
      { ALT: (): Declaration => this.SUBRULE(this.pool) },
      { ALT: (): Declaration => this.SUBRULE(this.limit) },
    ];
    return this.OR({ MAX_LOOKAHEAD: 2, DEF: this.described ? forms : forms.slice(0, 1) });
  }

  /** What follows decides first: `source (`, `wait =` and `error: [` are a signature, a sequence and a case. */
  protected formAt(index: number): Form | undefined {
    const first = this.typeAt(index);
    const second = this.typeAt(index + 1);
    if (second === tokens.LeftParen) return "signature";
    if (second === tokens.Equals) return "sequence";
    const keyword = first === undefined ? undefined : formOfKeyword.get(first);
    if (second === tokens.Colon && (keyword === undefined || this.typeAt(index + 2) === tokens.LeftBracket)) return "case";
    return keyword;
  }

  private typeAt(index: number): TokenType | undefined {
    return this.input[index]?.tokenType;
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
        this.reportConnector(second, tokens.Equals, "sequence", first);
        // `Listen => Image;` may lack `source` as well as be a sequence: nobody should go on from a guess.
        if (second.tokenType === tokens.FatArrow) return this.abandon();
        this.mend(tokens.Equals, 2);
        return this.SUBRULE2(this.sequence);
      case tokens.LeftBracket:
        this.SKIP_TOKEN();
        return this.fail("`:`", "case");
    }
    const keywords = tokens.declarationKeywords.map(tokens.spelling);
    const isCxx = this.hasBody();
    return this.giveUp({ kind: "unknown-declaration", word: first.image, next: shown(second), keywords, isCxx, span: spanOf(first) });
  }
}

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

let analysedParser: FluxParser | undefined;

function analysed(): FluxParser {
  analysedParser ??= new FluxParser("analysed");
  return analysedParser;
}
