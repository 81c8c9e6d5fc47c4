/**
 * Inputs of functions that are the key of something held around them, or by themselves, on some way: generated code passes
 * them as `const`, since what was locked by their value must stay what they name. In the published form every function gets
 * copies, so there are none.
 */
import type { NodeName } from "../check/program.ts";
import type { LockPlan } from "./lock-plan.ts";
import type { Nesting } from "./nesting.ts";

export function fixedInputs({ program, nodes, keys }: Nesting, acquires: LockPlan["acquires"]): LockPlan["fixed"] {
  const fixed = new Map<NodeName, readonly number[]>();
  if (keys === undefined || program.form !== "natural") return fixed;
  const around = new Map<NodeName, Set<number>>();
  for (const place of nodes) {
    const { name, kind } = place.node;
    const here = around.get(name) ?? new Set();
    for (const { keys: acquired = [] } of acquires.get(name) ?? []) for (const { input } of acquired) here.add(input);
    if (here.size === 0) continue;
    if (kind === "concrete") {
      fixed.set(name, [...here].sort((one, other) => one - other));
      continue;
    }
    for (const { place: inner, given } of keys.inside(place)) {
      for (let input = 0; input < inner.node.inputs.length; input++) {
        if (given[input]?.some((each) => here.has(each)) !== true) continue;
        const inside = around.get(inner.node.name) ?? new Set();
        around.set(inner.node.name, inside.add(input));
      }
    }
  }
  return fixed;
}
