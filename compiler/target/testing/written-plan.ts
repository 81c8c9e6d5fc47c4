/**
 * Plans written by hand, for tests of the certificate that do not wait for what the planner makes of a program:
 * `~page? page[id,other?]` acquires, unless the flow holds it, all of `page` as a reader, then two keys.
 */
import type { NodeName, Program } from "../../check/program.ts";
import { keysOf, type Lock, type LockPlan, type PlannedAcquisition } from "../../locks/lock-plan.ts";
import { planned } from "./planned.ts";
import type { TargetPlan } from "../target-plan.ts";

export interface Written {
  /** `a, page, page[]`: the locks, outermost first. */
  readonly locks: string;
  readonly acquires: Readonly<Record<NodeName, string>>;
  /** Inputs by name that nobody may change. */
  readonly fixed?: Readonly<Record<NodeName, string>>;
}

export function writtenPlan(program: Program, { locks, acquires, fixed = {} }: Written): TargetPlan {
  const names = locks.split(", ");
  const plan: LockPlan = {
    order: [...new Set(names.map((name) => name.replace("[]", "")))],
    locks: names.map((name) => lockNamed(program, name)),
    acquires: new Map(Object.entries(acquires).map(([node, text]) => [node, text.split(" ").map((each) => acquisition(program, node, each))])),
    fixed: new Map(Object.entries(fixed).map(([node, inputs]) => [node, inputs.split(" ").map((input) => inputNamed(program, node, input))])),
  };
  return planned(program, plan);
}

function lockNamed({ constraints }: Program, name: string): Lock {
  const constraint = name.replace("[]", "");
  const kind = constraints.get(constraint)?.kind;
  if (kind?.kind === "keyed") return { name, constraint, kind: name === constraint ? "class" : "keys" };
  return { name, constraint, kind: kind?.kind === "lock" ? kind.scope : "pool" };
}

function acquisition(program: Program, node: NodeName, text: string): PlannedAcquisition {
  const [, not, constraint = "", read, inputs] = /^(~?)(\w+)(\??)(?:\[(.*)\])?$/.exec(text) ?? [];
  const base = { constraint, ifNotHeld: not === "~" };
  if (inputs === undefined) return { ...base, lock: constraint, mode: read === "?" ? "read" : "write" };
  const keys = inputs.split(",").map((each) => ({ input: inputNamed(program, node, each.replace("?", "")), mode: each.endsWith("?") ? ("read" as const) : ("write" as const) }));
  return { ...base, lock: keysOf(constraint), keys, mode: keys.some(({ mode }) => mode === "write") ? "write" : "read" };
}

function inputNamed({ nodes }: Program, node: NodeName, name: string): number {
  return nodes.get(node)?.inputs.findIndex((input) => input.name === name) ?? -1;
}
