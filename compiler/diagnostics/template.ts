/** Message texts with named holes, so that a report that leaves a hole empty does not compile. */

export interface Template<Hole extends string> {
  /** One more than there are holes. */
  readonly strings: readonly string[];
  readonly holes: readonly Hole[];
}

/** t`\`${"node"}\` takes ${"count"} values` */
export function t<const Holes extends readonly string[]>(
  strings: TemplateStringsArray,
  ...holes: Holes
): Template<Holes[number]> {
  return { strings, holes };
}

/** The text, or `undefined` when a hole has no value. */
export function fill(template: Template<string>, values: Readonly<Record<string, string | undefined>>): string | undefined {
  let text = template.strings[0] ?? "";
  for (const [index, hole] of template.holes.entries()) {
    const value = values[hole];
    if (value === undefined) return undefined;
    text += value + (template.strings[index + 1] ?? "");
  }
  return text;
}
