/** A lock plan in words for a person who does not believe it: the order, each reason for it, each cycle drawn, each move with its cost. */
import { position } from "../../grammar/source.ts";
import type { Program } from "../check/program.ts";
import { count } from "../diagnostics/count.ts";
import type { Lines } from "../text/lines.ts";
import type { Elision, Elisions } from "./elision.ts";
import { acquiredText } from "./acquired-text.ts";
import { withoutShares, type LockPlan } from "./lock-plan.ts";
import type { Asking, Move, Nested, Reasons } from "./reasons.ts";

/** @param proof  what the certificate says, which was made by other code */
export function* describePlan(program: Program, plan: LockPlan, { neighbours, cycles, moves }: Reasons, elisions: Elisions, proof: string): Lines {
  if (plan.order.length === 0) {
    yield "no constraints";
    return;
  }
  yield `order: ${plan.order.join(" < ")}`;
  yield "Every flow acquires in this order, from the left.";
  if (neighbours.length > 0) yield "";
  for (const each of neighbours) yield `\`${each.before}\` before \`${each.after}\`: ${nesting(program, each)}`;
  for (const { order, round } of cycles) {
    yield "";
    yield `nest both ways: ${order.join(", ")}`;
    yield* drawn(round);
    for (const each of round) yield `  ${nesting(program, each)}`;
    yield `  The order chosen, ${order.join(" < ")}, costs least.`;
  }
  if (moves.length > 0) yield "";
  for (const move of moves) yield moved(plan, move);
  yield "";
  yield "acquired:";
  for (const [node, all] of plan.acquires) {
    const each = withoutShares(all).map((one) => {
      const { ifNotHeld, movedFor, wholeFor } = one;
      const how = [
        ...(movedFor === undefined ? [] : [`early, for ${movedFor}`]),
        ...(wholeFor === undefined ? [] : [`all of it, for ${wholeFor}`]),
        ...(ifNotHeld ? ["unless the flow holds it"] : []),
      ];
      return `${acquiredText(program, node, one)}${how.length === 0 ? "" : ` (${how.join("; ")})`}`;
    });
    yield `  ${node}: ${each.join(", ")}`;
  }
  yield* shares(plan);
  yield "";
  yield "where one event loop runs all who acquire it or anything inside:";
  for (const name of plan.order) {
    const elision = elisions.get(name);
    if (elision !== undefined) yield `  ${name}: ${kept(program, elision)}`;
  }
  yield "";
  yield `certificate: ${proof}.`;
}

/** What stands in no line above, since nobody asked for it. */
function* shares({ acquires, locks }: LockPlan): Lines {
  for (const { name, constraint } of locks.filter(({ kind }) => kind === "class")) {
    if (!locks.some(({ kind, constraint: other }) => kind === "keys" && other === constraint)) continue;
    const whole = [...acquires].flatMap(([node, all]) => (withoutShares(all).some(({ lock }) => lock === name) ? [node] : []));
    yield `  Who acquires a key of \`${name}\` first shares all of it as a reader; ${whole.map((node) => `\`${node}\``).join(", ")} ${whole.length === 1 ? "takes" : "take"} all of it as a writer.`;
  }
}

function kept(program: Program, { obstacle }: Elision): string {
  if (obstacle === undefined) return "no lock, for nothing parks while it is held";
  const node = program.nodes.get(obstacle.node);
  const at = `\`${obstacle.node}\`${node === undefined ? "" : ` (line ${position(program.source, node.nameSpan.start).line})`}`;
  switch (obstacle.kind) {
    case "waits":
      return `a lock, for ${at} waits while it is held`;
    case "blocks":
      return `a lock, for ${at}, which may block, is called by a helper while it is held`;
    case "yields":
      return `a lock, for others run between the rounds of ${at} while it is held`;
    case "acquires":
      return `a lock, for ${at} acquires \`${obstacle.constraint}\` while it is held`;
  }
}

function nesting(program: Program, { before, after, outer, inner }: Nested): string {
  const line = ({ acquisition }: Asking): number => position(program.source, acquisition.span.start).line;
  return `\`${outer.node}\` holds \`${before}\` (line ${line(outer)}) when \`${inner.node}\`, inside it, asks for \`${after}\` (line ${line(inner)})`;
}

/** From one constraint down to the next, and from the last up to the first. */
function* drawn(round: readonly Nested[]): Lines {
  const last = round.length - 1;
  for (const [index, { before }] of round.entries()) {
    yield `  ${index === 0 ? "+-> " : index === last ? "+-- " : "|   "}${before}`;
    if (index < last) yield "  |   |";
    if (index < last) yield "  |   v";
  }
}

function moved(plan: LockPlan, { node, constraint, for: inner, calls }: Move): string {
  const later = plan.acquires.get(node)?.findLast(({ movedFor }) => movedFor === undefined)?.constraint ?? "";
  return `\`${node}\` acquires \`${constraint}\` early, before \`${later}\`, for \`${inner}\`: ${calls === 0 ? "no other call" : count(calls, "more call")} ${calls < 2 ? "runs" : "run"} with it held`;
}
