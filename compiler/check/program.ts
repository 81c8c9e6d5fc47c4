/**
 * What a .flux file means: every name resolved, every tuple typed, immutable. Made by `check`, read by every later
 * pass. Says nothing of how a flow runs: no locks in order, no blocks, no C++.
 *
 * Nodes are referred to by name (`NodeName` is a key of `Program.nodes`), so that the whole of it can be dumped.
 */
import type { CxxType } from "../../grammar/ast.ts";
import type { Source } from "../../grammar/source.ts";
import type { Span } from "../../grammar/span.ts";

export type NodeName = string;

export interface Program {
  readonly source: Source;
  /** `published`: no `include`; structs, prototypes and headers are generated (language.md, Node functions 3). */
  readonly form: "published" | "natural";
  readonly includes: readonly Quoted[];
  /** pkg-config packages. */
  readonly links: readonly Quoted[];
  /** In order of first mention. Holds handlers and the nodes of sources too; predicates and session functions are no nodes. */
  readonly nodes: ReadonlyMap<NodeName, Node>;
  readonly sources: readonly FlowSource[];
  readonly handlers: readonly Handler[];
  /** By the name of the type. */
  readonly predicates: ReadonlyMap<string, Predicate>;
  /** Constraints and pools: one name space. */
  readonly constraints: ReadonlyMap<string, Constraint>;
}

export interface Quoted {
  readonly text: string;
  readonly span: Span;
}

/** One position of a tuple. */
export interface Variable {
  readonly name: string;
  /** Canonical spelling of the C++ type: `const char *`, `std::vector<std::pair<int, char *>>`. Equal types have equal text. */
  readonly type: string;
  readonly written: CxxType;
  readonly span: Span;
}

export type Node = ConcreteNode | SequenceNode | DispatchNode;

interface NodeBase {
  readonly name: NodeName;
  readonly inputs: readonly Variable[];
  /** Empty for a node that never comes to an end: nothing runs behind it. */
  readonly outputs: readonly Variable[];
  /** Where it is declared: its signature, else its sequence or first case. */
  readonly span: Span;
  readonly nameSpan: Span;
  /** Declared on this node, in the order written, each constraint once in its strongest mode. */
  readonly acquires: readonly Acquisition[];
  readonly timeout?: { readonly milliseconds: number; readonly span: Span };
  /** True where tail calls enter it again: it is the target of a loop. */
  readonly loop: boolean;
}

/** A C or C++ function. */
export interface ConcreteNode extends NodeBase {
  readonly kind: "concrete";
  /**
   * False only for a handler that declares none: `inputs` and `outputs` are then empty, and how many inputs of the
   * failed node its function takes is deduced from the function (`Handler.takes`).
   */
  readonly signature: boolean;
  readonly blocking: boolean;
  readonly wait: readonly WaitInterest[];
  /**
   * `handler`: called as `void|int H(prefix…, int error)`. Its last input is then the `error` and is in `inputs`.
   * `source`: takes nothing and is called again and again (the first node of an abstract source is one too).
   */
  readonly role: "step" | "source" | "handler";
  /** For a handler in the struct convention: the failed node whose `_in` struct it takes; absent: `void H(int)`. */
  readonly handlerOf?: NodeName;
}

/** `Image = ReadRequest -> Write;` An empty sequence passes its inputs through. */
export interface SequenceNode extends NodeBase {
  readonly kind: "sequence";
  readonly steps: readonly Step[];
}

/** `Handler:[_, hit] = …;` First match wins; no match fails with `flux::no_match`. */
export interface DispatchNode extends NodeBase {
  readonly kind: "dispatch";
  readonly cases: readonly Case[];
}

/** One mention of a node in a sequence or a case. */
export interface Step {
  readonly node: NodeName;
  /** True where this is a tail call: the node is entered again as the next round of its loop. */
  readonly tailCall: boolean;
  readonly span: Span;
}

export interface Case {
  /** One for each input; `undefined` matches anything. Keys of `Program.predicates`. */
  readonly patterns: readonly (string | undefined)[];
  readonly steps: readonly Step[];
  readonly span: Span;
}

/** `typedef hit TestInCache;` */
export interface Predicate {
  readonly type: string;
  /** The C++ function. */
  readonly predicate: string;
  /** Canonical C++ types it is applied to, in order of first use. */
  readonly argumentTypes: readonly string[];
  readonly span: Span;
}

export interface FlowSource {
  /** The node that is called: concrete or abstract; absent for a timer source. */
  readonly node?: NodeName;
  /** As declared: the node's name, or the timer's. */
  readonly name: string;
  readonly target: NodeName;
  /** Session function, applied to the target's inputs. */
  readonly session?: string;
  readonly everyMilliseconds?: number;
  /** Flows in flight; a timer source without one has 1. */
  readonly limit?: number;
  readonly span: Span;
}

export interface WaitInterest {
  readonly readiness: "readable" | "writable";
  /** `input`: index into the node's inputs. `global`: a variable of the header, as written. */
  readonly on: { readonly kind: "input"; readonly index: number } | { readonly kind: "global"; readonly text: string };
  readonly span: Span;
}

/** `atomic N: {cache?(session)}` on one node. */
export interface Acquisition {
  /** Key of `Program.constraints`. */
  readonly constraint: string;
  /** A pool unit is a writer. */
  readonly mode: "read" | "write";
  /** Index into the node's inputs, for `c[key]`. */
  readonly key?: number;
  readonly span: Span;
}

export interface Constraint {
  readonly name: string;
  readonly kind:
    | { readonly kind: "lock"; readonly scope: "program" | "session" }
    /** Some use has a key; uses without one take the whole class. */
    | { readonly kind: "keyed"; readonly keyType: string }
    | { readonly kind: "pool"; readonly size: number };
  /** Its first mention, or its `pool` declaration. */
  readonly span: Span;
}

/** `handle error Page -> ReadWrite => H;` */
export interface Handler {
  /** From the outside in; `undefined` is `*`. The last is the failed node; `undefined` there is any node. */
  readonly path: readonly (NodeName | undefined)[];
  /** Concrete or abstract. Its inputs are a prefix of the failed node's, by position, and then, if `takesError`, `int error`. */
  readonly handler: NodeName;
  /** How many inputs of the failed node it takes; `deduced` from its C++ function where it is concrete without a signature. */
  readonly takes: number | "deduced";
  /** Leading inputs that every node which can fail here has with the same types: `takes` is never more. */
  readonly shared: number;
  readonly takesError: boolean;
  readonly span: Span;
}
