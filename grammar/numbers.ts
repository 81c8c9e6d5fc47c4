/** What durations and counts may say. No wording, no tokens. */

/** A duration is an integer and one of these; the values are milliseconds. */
export const units: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
]);

/** A hundred years: added to any monotonic clock in nanoseconds it still fits 64 bits. */
export const mostMilliseconds = 36_525 * 24 * 60 * 60_000;

/** What a 32-bit signed counter holds. */
export const mostCount = 2_147_483_647;

/** `15s` -> `15` and `s`. */
export function splitQuantity(text: string): { readonly digits: string; readonly unit: string } {
  const digits = /^\d*/.exec(text)?.[0] ?? "";
  return { digits, unit: text.slice(digits.length) };
}
