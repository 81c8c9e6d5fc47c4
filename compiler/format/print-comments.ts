/** Comments as documents of Prettier, and what stands between two tokens with the comments there. Chooses no layout. */
import { builders } from "prettier/doc";
import type { Doc } from "prettier";
import type { Comment } from "../../grammar/ast.ts";
import { keepsLines, type Gap } from "./gaps.ts";

const { hardline, join, line, lineSuffix, literalline, softline } = builders;

/** Text that stays as it is, over lines too. */
export function verbatim(text: string): Doc {
  return join(literalline, text.split("\n"));
}

export function printComment({ kind, text }: Comment): Doc {
  return kind === "line" ? text.replace(/[ \t]+$/, "") : verbatim(text);
}

/** The same behind something on its line. A `//` takes no part in whether that line is too long. */
export function printTrailing(comment: Comment): Doc {
  const printed = printComment(comment);
  return comment.kind === "line" ? lineSuffix(printed) : printed;
}

/** In two, so that a closing bracket can leave an indentation that its comments are in. */
export interface PrintedGap {
  readonly comments: readonly Doc[];
  /** What stands directly before the next token. */
  readonly last: Doc;
}

/**
 * The comments between two tokens with a separator among them: where a line ended, otherwise before or behind them all.
 * Where lines are kept they end as written, and the separator has nothing to do.
 */
export function printGap(gap: Gap, left: string, right: string, separator: Doc, otherwise: "before" | "behind"): PrintedGap {
  const { comments, newlines } = gap;
  const count = comments.length;
  if (count === 0) return { comments: [], last: separator };
  const kept = keepsLines(gap);
  const written = newlines.indexOf(true);
  const place = written >= 0 ? written : otherwise === "before" ? 0 : count;

  const before = (index: number): Doc => {
    if (kept && newlines[index] === true) return hardline;
    const blank = needsBlank(index, gap, left, right);
    // A blank that is no place for a line to end is the comments' own business.
    if (kept || index !== place || typeof separator === "string") return blank ? " " : "";
    return separator === softline && blank ? line : separator;
  };
  const printed = comments.flatMap((comment, index) => {
    const startsLine = kept && newlines[index] === true;
    return [before(index), startsLine ? printComment(comment) : printTrailing(comment)];
  });
  return { comments: printed, last: before(count) };
}

/** Brackets stand close to a comment inside them: `(/* none *\/)`. */
function needsBlank(index: number, { comments }: Gap, left: string, right: string): boolean {
  if (index === 0) return comments[0]?.kind === "line" || !/^[([{<]$/.test(left);
  return index < comments.length || !/^[)\]}>,;:]$/.test(right);
}
