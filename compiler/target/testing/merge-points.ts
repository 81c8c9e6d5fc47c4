/**
 * The points of one flow, with those made one that no other flow can tell apart: what they want and hold is the same, and
 * so is, point by point, what comes after. Partition refinement (Moore, "Gedanken-experiments on sequential machines", 1956).
 */
import type { Point } from "./lock-points.ts";

/** @returns the point that stands for where the flow starts; each has a number of its own */
export function mergedPoints(start: Point): Point {
  const points = new Set([start]);
  for (const point of points) for (const next of point.next) points.add(next);
  let classes = classified([...points], ({ wants, held }) => JSON.stringify([wants, [...held].toSorted(([one], [other]) => (one < other ? -1 : 1))]));
  for (let before = 0; before < classes.count; ) {
    before = classes.count;
    const { of } = classes;
    classes = classified([...points], (point) => `${of.get(point)} ${[...new Set([...point.next].map((next) => of.get(next)))].toSorted().join(" ")}`);
  }
  const { of } = classes;
  const merged = new Map<number | undefined, Point>();
  for (const point of points) if (!merged.has(of.get(point))) merged.set(of.get(point), { ...point, next: new Set(), id: merged.size });
  const standing = (point: Point): Point => merged.get(of.get(point)) as Point;
  for (const point of points) for (const next of point.next) standing(point).next.add(standing(next));
  return standing(start);
}

function classified(points: readonly Point[], by: (point: Point) => string): { readonly of: ReadonlyMap<Point, number>; readonly count: number } {
  const numbers = new Map<string, number>();
  const of = new Map<Point, number>();
  for (const point of points) {
    const key = by(point);
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    of.set(point, number);
  }
  return { of, count: numbers.size };
}
