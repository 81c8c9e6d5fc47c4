/** "Did you mean …?": the nearest of many names. Knows no language and decides no wording. */

/**
 * The candidate a person most likely meant by `name`, or `undefined` when none is close.
 *
 * Near means few edits (insert, delete, replace, swap two neighbours), where upper and lower case count as equal;
 * then few edits where they do not; then the earlier candidate. `name` itself is never the answer. One edit is
 * allowed for every three characters, five at most, and none in a name of one or two: there anything is near anything.
 *
 * Linear in the candidates: most are dismissed by their length alone. Still, one call walks all of them, so whoever
 * has thousands of unknown names asks for those that will be shown.
 */
export function closest(name: string, candidates: Iterable<string>): string | undefined {
  const folded = name.toLowerCase();
  const limit = allowedEdits(name);
  let best: { readonly candidate: string; readonly edits: number; readonly exactEdits: number } | undefined;
  for (const candidate of candidates) {
    const atMost = best?.edits ?? limit;
    if (Math.abs(candidate.length - name.length) > atMost || candidate === name) continue;
    const edits = editsWithin(folded, candidate.toLowerCase(), atMost);
    if (edits === undefined) continue;
    const exactEdits = editsWithin(name, candidate, mostCaseEdits) ?? mostCaseEdits + 1;
    if (best === undefined || edits < best.edits || exactEdits < best.exactEdits) best = { candidate, edits, exactEdits };
  }
  return best?.candidate;
}

/** Beyond this many differences in case, names that are equally near are not told apart. */
const mostCaseEdits = 32;

/** How many edits still look like a slip of the finger in a name of this length. */
export function allowedEdits(name: string): number {
  return name.length < 3 ? 0 : Math.min(5, Math.floor(name.length / 3));
}

/**
 * The number of edits between two texts, or `undefined` if it is over `limit`: the optimal string alignment form of
 * Damerau and Levenshtein's distance (no stretch is edited twice), computed in a band of `limit` around the diagonal,
 * since a path outside it costs more. O(limit x length).
 */
export function editsWithin(from: string, to: string, limit: number): number | undefined {
  const start = sharedPrefix(from, to);
  const end = sharedSuffix(from, to, start);
  const rows = from.length - end - start;
  const columns = to.length - end - start;
  if (Math.abs(rows - columns) > limit) return undefined;
  if (rows === 0 || columns === 0) return rows + columns;
  // Both ends differ now: one edit mends one of them, or both if it is all there is.
  if (limit === 0 || (limit === 1 && Math.max(rows, columns) > 2)) return undefined;

  const over = limit + 1;
  // Three rows of the table: the swap of two neighbours looks two rows back. Cells outside the band hold `over`.
  let beforeLast = new Array<number>(columns + 1).fill(over);
  let last = Array.from({ length: columns + 1 }, (_, column) => Math.min(column, over));
  let current = new Array<number>(columns + 1).fill(over);
  let lastLeast = 0;
  for (let row = 1; row <= rows; row++) {
    const left = Math.max(1, row - limit);
    const right = Math.min(columns, row + limit);
    current[left - 1] = left === 1 ? Math.min(row, over) : over;
    let least = current[left - 1] ?? over;
    for (let column = left; column <= right; column++) {
      const a = from.charCodeAt(start + row - 1);
      const b = to.charCodeAt(start + column - 1);
      let edits = (last[column - 1] ?? over) + (a === b ? 0 : 1);
      edits = Math.min(edits, (last[column] ?? over) + 1, (current[column - 1] ?? over) + 1, over);
      const swapped =
        row > 1 &&
        column > 1 &&
        a === to.charCodeAt(start + column - 2) &&
        b === from.charCodeAt(start + row - 2);
      if (swapped) edits = Math.min(edits, (beforeLast[column - 2] ?? over) + 1);
      current[column] = edits;
      least = Math.min(least, edits);
    }
    if (right < columns) current[right + 1] = over;
    // A swap looks two rows back, so one hopeless row proves nothing and two in a row prove it.
    if (least > limit && lastLeast > limit) return undefined;
    lastLeast = least;
    [beforeLast, last, current] = [last, current, beforeLast];
  }
  const edits = last[columns] ?? over;
  return edits > limit ? undefined : edits;
}

function sharedPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}

function sharedSuffix(a: string, b: string, from: number): number {
  let length = 0;
  const most = Math.min(a.length, b.length) - from;
  while (length < most && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length++;
  return length;
}
