/**
 * Text from outside made fit for a terminal: nothing in it is obeyed (escapes, bells, marks that turn the direction of
 * writing), and it is known how many columns everything takes. Knows no language and no colours.
 */

/** A line as it is shown. */
export interface PrintableLine {
  readonly text: string;
  readonly width: number;
  /** The column, from 0, at which the character at a UTF-16 offset of the original begins; `width` past its end. */
  readonly columnAt: (offset: number) => number;
}

/** Lays one line out: tabs go to the next multiple of four, controls become visible. A line end in it is a control. */
export function printableLine(line: string): PrintableLine {
  if (plain.test(line)) {
    return { text: line, width: line.length, columnAt: (offset) => Math.min(Math.max(offset, 0), line.length) };
  }
  const columns: number[] = [];
  let text = "";
  let width = 0;
  for (const { segment } of characters(line)) {
    for (let unit = 0; unit < segment.length; unit++) columns.push(width);
    const shown = segment === "\t" ? " ".repeat(tab - (width % tab)) : shownAs(segment);
    text += shown;
    width += plain.test(shown) ? shown.length : widthOfCharacter(shown);
  }
  return { text, width, columnAt: (offset) => columns[Math.max(offset, 0)] ?? width };
}

/** The same for text whose line ends are meant: a message. */
export function printable(text: string): string {
  if (plain.test(text)) return text;
  return text
    .split(/\r?\n/)
    .map((line) => printableLine(line).text)
    .join("\n");
}

const tab = 4;
/** One unit, one column, whatever stands beside it: Latin letters and signs, dashes and quotes, lines of boxes. */
const plain = /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2500-\u257f]*$/;
// What a person takes for one character: a letter with its accents, a flag, a family of emoji.
let segmenter: Intl.Segmenter | undefined;

/** Made when first needed: it loads tables, 30 ms that a plain program should not wait for. */
function characters(line: string): Iterable<Intl.SegmentData> {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return segmenter.segment(line);
}

// Expressions over properties of Unicode stand inside functions: V8 reads its tables when it comes by them, 3 ms that a
// plain program should not wait for.

/** Invisible when alone: controls, marks of direction, unpaired surrogates, spaces of no width, separators of lines. */
function isInvisible(character: string): boolean {
  return /^[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]+$/u.test(character);
}

const turnsDirection = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

function shownAs(character: string): string {
  if (!isInvisible(character) && !turnsDirection.test(character)) return character;
  return [...character].map(codeShownAs).join("");
}

function codeShownAs(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  if (code >= 0xd800 && code <= 0xdfff) return "\ufffd";
  return isInvisible(character) ? `\\u{${code.toString(16)}}` : character;
}

/** Wide and full-width characters of East Asian scripts (UAX 11), and emoji that are shown as pictures. */
function isWide(shown: string): boolean {
  return /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18d08}\u{1aff0}-\u{1b2fb}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u.test(shown);
}

/** With a variation selector that asks for the picture, as after a heart. */
function asksForPicture(shown: string): boolean {
  return /\p{Emoji}\ufe0f/u.test(shown);
}

function widthOfCharacter(shown: string): number {
  if (/^\p{M}+$/u.test(shown)) return 0;
  if (isWide(shown) || asksForPicture(shown)) return 2;
  // Several visible ones (an escape of a hidden one among them) or a letter with its accents.
  return [...shown].filter((one) => !/[\p{M}\p{Cf}]/u.test(one)).length;
}
