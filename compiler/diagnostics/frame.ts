/**
 * The picture in a report: the lines of the program that it points at, what is marked in them, and the labels. Draws
 * one diagnostic; headline, place and notes are `render.ts`'s business.
 *
 *     14 | Handler:[_, _] = ReadInFromDisk -> Compress;
 *        |                  --------------    ^^^^^^^^ takes (int socket)
 *        |                  |
 *        |                  produces (int socket, bool close)
 */
import { position, type Position, type Source } from "../../grammar/source.ts";
import { printable } from "../text/printable.ts";
import type { Label } from "./diagnostic.ts";
import type { Paint, Style } from "./paint.ts";
import { excerpt, lineAfter, lineAt, type Excerpt, type Line } from "./excerpt.ts";

/** One row of the picture. What stands left of the bar decides how the row begins. */
export type Row =
  | { readonly kind: "source"; readonly line: number; readonly text: string }
  | { readonly kind: "marks"; readonly text: string }
  | { readonly kind: "gap"; readonly text: string };

/** A label, where it begins and where its last character is. */
interface Mark {
  readonly from: number;
  readonly to: number;
  readonly first: Position;
  readonly last: Position;
  readonly text: string;
  readonly style: Style;
  readonly primary: boolean;
}

/** A mark over several lines, drawn as a bracket in its own column of the margin. */
interface Bracket extends Mark {
  readonly column: number;
  /** It begins where its line begins, and needs no row of its own to open. */
  readonly flush: boolean;
}

/** @param labels the primary one first; spans beyond the text are cut to it. */
export function frame(source: Source, labels: readonly Label[], severity: Style, paint: Paint): readonly Row[] {
  const marks = labels.map((label) => mark(source, label, severity));
  const brackets = inColumns(source, marks.filter(({ first, last }) => first.line !== last.line));
  const width = brackets.length === 0 ? 0 : 2 + Math.max(...brackets.map(({ column }) => column));
  const text = (cells: Cells): string => cellsToText(cells, paint);

  const rows: Row[] = [];
  let before: Line | undefined;
  for (const line of linesToShow(source, marks)) {
    if (before !== undefined && line.number > before.number + 1) {
      rows.push({ kind: "gap", text: text(margin(brackets, width, before.number, "after")) });
    }
    before = line;
    const here = marks.filter(({ first, last }) => first.line === line.number || last.line === line.number);
    const shown = excerpt(source, line, here.flatMap((one) => ends(one, line.number)));
    const cells = margin(brackets, width, line.number, "beside");
    put(cells, width, shown.text, "plain");
    rows.push({ kind: "source", line: line.number, text: text(cells) });
    const onOneLine = here.filter(({ first, last }) => first.line === last.line);
    for (const row of markRows(onOneLine, shown, width)) {
      rows.push({ kind: "marks", text: text(over(margin(brackets, width, line.number, "below"), row)) });
    }
    for (const row of bracketRows(brackets, line, shown, width)) rows.push({ kind: "marks", text: text(row) });
  }
  return rows;
}

function mark(source: Source, label: Label, severity: Style): Mark {
  const { text } = source;
  const from = Math.min(Math.max(label.span.start, 0), text.length);
  let to = Math.min(Math.max(label.span.end, from), text.length);
  // A span that ends with a line end ends on that line, not at the start of the next.
  while (to > from && /[\r\n]/.test(text[to - 1] ?? "")) to--;
  return {
    from,
    to,
    first: position(source, from),
    last: position(source, to),
    text: printable(label.text).replaceAll("\n", " "),
    style: label.primary ? severity : "secondary",
    primary: label.primary,
  };
}

/** The offsets that must be seen on a line. */
function ends({ from, to, first, last }: Mark, line: number): readonly number[] {
  return [...(first.line === line ? [from] : []), ...(last.line === line ? [to] : [])];
}

/** Gives each bracket the leftmost column that no earlier one still occupies. */
function inColumns(source: Source, marks: readonly Mark[]): readonly Bracket[] {
  const lastLineIn: number[] = [];
  return marks
    .toSorted((a, b) => a.from - b.from || b.to - a.to)
    .map((one) => {
      const free = lastLineIn.findIndex((line) => line < one.first.line);
      const column = free === -1 ? lastLineIn.length : free;
      lastLineIn[column] = one.last.line;
      const before = source.text.slice(one.from - (one.first.column - 1), one.from);
      return { ...one, column, flush: before.trim() === "" };
    });
}

