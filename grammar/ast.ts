/**
 * What a person wrote, declaration by declaration, with spans and comments. Knows nothing of meaning: names are
 * not resolved, types are token runs, nothing is checked that the grammar itself does not say.
 */
import type { Span } from "./span.ts";

/** A whole file, in the order written. */
export interface Ast {
  readonly declarations: readonly Declaration[];
  /** Every comment, in the order written; a formatter must lose none. */
  readonly comments: readonly Comment[];
  /**
   * Every identifier inside a declaration that did not parse and so is missing above. What it would have declared or
   * used is not known, so nobody should call these names undefined or unused: the slip is reported already.
   */
  readonly broken: readonly Name[];
  readonly span: Span;
}

export interface Comment {
  /** `// …` or a block comment. */
  readonly kind: "line" | "block";
  /** As written, delimiters included. */
  readonly text: string;
  readonly span: Span;
}

/** An identifier where it stands. */
export interface Name {
  readonly text: string;
  readonly span: Span;
}

/** Every top-level form, in the order the language reference presents them. */
export type Declaration =
  | SignatureDecl
  | SourceDecl
  | SequenceDecl
  | TypedefDecl
  | CaseDecl
  | AtomicDecl
  | HandleDecl
  | IncludeDecl
  | LinkDecl
  | WaitDecl
  | TimeoutDecl
  | BlockingDecl
  | PoolDecl
  | LimitDecl;

/** `Compress (int socket, image_tag *request) => (int socket, image_tag *request);` */
export interface SignatureDecl {
  readonly kind: "signature";
  readonly name: Name;
  readonly inputs: ParameterList;
  readonly outputs: ParameterList;
  readonly span: Span;
}

/** `(int socket, image_tag *request)`; the span includes the parentheses. */
export interface ParameterList {
  readonly parameters: readonly Parameter[];
  readonly span: Span;
}

/** `image_tag *request`. What is no plain type and name (`int a[4]`, `void (*f)(int)`, `int`) is parsed and refused by `check`. */
export interface Parameter {
  readonly type: CxxType;
  /** Absent where the run of tokens ends in no identifier, or is a single token. */
  readonly name?: Name;
  readonly span: Span;
}

/** A C++ type as the run of tokens that spell it. `>>` is two tokens. Compared in canonical form by `check`. */
export interface CxxType {
  readonly tokens: readonly string[];
  readonly span: Span;
}

/** `source Listen {session: SessionOf} => Image;` or `source Tick every 50ms => UpdateWorld;` */
export interface SourceDecl {
  readonly kind: "source";
  readonly name: Name;
  /** `{session: SessionOf}` */
  readonly session?: Name;
  /** `every 50ms` */
  readonly every?: Duration;
  readonly target: Name;
  readonly span: Span;
}

/** `Image = ReadRequest -> CheckCache -> Handler;` Parentheses are gone: they group and change nothing. */
export interface SequenceDecl {
  readonly kind: "sequence";
  readonly name: Name;
  /** Empty: passes its inputs through. */
  readonly steps: readonly Name[];
  readonly span: Span;
}

/** `typedef hit TestInCache;` */
export interface TypedefDecl {
  readonly kind: "typedef";
  readonly type: Name;
  readonly predicate: Name;
  readonly span: Span;
}

/** `Handler:[_, _, hit] = ReadInFromDisk -> Compress;` one case of a dispatch. */
export interface CaseDecl {
  readonly kind: "case";
  readonly name: Name;
  readonly patterns: readonly Pattern[];
  /** `[_, _, hit]`, brackets included. */
  readonly patternSpan: Span;
  readonly steps: readonly Name[];
  readonly span: Span;
}

/** `_` and `*` match anything; a name is a predicate type. */
export type Pattern =
  | { readonly kind: "any"; readonly span: Span }
  | { readonly kind: "type"; readonly name: Name; readonly span: Span };

/** `atomic CheckCache: {cache?, bucket[key]};` */
export interface AtomicDecl {
  readonly kind: "atomic";
  readonly node: Name;
  readonly constraints: readonly ConstraintUse[];
  readonly span: Span;
}

/** `cache?(session)`. Mode, scope and key are accepted in any order, each at most once. */
export interface ConstraintUse {
  readonly name: Name;
  /** `?` is a reader, `!` a writer; absent means writer. */
  readonly mode?: "read" | "write";
  readonly modeSpan?: Span;
  readonly scope?: "session" | "program";
  readonly scopeSpan?: Span;
  /** `[key]`: an input of the node. */
  readonly key?: Name;
  readonly span: Span;
}

/** `handle error Page -> ReadWrite => H;` */
export interface HandleDecl {
  readonly kind: "handle";
  readonly path: readonly PathElement[];
  readonly pathSpan: Span;
  readonly handler: Name;
  readonly span: Span;
}

/** `_` and `*` stand for any one element. */
export type PathElement =
  | { readonly kind: "any"; readonly span: Span }
  | { readonly kind: "node"; readonly name: Name; readonly span: Span };

/** `include "image_server.h";` */
export interface IncludeDecl {
  readonly kind: "include";
  readonly path: StringLiteral;
  readonly span: Span;
}

/** `link "libjpeg";` */
export interface LinkDecl {
  readonly kind: "link";
  readonly package: StringLiteral;
  readonly span: Span;
}

export interface StringLiteral {
  /** Without the quotes; there are no escapes. */
  readonly text: string;
  readonly span: Span;
}

/** `wait ReadRequest: {readable socket, writable socket};` any of them. */
export interface WaitDecl {
  readonly kind: "wait";
  readonly node: Name;
  readonly interests: readonly Interest[];
  readonly span: Span;
}

export interface Interest {
  readonly readiness: "readable" | "writable";
  /** An input of the node, or, in a source, a variable of the header; may be qualified (`net::listener`). */
  readonly on: Name;
  readonly span: Span;
}

/** `timeout ReadRequest: 15s;` */
export interface TimeoutDecl {
  readonly kind: "timeout";
  readonly node: Name;
  readonly duration: Duration;
  readonly span: Span;
}

export interface Duration {
  readonly milliseconds: number;
  /** As written: `15s`. */
  readonly text: string;
  readonly span: Span;
}

/** `blocking ReadInFromDisk;` */
export interface BlockingDecl {
  readonly kind: "blocking";
  readonly node: Name;
  readonly span: Span;
}

/** `pool db: 8;` */
export interface PoolDecl {
  readonly kind: "pool";
  readonly name: Name;
  readonly size: Count;
  readonly span: Span;
}

/** `limit Listen: 10000;` */
export interface LimitDecl {
  readonly kind: "limit";
  readonly source: Name;
  readonly limit: Count;
  readonly span: Span;
}

export interface Count {
  readonly value: number;
  readonly span: Span;
}
