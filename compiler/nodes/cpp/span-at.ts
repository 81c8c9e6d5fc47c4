/** From a compiler's line and column to a span. Reads no file. */
import { lineText, type Source } from "../../../grammar/source.ts";
import type { Span } from "../../../grammar/span.ts";

/**
 * The word that begins at a place, or one character. A place beyond the text is cut to it.
 *
 * @param column  as g++ and clang count: bytes of UTF-8, from 1
 */
export function spanAt(source: Source, line: number, column: number): Span {
  const text = lineText(source, line);
  const lineStart = startOfLine(source.text, line);
  let bytes = 1;
  let index = 0;
  while (index < text.length && bytes < column) {
    const point = text.codePointAt(index) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    index += point < 0x10000 ? 1 : 2;
  }
  const word = /^[A-Za-z_]\w*/.exec(text.slice(index))?.[0];
  const start = Math.min(lineStart + index, source.text.length);
  return { start, end: Math.min(start + Math.max(word?.length ?? 1, 1), source.text.length) };
}

/** The name where a declaration has it last: `Sorry` in `handle error Read => Sorry;`, `SessionOf` in a source with a session. */
export function nameIn({ text }: Source, { start, end }: Span, name: string): Span {
  const last = [...text.slice(start, end).matchAll(/\w+/g)].findLast(([word]) => word === name);
  return last === undefined ? { start, end } : { start: start + last.index, end: start + last.index + name.length };
}

function startOfLine(text: string, line: number): number {
  let start = 0;
  const ends = /\r\n?|\n/g;
  for (let passed = 1; passed < line; passed++) {
    const end = ends.exec(text);
    if (end === null) return text.length;
    start = end.index + end[0].length;
  }
  return start;
}
