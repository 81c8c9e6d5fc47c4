/** Which elements are read later: backward reachability over the passages between tuples. Linear. */
import type { Element, Tuples } from "./tuples.ts";

/** By element: whether what it holds is still wanted when a flow is at its point. What is not is destroyed on the way there. */
export function findLive(tuples: Tuples): readonly boolean[] {
  const live = tuples.variables.map((_, element) => tuples.used[element] === true);
  const before: Element[][] = tuples.variables.map(() => []);
  for (const { from, to } of tuples.passages) {
    for (const [position, element] of to.entries()) before[element]?.push(from[position] as Element);
  }
  const open: Element[] = [...live.keys()].filter((element) => live[element] === true);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const element of before[next] ?? []) {
      if (live[element] === true) continue;
      live[element] = true;
      open.push(element);
    }
  }
  return live;
}
