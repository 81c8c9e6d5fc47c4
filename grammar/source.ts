/** A text with a name and a line table, and how bytes become one. Reads no file. */
import type { SyntaxProblem } from "./syntax-problem.ts";

/** A text with a name. */
export interface Source {
  /** As given on the command line; `-` is standard input. */
  readonly path: string;
  readonly text: string;
}

/** 1-based line and column; the column counts UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Decoded {
  /** Absent if there are errors. */
  readonly source?: Source;
  /** None or one: the first thing that makes it no text. */
  readonly errors: readonly SyntaxProblem[];
  /** What the errors' spans are offsets into, with U+FFFD for what is no UTF-8. To show, never to parse. */
  readonly shown: Source;
}

/** 16 MiB: a hundred times the largest program anybody wrote. */
export const mostBytes = 16 * 1024 * 1024;

/** What a file holds, without its byte-order mark. Line ends stay as they are. */
export function decodeSource(path: string, bytes: Uint8Array): Decoded {
  const nowhere = { start: 0, end: 0 };
  const refuse = (text: string, error: SyntaxProblem): Decoded => ({ errors: [error], shown: { path, text } });
  if (bytes.length > mostBytes) {
    return refuse("", { kind: "too-large", bytes: bytes.length, most: mostBytes, span: nowhere });
  }
  const bad = firstInvalidByte(bytes);
  if (bad !== undefined) {
    const start = decode(bytes.subarray(0, bad)).length;
    return refuse(decode(bytes), { kind: "not-utf8", byteOffset: bad, span: { start, end: start + 1 } });
  }
  const text = decode(bytes);
  const nul = text.indexOf("\0");
  if (nul >= 0) return refuse(text, { kind: "nul", span: { start: nul, end: nul + 1 } });
  if (text.trim() === "") return refuse(text, { kind: "empty", span: nowhere });
  const source = { path, text };
  return { source, errors: [], shown: source };
}

const lineTables = new WeakMap<Source, readonly number[]>();

/** Where an offset lies; one beyond the text counts as its end. The line table is made once a source. */
export function position(source: Source, offset: number): Position {
  const table = lineTable(source);
  const at = Math.min(Math.max(offset, 0), source.text.length);
  const line = lineAt(table, at);
  return { line: line + 1, column: at - (table[line] ?? 0) + 1 };
}

/** The 1-based line without its line end; empty beyond the text. */
export function lineText(source: Source, line: number): string {
  const table = lineTable(source);
  const start = table[line - 1];
  if (start === undefined) return "";
  return source.text.slice(start, table[line] ?? source.text.length).replace(/[\r\n]+$/, "");
}

export function lineCount(source: Source): number {
  return lineTable(source).length;
}

/** Offset where each line begins. `\n`, `\r\n` and a lone `\r` end one. */
function lineTable(source: Source): readonly number[] {
  let table = lineTables.get(source);
  if (table === undefined) {
    const starts = [0];
    for (const { index, 0: end } of source.text.matchAll(/\r\n?|\n/g)) starts.push(index + end.length);
    lineTables.set(source, (table = starts));
  }
  return table;
}

/** The last line that begins at or before the offset. */
function lineAt(table: readonly number[], offset: number): number {
  let low = 0;
  let high = table.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((table[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** `undefined` if it is UTF-8 as Unicode defines it: shortest forms, no surrogates, nothing over U+10FFFF. */
function firstInvalidByte(bytes: Uint8Array): number | undefined {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return undefined;
  } catch {
    let at = 0;
    while (at < bytes.length) {
      const length = characterLength(bytes, at);
      if (length === 0) return at;
      at += length;
    }
    return undefined;
  }
}

/** Bytes of the character that begins here; 0 if none does. */
function characterLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const second = bytes[at + 1] ?? 0;
  const continues = (from: number, to: number): boolean => {
    for (let index = from; index < to; index++) if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return false;
    return true;
  };
  if (lead >= 0xc2 && lead <= 0xdf) return continues(1, 2) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const shortest = lead !== 0xe0 || second >= 0xa0;
    const noSurrogate = lead !== 0xed || second < 0xa0;
    return shortest && noSurrogate && continues(1, 3) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const shortest = lead !== 0xf0 || second >= 0x90;
    const inRange = lead !== 0xf4 || second < 0x90;
    return shortest && inRange && continues(1, 4) ? 4 : 0;
  }
  return 0;
}
