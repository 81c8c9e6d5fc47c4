/** Characters that no form of the language has: how each is named, and what somebody who typed it probably meant. */

export interface Characters {
  /** "`#`" or "U+00A0 (no-break space)". */
  readonly character: string;
  /** What it is, as a label. */
  readonly is: string;
  /** What to write instead. */
  readonly suggestion?: string | undefined;
  /** What the language has where others have this. */
  readonly rule?: string | undefined;
}

/** @param text one or more neighbours that are no token */
export function describeCharacters(text: string): Characters {
  const [first = ""] = text;
  const name = invisible.get(first);
  if (name !== undefined) {
    const code = (first.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return { character: `U+${code} (${name})`, is: "looks like nothing or like a space, and is neither" };
  }
  const shown = text.length > mostShown ? `${[...text].slice(0, mostShown).join("")}…` : text;
  const character = `\`${shown}\``;
  const suggestion = meant(text);
  if (suggestion !== undefined) return { character, is: "not part of the language", suggestion };
  const rule = rules.find(({ characters }) => characters.test(text))?.rule;
  return { character, is: "not part of the language", rule };
}

const mostShown = 20;

const invisible: ReadonlyMap<string, string> = new Map([
  ["\u00a0", "no-break space"],
  ["\u00ad", "soft hyphen"],
  ["\u200b", "zero-width space"],
  ["\u200c", "zero-width non-joiner"],
  ["\u200d", "zero-width joiner"],
  ["\u200e", "left-to-right mark"],
  ["\u200f", "right-to-left mark"],
  ["\u2028", "line separator"],
  ["\u2029", "paragraph separator"],
  ["\u202f", "narrow no-break space"],
  ["\u2060", "word joiner"],
  ["\u3000", "ideographic space"],
]);

const lookAlikes: ReadonlyMap<string, string> = new Map([
  ["→", "->"],
  ["⟶", "->"],
  ["➔", "->"],
  ["⇒", "=>"],
  ["⟹", "=>"],
  ["“", '"'],
  ["”", '"'],
  ["„", '"'],
  ["«", '"'],
  ["»", '"'],
  ["\u037e", ";"],
  ["∗", "*"],
  ["×", "*"],
]);

/** Arrows and quotation marks a word processor made; full-width punctuation of East Asian keyboards. */
function meant(text: string): string | undefined {
  const plain = [...text].map((one) => lookAlikes.get(one) ?? one.normalize("NFKC")).join("");
  return plain !== text && /^[\x21-\x7e]+$/.test(plain) ? plain : undefined;
}

const rules: readonly { readonly characters: RegExp; readonly rule: string }[] = [
  { characters: /#/, rule: 'there is no preprocessor: a header is named by `include "image_server.h";`' },
  { characters: /^(?:\/|\*\/)/, rule: "a comment is `// …` or `/* … */`, and comments do not nest" },
  { characters: /'/, rule: "strings stand in double quotes" },
  { characters: /-/, rule: "numbers have no sign; the arrows are `->` and `=>`" },
  { characters: /\./, rule: "numbers are whole, and names have no dots" },
  { characters: /[|^%+~]/, rule: "the language has no expressions: what is computed is computed in nodes" },
  { characters: /\p{L}|\p{M}/u, rule: "names consist of `A` to `Z`, `a` to `z`, digits and `_`" },
];
