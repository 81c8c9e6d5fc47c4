/**
 * From a lock plan to its picture: the constraints in their order, and a line wherever one is acquired while another is held.
 * A line up the order is one that could have waited for ever, were it not acquired early. Decides nothing of the plan.
 */
import type { Constraint, Node, Program } from "../check/program.ts";
import { withoutShares, type LockPlan } from "../locks/lock-plan.ts";
import type { Nested } from "../locks/reasons.ts";
import { pictureName, type Box, type Line, type Mark, type Picture } from "./picture.ts";

/** More nodes than this are a number. */
const mostNamed = 4;

/** @param nested  every pair of which one is acquired while the other is held, as the program is written */
export function drawLocks(program: Program, plan: LockPlan, nested: readonly Nested[]): Picture {
  const rank = new Map(plan.order.map((name, index) => [name, index]));
  const rankOf = (name: string): number => rank.get(name) ?? 0;
  const users = new Map<string, Mark[]>();
  for (const node of program.nodes.values()) {
    for (const constraint of new Set(node.acquires.map((each) => each.constraint))) {
      const known = users.get(constraint) ?? [];
      known.push({ kind: "constraint", text: useText(program, plan, node, constraint) });
      users.set(constraint, known);
    }
  }
  const boxes = plan.order.map((name, index): Box => {
    const { span = { start: 0, end: 0 }, kind } = program.constraints.get(name) ?? {};
    return { id: name, kind: "constraint", title: titleOf(name, kind), marks: shortened(users.get(name) ?? []), handling: false, span, about: `constraint ${name}, number ${index + 1} in the order` };
  });
  const early = new Set([...plan.acquires].flatMap(([node, all]) => withoutShares(all).flatMap(({ constraint, movedFor }) => (movedFor === undefined ? [] : [`${node} ${constraint}`]))));
  const lines = nested.map(({ before, after, outer, inner }): Line => {
    const isAgainst = rankOf(before) > rankOf(after);
    const how = early.has(`${outer.node} ${after}`) ? `${outer.node} acquires ${after} early,\nfor ${inner.node}` : `${outer.node} holds ${before},\n${inner.node} asks for ${after}`;
    return { from: before, to: after, kind: isAgainst ? "against" : "nesting", label: how };
  });
  const name = pictureName(program.source.path);
  return { name, title: `The constraints of ${name}`, boxes, groups: [], lines };
}

/** As it would be written: `total(session)`; of keys and pools what there is of them. */
function titleOf(name: string, kind: Constraint["kind"] | undefined): string {
  switch (kind?.kind) {
    case "keyed":
      return `${name}[key]`;
    case "pool":
      return `${name}: ${kind.size}`;
    default:
      return kind?.scope === "session" ? `${name}(session)` : name;
  }
}

/** `Put`, `Find reads`, `Move [from], [to]`, `Sweep all`; and what became of one key. */
function useText({ constraints }: Program, plan: LockPlan, node: Node, constraint: string): string {
  const asked = node.acquires.filter((each) => each.constraint === constraint);
  const whole = plan.acquires.get(node.name)?.find((each) => each.constraint === constraint && each.wholeFor !== undefined);
  if (whole?.wholeFor !== undefined) return `${node.name} all, for ${whole.wholeFor}`;
  if (constraints.get(constraint)?.kind.kind !== "keyed") return `${node.name}${asked.every(({ mode }) => mode === "read") ? " reads" : ""}`;
  const keys = asked.flatMap(({ key, mode }) => (key === undefined ? [] : [`${mode === "read" ? "reads " : ""}[${node.inputs[key]?.name ?? ""}]`]));
  return `${node.name} ${keys.length === 0 ? "all" : keys.join(", ")}`;
}

function shortened(marks: readonly Mark[]): readonly Mark[] {
  if (marks.length <= mostNamed) return marks;
  return [...marks.slice(0, mostNamed - 1), { kind: "constraint", text: `and ${marks.length - mostNamed + 1} more` }];
}
