/** Which elements are read later: backward reachability over the passages between tuples. Linear. */
import type { Element, Tuples } from "./tuples.ts";

/** By element: whether what it holds is still wanted when a flow is at its point. What is not is destroyed on the way there. */
export function findLive(tuples: Tuples): readonly boolean[] {
  const live = tuples.variables.map((_, element) => tuples.used[element] === true);
  const { first, before } = predecessors(tuples);
  const open: Element[] = [...live.keys()].filter((element) => live[element] === true);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (let at = first[next] as number; at < (first[next + 1] as number); at++) {
      const source = before[at] as Element;
      if (live[source] === true) continue;
      live[source] = true;
      open.push(source);
    }
  }
  return live;
}

/** What each element comes from, one after another in one array: those of `element` from `first[element]` on. */
function predecessors({ variables, passages }: Tuples): { readonly first: Uint32Array; readonly before: Uint32Array } {
  const first = new Uint32Array(variables.length + 2);
  for (const { to } of passages) for (const element of to) first[element + 2] = (first[element + 2] as number) + 1;
  for (let element = 2; element < first.length; element++) first[element] = (first[element] as number) + (first[element - 1] as number);
  const before = new Uint32Array(first.at(-1) ?? 0);
  for (const { from, to } of passages) {
    for (const [position, element] of to.entries()) {
      const at = first[element + 1] as number;
      before[at] = from[position] as Element;
      first[element + 1] = at + 1;
    }
  }
  return { first, before };
}
