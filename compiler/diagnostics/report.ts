/** All that was found in a program, as text in one of five formats. Prints nothing; knows no terminal. */
import type { Source } from "../../grammar/source.ts";
import { closingLine, summary } from "./count.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { toGithub } from "./github.ts";
import { toJson } from "./json.ts";
import { painter } from "./paint.ts";
import { render } from "./render.ts";
import { toSarif } from "./sarif.ts";
import { selectShown } from "./select.ts";
import { toShort } from "./short.ts";

export const formats = ["human", "short", "json", "sarif", "github"] as const;

export type Format = (typeof formats)[number];

export interface ReportOptions {
  readonly format: Format;
  /** Only `human` has colours. */
  readonly color: boolean;
  /** The explain page of a code, if it is at hand; SARIF carries it along. */
  readonly page?: (code: string) => string | undefined;
}

/**
 * The whole report, ending in a line end; without diagnostics nothing, but for `json` and `sarif`, which are a document
 * each time. Sorted by place; of more than 100 errors (and of more than 100 warnings) the first 100 and a count.
 */
export function report(diagnostics: readonly Diagnostic[], source: Source, options: ReportOptions): string {
  const selection = selectShown(diagnostics);
  switch (options.format) {
    case "human": {
      const paint = painter(options.color);
      const blocks = selection.shown.map((one) => [...render(one, one.source ?? source, paint)].join("\n"));
      return blocks.length === 0 ? "" : `${[...blocks, summary(selection, paint)].join("\n\n")}\n`;
    }
    case "short":
      return lines([...selection.shown.map((one) => toShort(one, one.source ?? source)), ...closingLine(selection)]);
    case "github":
      return lines([
        ...selection.shown.map((one) => toGithub(one, one.source ?? source)),
        ...closingLine(selection).map((line) => `::notice::${line}`),
      ]);
    case "json":
      return toDocument(toJson(selection, source));
    case "sarif":
      return toDocument(toSarif(selection, source, options.page));
  }
}

/** JSON that a terminal shows and does not obey: what JSON leaves raw (C1 controls, marks of direction) is escaped too. */
function toDocument(value: unknown): string {
  const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${JSON.stringify(value, undefined, 2).replaceAll(/[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escape)}\n`;
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}
