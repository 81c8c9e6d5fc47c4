/** Finds the pages of `fluxc explain`, one a code. What a page looks like in a terminal is `diagnostics/explain.ts`'s business. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "./installed.ts";

const folder = (): string => join(packageFolder(), "compiler/diagnostics/explain");

/** As written, in Markdown; `undefined` if the code has none. */
export function explainPageOf(code: string): string | undefined {
  try {
    return readFileSync(join(folder(), `${code}.md`), "utf8");
  } catch {
    return undefined;
  }
}

/** Every code that has a page, in order. */
export function explainedCodes(): readonly string[] {
  return readdirSync(folder())
    .filter((name) => /^FLX\d{4}\.md$/.test(name))
    .map((name) => name.slice(0, -".md".length))
    .sort();
}
