/**
 * Diagnostics as one JSON document, for tools. The shape is a promise: within one `version` fields are added, never
 * renamed, removed or given another meaning. The interfaces below are its documentation.
 */
import type { Source } from "../../grammar/source.ts";
import type { Diagnostic, Label } from "./diagnostic.ts";
import { extent, type Place } from "./place.ts";
import type { Selection } from "./select.ts";

export interface JsonReport {
  readonly version: 1;
  /** As given on the command line; `-` is standard input. */
  readonly file: string;
  /** All that were found, shown here or not. */
  readonly errors: number;
  readonly warnings: number;
  /** Found but not in `diagnostics`: at most 100 errors and 100 warnings are. */
  readonly omitted: number;
  /** By place. */
  readonly diagnostics: readonly JsonDiagnostic[];
}

export interface JsonDiagnostic {
  /** `FLX` and four digits: `fluxc explain` knows it. */
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly title: string;
  /** Why it is wrong, where the title does not say it all; lines end in `\n`. */
  readonly text: string | null;
  /** The file its labels are in: that of the report but for an error in a C++ source. */
  readonly file: string;
  /** The primary one first. */
  readonly labels: readonly JsonLabel[];
  /** What may help. */
  readonly hints: readonly string[];
}

export interface JsonLabel {
  readonly primary: boolean;
  /** May be empty. */
  readonly text: string;
  readonly start: JsonPosition;
  /** The first character that is no longer part of it. */
  readonly end: JsonPosition;
}

/** `line` and `column` count from 1, `offset` from 0; columns and offsets count UTF-16 units. */
export interface JsonPosition {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

export function toJson(selection: Selection, source: Source): JsonReport {
  const { errors, warnings, omittedErrors, omittedWarnings, shown } = selection;
  return {
    version: 1,
    file: source.path,
    errors,
    warnings,
    omitted: omittedErrors + omittedWarnings,
    diagnostics: shown.map((one) => diagnosticToJson(one, one.source ?? source)),
  };
}

function diagnosticToJson(diagnostic: Diagnostic, source: Source): JsonDiagnostic {
  const { code, severity, title, text, labels, hints } = diagnostic;
  return {
    code,
    severity,
    title,
    text: text ?? null,
    file: source.path,
    labels: labels.map((label) => labelToJson(label, source)),
    hints,
  };
}

function labelToJson({ primary, text, span }: Label, source: Source): JsonLabel {
  const { start, end } = extent(source, span);
  return { primary, text, start: positionToJson(start), end: positionToJson(end) };
}

function positionToJson({ line, column, offset }: Place): JsonPosition {
  return { line, column, offset };
}
