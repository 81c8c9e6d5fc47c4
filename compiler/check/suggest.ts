/** "Did you mean …?" within bounds: a program in which every name is wrong must not be searched once for each. */
import { allowedEdits, closest } from "../text/closest.ts";

export type Suggest = (name: string, candidates: Iterable<string>, count: number) => string | undefined;

/** Looks at two million names in all, and answers a hundred times: nobody sees more errors. `count`: how many candidates there are. */
export function suggester(): Suggest {
  let answers = 100;
  let names = 2_000_000;
  return (name, candidates, count) => {
    if (answers <= 0 || names < count || allowedEdits(name) === 0) return undefined;
    answers--;
    names -= count;
    return closest(name, candidates);
  };
}
