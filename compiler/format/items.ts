/**
 * A program as the printer walks through it: declarations and the comments between them, each declaration as tokens with
 * what stands between them. The tree of the grammar has no signs and no parentheses, and comments may stand at each.
 */
import type { Ast, Comment, Declaration } from "../../grammar/ast.ts";
import { tokenize } from "../../grammar/lexer.ts";
import type { Span } from "../../grammar/span.ts";
import { keepsLines, noComments, settleComments, type Gap } from "./gaps.ts";

export interface ItemList {
  readonly kind: "program";
  readonly items: readonly Item[];
  readonly span: Span;
}

export type Item = CommentItem | DeclarationItem | IgnoredItem;

/** What separates an item from the one before it: nothing, the end of a line, or an empty line too. */
export type Separation = "same" | "line" | "blank";

/** A comment that stands in no declaration. */
export interface CommentItem {
  readonly kind: "comment";
  readonly comment: Comment;
  readonly before: Separation;
  readonly span: Span;
}

export interface DeclarationItem {
  readonly kind: "declaration";
  readonly form: Declaration["kind"];
  /** The last is `;`. */
  readonly tokens: readonly string[];
  /** `gaps[i]` stands before `tokens[i]`; the first is empty. */
  readonly gaps: readonly Gap[];
  readonly before: Separation;
  readonly span: Span;
}

/** A declaration below `// prettier-ignore`: it stays as it is written. */
export interface IgnoredItem {
  readonly kind: "ignored";
  readonly text: string;
  readonly before: Separation;
  readonly span: Span;
}

/** @param ast of the same text, without a mistake. Linear. */
export function itemsOf(text: string, ast: Ast): ItemList {
  const items: Item[] = [];
  const { tokens } = tokenize(text);
  let token = 0;
  let comment = 0;
  /** Where the item before ends, and whether a comment moved behind it needs a line of its own. */
  let end = 0;
  let ownLine = false;

  const separation = (start: number): Separation => {
    const lines = lineEnds(text.slice(end, start));
    if (lines > 1) return "blank";
    return lines === 1 || ownLine ? "line" : "same";
  };
  const addComment = (one: Comment, before: Separation): void => {
    items.push({ kind: "comment", comment: one, before, span: one.span });
  };
  const addCommentsBefore = (offset: number): void => {
    for (let one = ast.comments[comment]; one !== undefined && one.span.start < offset; one = ast.comments[++comment]) {
      addComment(one, separation(one.span.start));
      end = one.span.end;
      ownLine = false;
    }
  };

  for (const { kind, span } of ast.declarations) {
    addCommentsBefore(span.start);
    const before = separation(span.start);
    const ignored = isIgnored(items);
    const images: string[] = [];
    const gaps: Gap[] = [];
    let from = span.start;
    for (let one = tokens[token]; one !== undefined && one.startOffset < span.end; one = tokens[++token]) {
      const first = comment;
      while ((ast.comments[comment]?.span.start ?? text.length) < one.startOffset) comment++;
      gaps.push(gapBetween(text, from, one.startOffset, ast.comments.slice(first, comment)));
      images.push(one.image);
      from = one.startOffset + one.image.length;
    }
    end = span.end;
    ownLine = false;
    if (ignored) {
      items.push({ kind: "ignored", text: text.slice(span.start, span.end), before, span });
      continue;
    }
    const settled = settleComments(images, gaps);
    const last = settled.at(-1) ?? noComments;
    if (!keepsLines(last)) {
      items.push({ kind: "declaration", form: kind, tokens: images, gaps: settled, before, span });
      continue;
    }
    // Nobody should look for the `;` below a comment: those go behind it, the first on its line.
    items.push({ kind: "declaration", form: kind, tokens: images, gaps: [...settled.slice(0, -1), noComments], before, span });
    last.comments.forEach((one, index) => {
      const newline = (last.newlines[index] ?? false) || last.comments[index - 1]?.kind === "line";
      addComment(one, index > 0 && newline ? "line" : "same");
    });
    ownLine = true;
  }
  addCommentsBefore(text.length);
  return { kind: "program", items: oneDeclarationALine(items), span: ast.span };
}

function gapBetween(text: string, from: number, to: number, comments: readonly Comment[]): Gap {
  if (comments.length === 0) return noComments;
  const starts = [...comments.map(({ span }) => span.start), to];
  const ends = [from, ...comments.map(({ span }) => span.end)];
  return { comments, newlines: starts.map((start, index) => lineEnds(text.slice(ends[index], start)) > 0) };
}

/** Where a declaration begins on the line of another one, a line ends between them: before the comments that lead to it. */
function oneDeclarationALine(items: readonly Item[]): readonly Item[] {
  const separated = [...items];
  const first = separated[0];
  if (first !== undefined) separated[0] = { ...first, before: "line" };
  for (let index = 1; index < separated.length; index++) {
    if (separated[index]?.kind === "comment") continue;
    let at = index;
    while (at > 0 && separated[at]?.before === "same" && separated[at - 1]?.kind === "comment") at--;
    const leading = separated[at];
    if (leading?.before === "same") separated[at] = { ...leading, before: "line" };
  }
  return separated;
}

/** Whether the comment before what comes next says so; one behind a declaration speaks of nothing. */
function isIgnored(items: readonly Item[]): boolean {
  const previous = items.at(-1);
  if (previous?.kind !== "comment" || (items.length > 1 && previous.before === "same")) return false;
  return /^(?:\/\/\s*prettier-ignore\s*|\/\*\s*prettier-ignore\s*\*\/)$/.test(previous.comment.text);
}

function lineEnds(blank: string): number {
  return blank.match(/\r\n?|\n/g)?.length ?? 0;
}
