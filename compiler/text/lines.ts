/** Text as generators of lines, so that nothing counts spaces. Knows no language. */

export type Lines = Iterable<string>;

/** Shifts every non-empty line right by one level (two spaces). */
export function* indent(lines: Lines): Generator<string> {
  for (const line of lines) yield line === "" ? "" : `  ${line}`;
}

/** `head {` … `}`; used for functions, loops and namespaces alike. */
export function* block(head: string, body: Lines, tail = "}"): Generator<string> {
  yield `${head} {`;
  yield* indent(body);
  yield tail;
}

export function toText(lines: Lines): string {
  return `${[...lines].join("\n")}\n`;
}