/** Every line with an end of a mark, the second line of a bracket, and a line that would be a gap on its own. */
function linesToShow(source: Source, marks: readonly Mark[]): readonly Line[] {
  const lines = new Map<number, Line>();
  for (const { from, to, first, last } of marks) {
    const opening = lineAt(source, from, first);
    lines.set(first.line, opening);
    lines.set(last.line, lineAt(source, to, last));
    if (last.line > first.line + 1) lines.set(first.line + 1, lineAfter(source, opening));
  }
  const wanted = [...lines.values()].sort((a, b) => a.number - b.number);
  return wanted.flatMap((line, index) => {
    const next = wanted[index + 1];
    return next?.number === line.number + 2 ? [line, lineAfter(source, line)] : [line];
  });
}

// Cells: one row of the picture, one cell a column. The last may hold a whole label.

type Cells = { text: string; style: Style }[];

function put(cells: Cells, column: number, text: string, style: Style): void {
  while (cells.length < column) cells.push({ text: " ", style: "plain" });
  cells[column] = { text, style };
}

function putAll(cells: Cells, from: number, to: number, character: string, style: Style): void {
  for (let column = from; column < to; column++) put(cells, column, character, style);
}

function over(left: Cells, right: Cells): Cells {
  return [...left, ...right.slice(left.length)];
}

function cellsToText(cells: Cells, paint: Paint): string {
  let text = "";
  for (let begin = 0; begin < cells.length; ) {
    const style = cells[begin]?.style ?? "plain";
    let end = begin;
    while (end < cells.length && cells[end]?.style === style) end++;
    text += paint(style, cells.slice(begin, end).map((cell) => cell.text).join(""));
    begin = end;
  }
  return text;
}

/**
 * The bars of the brackets: beside a line, below it (before its own brackets open or close), and after all of that.
 */
function margin(brackets: readonly Bracket[], width: number, line: number, where: "beside" | "below" | "after"): Cells {
  const cells: Cells = [];
  putAll(cells, 0, width, " ", "plain");
  for (const { first, last, column, style, flush } of brackets) {
    const opensFlush = first.line === line && flush;
    const inside = first.line < line && line <= last.line;
    if (where === "beside" && opensFlush) put(cells, column, "/", style);
    else if (where === "beside" && inside) put(cells, column, "|", style);
    else if (where === "below" && (opensFlush || inside)) put(cells, column, "|", style);
    else if (where === "after" && first.line <= line && line < last.line) put(cells, column, "|", style);
  }
  return cells;
}

/** The rows below a line for the marks that lie in it. */
function* markRows(marks: readonly Mark[], shown: Excerpt, width: number): Generator<Cells> {
  if (marks.length === 0) return;
  const placed = marks
    .map((one) => {
      const from = width + shown.columnAt(one.from);
      return { ...one, from, to: Math.max(width + shown.columnAt(one.to), from + 1) };
    })
    .toSorted((a, b) => b.from - a.from || Number(b.primary) - Number(a.primary));

  const underlines: Cells = [];
  for (const { from, to, style } of placed.filter(({ primary }) => !primary)) putAll(underlines, from, to, "-", style);
  for (const { from, to, style } of placed.filter(({ primary }) => primary)) putAll(underlines, from, to, "^", style);
  const last = placed.find(({ text }) => text !== "");
  const beside =
    last !== undefined &&
    placed.every((one) => one === last || (one.to <= last.to && (one.text === "" || one.to <= last.from)));
  if (last !== undefined && beside) put(underlines, last.to + 1, last.text, last.style);
  yield underlines;

  const hanging = placed.filter((one) => one.text !== "" && !(beside && one === last));
  if (hanging.length === 0) return;
  yield bars(hanging);
  for (const one of hanging) {
    const row = bars(hanging.filter(({ from }) => from < one.from));
    put(row, one.from, one.text, one.style);
    yield row;
  }
}

function bars(marks: readonly { readonly from: number; readonly style: Style }[]): Cells {
  const cells: Cells = [];
  for (const { from, style } of marks.toReversed()) put(cells, from, "|", style);
  return cells;
}

/** The rows below a line in which brackets open or close. */
function* bracketRows(brackets: readonly Bracket[], line: Line, shown: Excerpt, width: number): Generator<Cells> {
  const open = margin(brackets, width, line.number, "below");
  for (const one of brackets.filter(({ first, flush }) => first.line === line.number && !flush)) {
    yield armTo(width + shown.columnAt(one.from), one, open);
    put(open, one.column, "|", one.style);
  }
  for (const one of brackets.filter(({ last }) => last.line === line.number)) {
    const column = width + Math.max(shown.columnAt(one.to) - 1, 0);
    const row = armTo(column, one, open);
    if (one.text !== "") put(row, column + 2, one.text, one.style);
    yield row;
    put(open, one.column, " ", "plain");
  }
}

/** ` |____^`: from the bracket's own column to the character it begins or ends with. */
function armTo(column: number, bracket: Bracket, open: Cells): Cells {
  const row = [...open];
  putAll(row, bracket.column + 1, column, "_", bracket.style);
  put(row, column, bracket.primary ? "^" : "-", bracket.style);
  return row;
}
