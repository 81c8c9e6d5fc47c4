/**
 * The flow graph: every flow of a program as blocks of operations on one flow record. It is what all four runtimes run,
 * what the emitter prints one to one, what the lock verifier reads and what the simulator replays. It names no runtime.
 *
 * Shape. One graph a program. A block is straight-line `operations` and one `exit`; exits lead along edges, which may carry
 * operations of their own (performed on the way). Every abstract node is lowered once, however often it is used: where it
 * has several callers the caller writes a return value into the record (`set-return`, one field a nesting level, never a
 * stack pointer: recursion exists only as tail calls, so a node is active at most once in a flow and its level is static)
 * and the node ends in a `return` exit. A node with one caller is laid out in place.
 *
 * Nothing travels between nodes but the tuple, so what is alive at a place is exactly its tuple less what is never read
 * again (`liveness.ts`). Positions that can share storage are one slot; where they cannot, an edge carries a `move`.
 */
import type { FlowSource, NodeName, Program } from "../check/program.ts";
import type { Span } from "../../grammar/span.ts";
import type { Lock } from "../locks/lock-plan.ts";

export type SlotId = number;
export type BlockId = number;

export interface FlowGraph {
  readonly program: Program;
  /** Storage of the record, index is `SlotId`. */
  readonly slots: readonly Slot[];
  /** Index is `BlockId`; in an order in which a reader meets a flow's steps as they run. */
  readonly blocks: readonly Block[];
  /** One for each of `program.sources`, same order. */
  readonly entries: readonly SourceEntry[];
  /** For every level, how many return values it takes. 0: nothing returns through it, it only saves a path number. */
  readonly returnLevels: readonly number[];
  /** How many `timeout`s can be running in one flow at once. */
  readonly deadlines: number;
  /** In the canonical order of the lock plan: outermost first. */
  readonly locks: readonly Lock[];
  /** Most locks one flow holds at once. */
  readonly heldDepth: number;
  /**
   * One bit of the record for every extent that must be able to tell whether it holds its constraint: those that acquire
   * only on some ways, and those around them. Index is the bit; the value is `Lock.name`.
   */
  readonly heldBits: readonly string[];
  /** How many loops must remember how much was held when they were entered (`mark-held`). */
  readonly heldMarks: number;
  /** Ball-Larus numbers (Ball and Larus, "Efficient Path Profiling", MICRO 1996). See `paths.ts`. */
  readonly paths: PathNumbering;
}

/** A variable of the record. */
export interface Slot {
  /** A unique C++ identifier, from the name in the signature: `socket`, `socket_2`. */
  readonly name: string;
  /** Canonical C++ type. */
  readonly type: string;
  /** Where it is first declared. */
  readonly span: Span;
}

export interface SourceEntry {
  readonly source: FlowSource;
  /** Where an activation starts (the source's own flow); absent for a timer source. Ends in `spawn`. */
  readonly activation?: BlockId;
  /** Where a flow of this source starts. */
  readonly flow: BlockId;
  /** The slots that hold the flow's tuple when it starts: the target's inputs, by position. */
  readonly tuple: readonly SlotId[];
}

export interface Block {
  /** A unique C++ label that says what happens here: `call_ReadRequest`, `wait_ReadRequest_2`, `return_Reply`. */
  readonly label: string;
  /** The node this belongs to, and the path of abstract nodes it was first reached by, for comments and reports. */
  readonly node: NodeName;
  /** The place in the .flux file: the step in its sequence. */
  readonly span: Span;
  readonly operations: readonly Operation[];
  readonly exit: Exit;
  /** Slots that hold a constructed object when this block is entered, and while a flow is parked in it. */
  readonly alive: readonly SlotId[];
}

/** What is done on the way: `operations` in order, then `to`. */
export interface Edge {
  readonly operations: readonly Operation[];
  readonly to: BlockId;
}

