/** C++ types as text: cut where no bracket is open, and written as the program wrote them. Knows no type. */
import type { Program } from "../../check/program.ts";

/** Splits at `separator` outside of every bracket. */
export function splitOutside(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index] as string;
    if ("(<[{".includes(character)) depth++;
    else if (")>]}".includes(character)) depth--;
    else if (depth === 0 && character === separator) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}

const elaborators = /^(?:struct|union|enum|class)$/;

/**
 * How a canonical type is written in C and C++: as itself, unless the program wrote `struct page` somewhere. C knows no
 * `page` then, and in C++ a function may have that name too.
 */
export function writtenTypes(program: Program): (canonical: string) => string {
  const elaborated = new Map<string, string>();
  for (const { inputs, outputs } of program.nodes.values()) {
    for (const { type, written } of [...inputs, ...outputs]) {
      if (!elaborated.has(type) && written.tokens.some((token) => elaborators.test(token))) elaborated.set(type, spelled(written.tokens));
    }
  }
  return (canonical) => elaborated.get(canonical) ?? canonical;
}

function spelled(tokens: readonly string[]): string {
  return tokens
    .join(" ")
    .replaceAll(/ ?:: ?/g, "::")
    .replaceAll(/ ?< ?/g, "<")
    .replaceAll(/ >/g, ">")
    .replaceAll(/ ,/g, ",")
    .replaceAll(/(?<=\*) (?=\*)/g, "");
}
