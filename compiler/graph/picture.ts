/**
 * The picture of a program that a person wants: boxes, groups of boxes and lines, with what stands on each. Says nothing of
 * where anything is drawn, nor how.
 */
import { basename } from "node:path/posix";
import type { NodeName } from "../check/program.ts";
import type { Span } from "../../grammar/span.ts";

export interface Picture {
  /** Of the file: `web-server` of `web-server.flux`. */
  readonly name: string;
  /** What it is a picture of: `The flows of web-server`. */
  readonly title: string;
  /** In the order a flow meets them. */
  readonly boxes: readonly Box[];
  /** A group stands before those in it. */
  readonly groups: readonly Group[];
  readonly lines: readonly Line[];
}

/** Of a picture of this file. */
export function pictureName(path: string): string {
  return basename(path).replace(/\.flux$/, "");
}

/**
 * `source`: starts flows. `node`: one mention of a concrete node. `dispatch`: chooses a case. `use`: a mention of an abstract
 * node that is drawn once, elsewhere. `any-failure`: where the lines of `handle error *` begin. `end`: a way that leads on to
 * nothing. `constraint`: what must not run together; a picture has these alone, or none.
 */
export type BoxKind = "source" | "node" | "dispatch" | "use" | "any-failure" | "end" | "constraint";

export interface Box {
  /** Unique: the node's name, numbered from its second mention on. */
  readonly id: string;
  readonly kind: BoxKind;
  readonly title: string;
  readonly marks: readonly Mark[];
  /** Absent for `any-failure`, `end` and `constraint`. */
  readonly node?: NodeName;
  readonly group?: string;
  /** It runs only after something failed. */
  readonly handling: boolean;
  /** The mention: the same as that of its block in the flow graph. */
  readonly span: Span;
  /** The whole of it in words. */
  readonly about: string;
}

/** What a node needs beside its inputs, in a few words. */
export interface Mark {
  readonly kind: "wait" | "time-limit" | "constraint" | "blocking" | "limit" | "period" | "session";
  readonly text: string;
}

/** An abstract node, with its steps inside. */
export interface Group {
  readonly id: string;
  readonly node: NodeName;
  readonly marks: readonly Mark[];
  readonly parent?: string;
  /** Used at several places, drawn once. */
  readonly shared: boolean;
  readonly handling: boolean;
  readonly span: Span;
}

/**
 * `start`: a source starts a flow. `flow`: the next step. `case`: a case of a dispatch. `round`: a tail call. `failure`: to a
 * handler. `use`: from a mention to where the abstract node is drawn. `nesting`: the second constraint is acquired while the
 * first is held. `against`: the same, but against the order, so it is acquired early.
 */
export type LineKind = "start" | "flow" | "case" | "round" | "failure" | "use" | "nesting" | "against";

export interface Line {
  readonly from: string;
  readonly to: string;
  readonly kind: LineKind;
  readonly label: string;
  /** It begins at the border of this group, whichever box inside fails. */
  readonly fromGroup?: string;
  /** It belongs to this case of the dispatch that it, or the way it is the rest of, begins at. */
  readonly caseIndex?: number;
}