/** Never parks, never fails. */
export type Operation =
  /** Value-initialise: before the first call of a node, for its new outputs. May throw: see `call`. */
  | { readonly kind: "construct"; readonly slots: readonly SlotId[] }
  | { readonly kind: "destroy"; readonly slots: readonly SlotId[] }
  /** All at once (a parallel move): constructs every `to` from its `from` by move and destroys every `from`. */
  | { readonly kind: "move"; readonly moves: readonly { readonly from: SlotId; readonly to: SlotId }[] }
  /** Gives back held locks, newest first, which is the order of `releases`. With `bit`, only if it is set; clears it. */
  | { readonly kind: "release"; readonly releases: readonly Release[] }
  /** Gives back everything held, newest first; clears every held bit. */
  | { readonly kind: "release-all" }
  | { readonly kind: "mark-held"; readonly mark: number }
  /** Gives back, newest first, what was acquired since the mark; clears `bits`, those of the extents since. */
  | { readonly kind: "release-to-mark"; readonly mark: number; readonly bits: readonly number[] }
  | { readonly kind: "set-return"; readonly level: number; readonly value: number; readonly caller: NodeName }
  /** The limit of `node` starts to run. */
  | { readonly kind: "set-deadline"; readonly deadline: number; readonly milliseconds: number; readonly node: NodeName }
  | { readonly kind: "clear-deadlines"; readonly deadlines: readonly number[] }
  /** record.path += amount */
  | { readonly kind: "add-path"; readonly amount: bigint }
  /** Entering a shared node: saves record.path for `level` and starts from zero. */
  | { readonly kind: "enter-path"; readonly level: number }
  /** Leaving it: record.path = saved(level) + record.path * factor. */
  | { readonly kind: "leave-path"; readonly level: number; readonly factor: bigint }
  /** A path is complete: count it under its unit and start from zero. */
  | { readonly kind: "end-path"; readonly unit: number }
  /** Constructs `slot` (an int) with record.error: a handler's `error` that must outlive an acquisition or a wait. */
  | { readonly kind: "keep-error"; readonly slot: SlotId }
  /** From here on a failure ends the flow: no handler applies inside a handler's flow. */
  | { readonly kind: "begin-handling" }
  /** Count a failure of `node` with record.error. */
  | { readonly kind: "count-failure"; readonly node: NodeName };

export interface Release {
  /** `Lock.name` */
  readonly lock: string;
  readonly mode: "read" | "write";
  /** How many keys were asked for: as many as were different are held. 1 for every other lock. */
  readonly most: number;
  /** The extent's own bit, index into `heldBits`: only if it is set, that is if this extent acquired it. */
  readonly bit?: number;
}

export type Exit =
  | { readonly kind: "goto"; readonly next: Edge }
  | CallExit
  | HandlerExit
  | WaitExit
  | AcquireExit
  | DispatchExit
  /** Leads to the edge whose index was written last (`set-return`). A failure leaves shared nodes this way too. */
  | { readonly kind: "return"; readonly level: number; readonly targets: readonly Edge[] }
  /** A tail call: the flow may be put at the end of the run queue here. Goes on with `next`. */
  | { readonly kind: "yield"; readonly next: Edge }
  /** Inside a handler's flow or not: where a shared node can fail in both. */
  | { readonly kind: "if-handling"; readonly yes: Edge; readonly no: Edge }
  /**
   * End of an activation that worked: a new flow of `source` starts with `values` (moved from, by position). They stay
   * constructed; `done` and `fail` (no memory, or the session function threw: nothing was moved) destroy them.
   */
  | { readonly kind: "spawn"; readonly source: number; readonly values: readonly SlotId[]; readonly done: Edge; readonly fail: Edge }
  /** The flow, or the activation, is over; nothing is alive, nothing is held. `failed` keeps record.error. */
  | { readonly kind: "end"; readonly result: "done" | "failed" };

