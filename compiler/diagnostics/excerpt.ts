/** What is shown of one line of the program: all of it, or a window around what is marked. Draws no marks. */
import type { Position, Source } from "../../grammar/source.ts";
import { printableLine } from "../text/printable.ts";

/** Where a line stands in the text, without its line end. */
export interface Line {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

export interface Excerpt {
  readonly text: string;
  /** The column, from 0, of an offset into the source; one that was cut away is at that end. */
  readonly columnAt: (offset: number) => number;
}

/** The line that holds an offset, given the offset's position. */
export function lineAt({ text }: Source, offset: number, { line, column }: Position): Line {
  const start = offset - (column - 1);
  return { number: line, start, end: lineEnd(text, start) };
}

/** The line after one that is not the last. */
export function lineAfter({ text }: Source, { number, end }: Line): Line {
  const start = text.startsWith("\r\n", end) ? end + 2 : end + 1;
  return { number: number + 1, start, end: lineEnd(text, start) };
}

function lineEnd(text: string, start: number): number {
  const newline = text.indexOf("\n", start);
  const end = newline === -1 ? text.length : newline;
  // Not a search of the whole text: one without a return would be walked to its end for every line.
  const lineReturn = text.slice(start, end).indexOf("\r");
  return lineReturn === -1 ? end : start + lineReturn;
}

const longestLine = 140;
const contextBefore = 30;
const cut = "...";

/** @param marked offsets that should be seen, the most important first. */
export function excerpt({ text }: Source, line: Line, marked: readonly number[]): Excerpt {
  const { from, to } = windowOf(text, line, marked);
  const shown = printableLine(text.slice(from, to));
  const head = from > line.start && !(from === 1 && hasByteOrderMark(text)) ? cut : "";
  const tail = to < line.end ? cut : "";
  return {
    text: head + shown.text + tail,
    columnAt: (offset) => {
      if (offset < from) return 0;
      return head.length + shown.columnAt(offset - from);
    },
  };
}

function windowOf(text: string, line: Line, marked: readonly number[]): { readonly from: number; readonly to: number } {
  const start = line.start === 0 && hasByteOrderMark(text) ? 1 : line.start;
  if (line.end - start <= longestLine) return { from: start, to: line.end };
  const all = marked.length === 0 ? [start] : marked;
  const fits = Math.max(...all) - Math.min(...all) <= longestLine - contextBefore;
  const first = fits ? Math.min(...all) : (all[0] ?? start);
  const from = Math.max(start, Math.min(first - contextBefore, line.end - longestLine));
  const to = Math.min(line.end, from + longestLine);
  return { from: afterHalfCharacter(text, from), to: afterHalfCharacter(text, to) };
}

function hasByteOrderMark(text: string): boolean {
  return text.startsWith("\ufeff");
}

/** An offset between the two halves of a surrogate pair moves behind it. */
function afterHalfCharacter(text: string, offset: number): number {
  const code = text.charCodeAt(offset);
  return code >= 0xdc00 && code <= 0xdfff ? offset + 1 : offset;
}
