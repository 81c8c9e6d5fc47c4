/**
 * What stands between two tokens: comments, and where the lines end. Says which comments change sides of a sign, so that
 * a layout that breaks before arrows and after commas leaves each with what it is about. Prints nothing.
 */
import type { Comment } from "../../grammar/ast.ts";

export interface Gap {
  readonly comments: readonly Comment[];
  /** Whether a line ends before each comment, and last whether one does before the token. One more than comments. */
  readonly newlines: readonly boolean[];
}

/** White space on one line or none: what it was does not matter. */
export const noComments: Gap = { comments: [], newlines: [false] };

/**
 * Whether the lines end in this gap where they were written to end: behind a `//` they must, and two line ends make a
 * comment stand by itself. A single one is layout, and may go or come.
 */
export function keepsLines({ comments, newlines }: Gap): boolean {
  return comments.some(({ kind }) => kind === "line") || newlines.filter(Boolean).length > 1;
}

/**
 * The gaps of a declaration, `gaps[i]` before `tokens[i]`, with those comments moved that would otherwise tear a sign from
 * where the layout puts it: from before a comma to behind it, from behind an arrow to before it. None is lost.
 */
export function settleComments(tokens: readonly string[], gaps: readonly Gap[]): readonly Gap[] {
  if (gaps.every((gap) => gap === noComments)) return gaps;
  const settled = [...gaps];
  const at = (index: number): Gap => settled[index] ?? noComments;
  for (let index = 0; index + 1 < tokens.length; index++) {
    if (tokens[index] !== "," || !keepsLines(at(index))) continue;
    settled[index + 1] = joined(at(index), at(index + 1));
    settled[index] = noComments;
  }
  // From the last to the first, so that nothing is moved to a place that was settled before.
  for (let index = tokens.length - 2; index >= 0; index--) {
    const behind = at(index + 1);
    if (!(tokens[index] === "->" || tokens[index] === "=>") || !keepsLines(behind)) continue;
    const [moved, stays] = splitAt(behind, behind.newlines.lastIndexOf(true));
    settled[index] = joined(at(index), moved);
    settled[index + 1] = stays;
  }
  return settled;
}

/** What stood on both sides of a sign. */
function joined(first: Gap, second: Gap): Gap {
  const seam = (first.newlines.at(-1) ?? false) || (second.newlines[0] ?? false);
  return {
    comments: [...first.comments, ...second.comments],
    newlines: [...first.newlines.slice(0, -1), seam, ...second.newlines.slice(1)],
  };
}

/** The comments before a position, which keep the line end there, and those behind it. */
function splitAt({ comments, newlines }: Gap, position: number): readonly [Gap, Gap] {
  const rest = comments.slice(position);
  return [
    { comments: comments.slice(0, position), newlines: newlines.slice(0, position + 1) },
    rest.length === 0 ? noComments : { comments: rest, newlines: [false, ...newlines.slice(position + 1)] },
  ];
}
