/** A flow graph while it is made: blocks in any order, edges that can still change. `finish.ts` makes it a `FlowGraph`. */
import type { NodeName } from "../check/program.ts";
import { invariant } from "../diagnostics/checked.ts";
import type { Span } from "../../grammar/span.ts";
import type { BlockId, Edge, Exit, Operation, SlotId } from "./flow-graph.ts";

/** Assignable to `Edge`. */
export interface DraftEdge {
  operations: Operation[];
  to: BlockId;
  /** No flow takes it: a return value that a caller never writes here. */
  readonly impossible?: true;
}

/** Where path numbers start from zero: a source's activation or flow, a shared abstract node, a handler. */
export type Context = number;

export interface DraftBlock {
  readonly id: BlockId;
  readonly label: string;
  readonly node: NodeName;
  readonly span: Span;
  readonly context: Context;
  readonly alive: readonly SlotId[];
  /** `entry`: an abstract node begins. `failure`: reached only when something failed. */
  readonly kind: "entry" | "step" | "failure";
  operations: Operation[];
  /** Set once; every edge in it is a `DraftEdge`. */
  exit: Exit | undefined;
}

export class Draft {
  readonly blocks: DraftBlock[] = [];

  /** A block without an exit yet. */
  block(fields: Pick<DraftBlock, "label" | "node" | "span" | "context" | "alive" | "kind">): DraftBlock {
    const made: DraftBlock = { id: this.blocks.length, ...fields, operations: [], exit: undefined };
    this.blocks.push(made);
    return made;
  }

  at(id: BlockId): DraftBlock {
    const block = this.blocks[id];
    invariant(block !== undefined, `block ${id} exists`);
    return block;
  }
}

export function exitOf(block: DraftBlock): Exit {
  invariant(block.exit !== undefined, `${block.label} has an exit`);
  return block.exit;
}

export function goto(operations: Operation[], to: BlockId): Exit {
  return { kind: "goto", next: { operations, to } };
}

/** Every way out of a block, the likeliest first, failures last. */
export function edgesOf(exit: Exit): readonly Edge[] {
  switch (exit.kind) {
    case "goto":
    case "yield":
    case "call-handler":
      return [exit.next];
    case "call":
      return exit.again === undefined ? [exit.ok, exit.fail] : [exit.ok, exit.again, exit.fail];
    case "wait":
      return [exit.ready, exit.fail];
    case "acquire":
      return [exit.granted, exit.fail];
    case "dispatch":
      return [...exit.cases.map((each) => each.to), exit.fail];
    case "return":
      return exit.targets;
    case "if-handling":
      return [exit.no, exit.yes];
    case "spawn":
      return [exit.done, exit.fail];
    case "end":
      return [];
  }
}

/** The edge taken when something went wrong. */
export function failureOf(exit: Exit): Edge | undefined {
  return "fail" in exit ? exit.fail : undefined;
}

/** The edges of a draft's block, to be changed in place. */
export function draftEdges(block: DraftBlock): readonly DraftEdge[] {
  return edgesOf(exitOf(block)) as readonly DraftEdge[];
}
