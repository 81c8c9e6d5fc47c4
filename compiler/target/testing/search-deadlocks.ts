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
  /** By lock, who waits, first come first. */
  readonly queues: ReadonlyMap<string, readonly number[]>;
}

/** By pool, how many units it has. */
export type Units = ReadonlyMap<string, number>;

/** @returns the points at which flows wait for each other; "none"; or "too many" where there are more moments than `most` */
export function searchDeadlock(starts: readonly Point[], most: number, units: Units): readonly string[] | "none" | "too many" {
  const first: Moment = { flows: starts.map((point) => ({ point, phase: "runs" })), queues: new Map() };
  const seen = new Set([keyOf(first)]);
  const open = [first];
  for (let moment = open.pop(); moment !== undefined; moment = open.pop()) {
    const following = steps(moment, units);
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

function steps({ flows, queues }: Moment, units: Units): readonly Moment[] {
  const joined = (point: Point, lock: string, index: number): Moment => {
    const queue = queues.get(lock) ?? [];
    return granted({ flows: flows.with(index, { point, phase: "waits" }), queues: new Map(queues).set(lock, [...queue, index]) }, units);
  };
  return flows.flatMap(({ point, phase }, index): readonly Moment[] => {
    if (phase === "waits") return [];
    if (phase === "asks") return point.wants === undefined ? [] : [joined(point, point.wants.lock, index)];
    return [...point.next].map((next) => {
      // Where nothing is given back on the way, nobody else sees that it is on its way.
      if (next.wants !== undefined && keeps(point, next)) return joined(next, next.wants.lock, index);
      return granted({ flows: flows.with(index, { point: next, phase: "asks" }), queues }, units);
    });
  });
}

function keeps({ held, wants }: Point, next: Point): boolean {
  return next.held.size === held.size + (wants === undefined ? 0 : 1) && [...held.keys()].every((lock) => next.held.has(lock));
}

/** Whoever is first in a queue and fits beside those that hold the lock is let in. */
function granted(moment: Moment, units: Units): Moment {
  for (const [lock, [first, ...rest]] of moment.queues) {
    const flow = first === undefined ? undefined : moment.flows[first];
    if (first === undefined || flow?.point.wants === undefined) continue;
    if (!fits(moment.flows, lock, flow.point.wants.mode, units)) continue;
    const queues = new Map(moment.queues);
    if (rest.length === 0) queues.delete(lock);
    else queues.set(lock, rest);
    return granted({ flows: moment.flows.with(first, { point: flow.point, phase: "runs" }), queues }, units);
  }
  return moment;
}

function fits(flows: readonly Flow[], lock: string, mode: Mode, units: Units): boolean {
  const holders = flows.flatMap(({ point: { held, wants }, phase }) => {
    return held.get(lock) ?? (phase === "runs" && wants?.lock === lock ? wants.mode : []);
  });
  const most = units.get(lock);
  if (most !== undefined) return holders.length < most;
  return holders.every((own) => own === "read" && mode === "read");
}

function keyOf({ flows, queues }: Moment): string {
  const waiting = [...queues].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([lock, queue]) => `${lock}:${queue.join(",")}`);
  return `${flows.map(({ point, phase }) => `${point.id}${phase[0]}`).join("|")}#${waiting.join("|")}`;
}
