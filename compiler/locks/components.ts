/** Strongly connected components of a relation over small numbers. */

/** Each sorted, in the order of their first members. Linear; with a stack of its own (Tarjan 1972). */
export function components(relation: readonly Iterable<number>[]): readonly (readonly number[])[] {
  const count = relation.length;
  const index = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const isOpen = new Uint8Array(count);
  const open: number[] = [];
  const found: number[][] = [];
  let next = 0;
  for (let root = 0; root < count; root++) {
    if (index[root] !== -1) continue;
    const path: { readonly at: number; readonly successors: Iterator<number> }[] = [];
    const enter = (at: number): void => {
      index[at] = low[at] = next++;
      isOpen[at] = 1;
      open.push(at);
      path.push({ at, successors: (relation[at] as Iterable<number>)[Symbol.iterator]() });
    };
    enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { at, successors } = top;
      const { value: to, done } = successors.next();
      if (done !== true) {
        if (index[to] === -1) enter(to);
        else if (isOpen[to] === 1) low[at] = Math.min(low[at] as number, index[to] as number);
        continue;
      }
      path.pop();
      const outer = path.at(-1);
      if (outer !== undefined) low[outer.at] = Math.min(low[outer.at] as number, low[at] as number);
      if (low[at] !== index[at]) continue;
      const members = open.splice(open.lastIndexOf(at));
      for (const member of members) isOpen[member] = 0;
      found.push(members.sort((one, other) => one - other));
    }
  }
  return found.sort((one, other) => (one[0] as number) - (other[0] as number));
}
