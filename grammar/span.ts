/** Where something stands in a source text. Holds offsets only; lines and columns are `source.ts`'s business. */

/** Half-open range of UTF-16 offsets into `Source.text`: `start <= offset < end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The smallest span that covers both. */
export function cover(first: Span, last: Span): Span {
  return { start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}
