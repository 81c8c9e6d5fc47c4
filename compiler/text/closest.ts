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
  let nearest: string | undefined;
  let fewest = limit;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) > fewest || candidate === name) continue;
    const edits = editsWithin(folded, candidate.toLowerCase(), fewest);
    if (edits === undefined) continue;
    const tie = nearest !== undefined && edits === fewest;
    if (tie && !(exactEdits(name, candidate) < exactEdits(name, nearest ?? ""))) continue;
    nearest = candidate;
    fewest = edits;
  }
  return nearest;
}

function exactEdits(name: string, candidate: string): number {
  return editsWithin(name, candidate, mostExactEdits) ?? mostExactEdits + 1;
}

/** Names that are equally near but for their case are told apart by up to this many edits. */
const mostExactEdits = 16;

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
  let [beforeLast, last, current] = threeRows(columns + 1);
  for (let column = 0; column <= columns; column++) last[column] = Math.min(column, over);
  let lastLeast = 0;
  for (let row = 1; row <= rows; row++) {
    const left = Math.max(1, row - limit);
    const right = Math.min(columns, row + limit);
    const a = from.charCodeAt(start + row - 1);
    const aBefore = row > 1 ? from.charCodeAt(start + row - 2) : -1;
    let previous = left === 1 ? Math.min(row, over) : over;
    current[left - 1] = previous;
    let least = previous;
    for (let column = left; column <= right; column++) {
      const b = to.charCodeAt(start + column - 1);
      let edits = cell(last, column - 1) + (a === b ? 0 : 1);
      edits = Math.min(edits, cell(last, column) + 1, previous + 1, over);
      if (b === aBefore && column > 1 && a === to.charCodeAt(start + column - 2)) {
        edits = Math.min(edits, cell(beforeLast, column - 2) + 1);
      }
      current[column] = edits;
      previous = edits;
      if (edits < least) least = edits;
    }
    if (right < columns) current[right + 1] = over;
    // A swap looks two rows back, so one hopeless row proves nothing and two in a row prove it.
    if (least > limit && lastLeast > limit) return undefined;
    lastLeast = least;
    [beforeLast, last, current] = [last, current, beforeLast];
  }
  const edits = cell(last, columns);
  return edits > limit ? undefined : edits;
}

type Row = Int32Array;

function cell(row: Row, column: number): number {
  return row[column] ?? 0;
}

const sharedRows: readonly [Row, Row, Row] = [new Int32Array(256), new Int32Array(256), new Int32Array(256)];

/** Rows that hold anything; names of usual length share theirs, since a search over 100,000 needs 100,000 tables. */
function threeRows(cells: number): [Row, Row, Row] {
  if (cells <= 256) return [...sharedRows];
  return [new Int32Array(cells), new Int32Array(cells), new Int32Array(cells)];
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