/** Calls a concrete node. record.error says how it ended: 0 takes `ok`, flux::again takes `again`, all else `fail`. */
export interface CallExit {
  readonly kind: "call";
  readonly node: NodeName;
  /** The abstract node it is a step of; absent where a source, a flow or a handler starts with it. */
  readonly inside?: NodeName;
  /** One for each input of the node's signature, by position. */
  readonly inputs: readonly Argument[];
  /** One for each output: a pass-through has the slot of its input; a new one was constructed on the way in. */
  readonly outputs: readonly SlotId[];
  /** May block: a runtime that must not block parks the flow here while a helper runs it. */
  readonly blocking: boolean;
  /** An abstract node around it has a timeout: fail with ETIMEDOUT before the call if it has expired. */
  readonly checkDeadlines: boolean;
  /** An activation can be what calls it: if the server stopped while it was inside its source, it ends here and what was returned is dropped. */
  readonly ofSource: boolean;
  readonly ok: Edge;
  /** To its `wait` block; absent without a `wait`: flux::again is then a failure with EAGAIN. */
  readonly again?: Edge;
  readonly fail: Edge;
}

export type Argument =
  | {
      readonly kind: "slot";
      readonly slot: SlotId;
      /** Dead on every exit of the node (next node, again, handler): may be moved from. */
      readonly lastUse: boolean;
      /** The key of a constraint that is held: passed as const. */
      readonly constant: boolean;
    }
  /** `int error` of a handler: record.error. */
  | { readonly kind: "error" };

/** Calls a concrete handler that has no signature: how many of `inputs` it takes is deduced from the C++ function. Its failure is counted. */
export interface HandlerExit {
  readonly kind: "call-handler";
  readonly handler: NodeName;
  /** The failed node (its struct in the published form), and its inputs. */
  readonly failed: NodeName;
  readonly inputs: readonly SlotId[];
  readonly next: Edge;
}

/** Parks until one of `interests` is ready or the earliest running deadline. record.error: 0 ready, else ETIMEDOUT, EBADF. */
export interface WaitExit {
  readonly kind: "wait";
  readonly node: NodeName;
  readonly interests: readonly {
    readonly readiness: "readable" | "writable";
    readonly on: { readonly kind: "slot"; readonly slot: SlotId } | { readonly kind: "global"; readonly text: string };
  }[];
  readonly ready: Edge;
  readonly fail: Edge;
}

/**
 * Acquires, parking if it must. record.error: 0 granted, else ETIMEDOUT; for a session or keys also ENOMEM, or what the key's hash,
 * comparison or copy threw. A flow that was parked goes on after the grant.
 */
export interface AcquireExit {
  readonly kind: "acquire";
  /** The node whose extent it opens. */
  readonly node: NodeName;
  /** `Lock.name` */
  readonly lock: string;
  readonly mode: "read" | "write";
  /** Of the locks of keys: acquired one after the other in the order of their values, equal ones once and in the stronger mode. */
  readonly keys?: readonly { readonly slot: SlotId; readonly mode: "read" | "write" }[];
  /** Asked for by another node further in. */
  readonly movedFor?: NodeName;
  /** Held already if one of these bits is set: then nothing is acquired and `bit` stays clear. */
  readonly unless: readonly number[];
  /** The extent's own bit: set when it was granted. */
  readonly bit?: number;
  readonly granted: Edge;
  readonly fail: Edge;
}

/** First match wins; a predicate that throws fails with flux::exception (or the code of a system_error); no match with flux::no_match. */
export interface DispatchExit {
  readonly kind: "dispatch";
  readonly node: NodeName;
  readonly cases: readonly {
    /** All must hold; empty is a catch-all. `type` is a key of `program.predicates`. */
    readonly tests: readonly { readonly type: string; readonly slot: SlotId }[];
    readonly span: Span;
    readonly to: Edge;
  }[];
  readonly fail: Edge;
}

/** Units are numbered on their own: each is one dense range of numbers. Usually one a source and one a loop round. */
export interface PathNumbering {
  readonly units: readonly PathUnit[];
}

export interface PathUnit {
  /** `Listen`, `Listen => Image`; the node's name where an abstract node is cut out. */
  readonly name: string;
  /** Numbers run from 0 up to this, exclusive; under 2^62. */
  readonly count: bigint;
  /** Where paths of this unit start, in ascending order of `first`; numbers from `first` up to the next one's start there. */
  readonly starts: readonly PathStart[];
}

export interface PathStart {
  /** `Listen => Image`, `round of Connection`, `after Image`. */
  readonly name: string;
  readonly at: BlockId;
  readonly first: bigint;
}
