/**
 * Every interleaving of a few flows, each as its `lock-points.ts`: readers and writers are served in the order in which
 * they came, as the runtimes do. Finds out whether all of them can come to wait for each other.
 */
import type { Mode, Point } from "./lock-points.ts";

/** `asks` runs up to where it joins the queue; `waits` is in it; `runs` has been granted what its point wants. */
interface Flow {
  readonly point: Point;
  readonly phase: "asks" | "waits" | "runs";
}

interface Moment {
  readonly flows: readonly Flow[];
  /** By constraint, who waits, first come first. */
  readonly queues: ReadonlyMap<string, readonly number[]>;
}

/** @returns the points at which flows wait for each other; "none"; or "too many" where there are more moments than `most` */
export function searchDeadlock(starts: readonly Point[], most: number): readonly string[] | "none" | "too many" {
  const first: Moment = { flows: starts.map((point) => ({ point, phase: "runs" })), queues: new Map() };
  const seen = new Set([keyOf(first)]);
  const open = [first];
  for (let moment = open.pop(); moment !== undefined; moment = open.pop()) {
    const following = steps(moment);
    const waiting = moment.flows.filter(({ phase }) => phase === "waits");
    if (following.length === 0 && waiting.length > 0) return waiting.map(({ point }) => point.label);
    for (const next of following) {
      const key = keyOf(next);
      if (seen.has(key)) continue;
      if (seen.size >= most) return "too many";
      seen.add(key);
      open.push(next);
    }
  }
  return "none";
}

function steps({ flows, queues }: Moment): readonly Moment[] {
  return flows.flatMap(({ point, phase }, index): readonly Moment[] => {
    const put = (flow: Flow): readonly Flow[] => flows.with(index, flow);
    if (phase === "runs") return [...point.next].map((next) => granted({ flows: put({ point: next, phase: "asks" }), queues }));
    if (phase === "waits" || point.wants === undefined) return [];
    const { constraint } = point.wants;
    const queue = queues.get(constraint) ?? [];
    return [granted({ flows: put({ point, phase: "waits" }), queues: new Map(queues).set(constraint, [...queue, index]) })];
  });
}

/** Whoever is first in a queue and fits beside those that hold the constraint is let in. */
function granted(moment: Moment): Moment {
  for (const [constraint, [first, ...rest]] of moment.queues) {
    const flow = first === undefined ? undefined : moment.flows[first];
    if (first === undefined || flow?.point.wants === undefined) continue;
    if (!fits(moment.flows, constraint, flow.point.wants.mode)) continue;
    const queues = new Map(moment.queues);
    if (rest.length === 0) queues.delete(constraint);
    else queues.set(constraint, rest);
    return granted({ flows: moment.flows.with(first, { point: flow.point, phase: "runs" }), queues });
  }
  return moment;
}

function fits(flows: readonly Flow[], constraint: string, mode: Mode): boolean {
  return flows.every(({ point: { held, wants }, phase }) => {
    const own = held.get(constraint) ?? (phase === "runs" && wants?.constraint === constraint ? wants.mode : undefined);
    return own === undefined || (own === "read" && mode === "read");
  });
}

function keyOf({ flows, queues }: Moment): string {
  const waiting = [...queues].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([constraint, queue]) => `${constraint}:${queue.join(",")}`);
  return `${flows.map(({ point, phase }) => `${point.label}/${phase}`).join("|")}#${waiting.join("|")}`;
}
