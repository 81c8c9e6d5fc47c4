/** Diagnostics as a SARIF 2.1.0 log (OASIS), which code scanning services and editors read. */
import type { Source } from "../../grammar/source.ts";
import type { Span } from "../../grammar/span.ts";
import { catalogue } from "./catalogue/index.ts";
import type { Code, Diagnostic, Entry, Label } from "./diagnostic.ts";
import { pageTitle } from "./explain.ts";
import { extent } from "./place.ts";
import type { Selection } from "./select.ts";

export interface SarifLog {
  readonly $schema: string;
  readonly version: "2.1.0";
  readonly runs: readonly [SarifRun];
}

interface SarifRun {
  readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly SarifRule[] } };
  readonly columnKind: "utf16CodeUnits";
  readonly results: readonly SarifResult[];
  /** Found, but over the hundred that are shown. */
  readonly properties: { readonly omitted: number };
}

interface SarifRule {
  readonly id: string;
  readonly shortDescription: Message;
  readonly help: Message & { readonly markdown?: string };
  readonly defaultConfiguration: { readonly level: Level };
}

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: Level;
  readonly message: Message;
  readonly locations: readonly [SarifLocation];
  readonly relatedLocations?: readonly SarifLocation[];
}

interface SarifLocation {
  readonly id?: number;
  readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region?: SarifRegion };
  readonly message?: Message;
}

interface SarifRegion {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

type Level = "error" | "warning";
type Message = { readonly text: string };

/** @param page the explain page of a code, if it is at hand. */
export function toSarif(selection: Selection, source: Source, page?: (code: string) => string | undefined): SarifLog {
  const codes = [...new Set(selection.shown.map(({ code }) => code))].toSorted();
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "fluxc", rules: codes.map((code) => rule(code, page?.(code))) } },
        columnKind: "utf16CodeUnits",
        results: selection.shown.map((one) => result(one, codes.indexOf(one.code), one.source ?? source)),
        properties: { omitted: selection.omittedErrors + selection.omittedWarnings },
      },
    ],
  };
}

function rule(code: Code, page: string | undefined): SarifRule {
  const entry: Entry = catalogue[code];
  const title = (page === undefined ? undefined : pageTitle(page)) ?? entry.title.strings.join("…");
  return {
    id: code,
    shortDescription: { text: title },
    help: { text: `fluxc explain ${code}`, ...(page === undefined ? {} : { markdown: page }) },
    defaultConfiguration: { level: entry.severity },
  };
}

function result(diagnostic: Diagnostic, ruleIndex: number, source: Source): SarifResult {
  const { code, severity, title, text, hints } = diagnostic;
  const [primary, ...further] = diagnostic.labels;
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: [title, ...(text === undefined ? [] : [text]), ...hints.map((hint) => `help: ${hint}`)].join("\n") },
    locations: [location(primary, source)],
    ...(further.length === 0
      ? {}
      : { relatedLocations: further.map((label, index) => ({ id: index + 1, ...location(label, source) })) }),
  };
}

function location({ span, text }: Label, source: Source): SarifLocation {
  return {
    physicalLocation: {
      artifactLocation: { uri: toUri(source.path) },
      ...(source.text === "" ? {} : { region: region(source, span) }),
    },
    ...(text === "" ? {} : { message: { text } }),
  };
}

function region(source: Source, span: Span): SarifRegion {
  const { start, end } = extent(source, span);
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

/** A path as a URI reference: what is relative stays so, since only the reader knows the root of the checkout. */
function toUri(path: string): string {
  if (path === "-") return "stdin";
  const encoded = path.split("/").map(encodeSegment).join("/");
  return path.startsWith("/") ? `file://${encoded}` : encoded;
}

function encodeSegment(segment: string): string {
  // Half a character cannot be encoded.
  return encodeURIComponent(segment.replaceAll(/\p{Surrogate}/gu, "\ufffd"));
}
