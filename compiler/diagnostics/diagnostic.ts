/** What a pass reports. How it looks is `render.ts`'s business; what it says stands in `catalogue/`. */
import type { Span } from "../../grammar/span.ts";
import { catalogue } from "./catalogue/index.ts";
import { fill, type Template } from "./template.ts";

/** What a diagnostic says. Where it says it is the reporter's business. */
export interface Entry {
  readonly severity: "error" | "warning";
  /** A noun phrase, lower case, no full stop; able to stand alone in an editor's list. Its holes make the headline exact. */
  readonly title: Template<string>;
  /** Further lines under the frame: why it is wrong. Never how to repair it. */
  readonly text?: Template<string>;
  /** Text under the caret of the primary span (`at`), then under each further span, by role. */
  readonly labels: { readonly at: Template<string>; readonly [role: string]: Template<string> };
  /** The only place that proposes repairs. One whose hole has no value is left out. */
  readonly hints?: readonly Template<string>[];
}

export type Code = keyof typeof catalogue;

export interface Label {
  readonly span: Span;
  readonly text: string;
  readonly primary: boolean;
}

export interface Diagnostic {
  readonly code: Code;
  readonly severity: "error" | "warning";
  readonly title: string;
  readonly text?: string;
  /** The primary one first. */
  readonly labels: readonly [Label, ...Label[]];
  readonly hints: readonly string[];
}

type HolesOf<T> = T extends Template<infer Hole> ? Hole : never;
type EntryOf<C extends Code> = (typeof catalogue)[C];
type LabelsOf<C extends Code> = EntryOf<C>["labels"];
type RequiredHole<C extends Code> =
  | HolesOf<EntryOf<C>["title"]>
  | HolesOf<LabelsOf<C>[keyof LabelsOf<C>]>
  | (EntryOf<C> extends { readonly text: infer T } ? HolesOf<T> : never);
type HintHole<C extends Code> = EntryOf<C> extends { readonly hints: readonly (infer T)[] } ? HolesOf<T> : never;

/** A value for every hole; one that only hints use may be left out, and then that hint is. */
export type Holes<C extends Code> = { readonly [H in RequiredHole<C>]: string } & {
  readonly [H in Exclude<HintHole<C>, RequiredHole<C>>]?: string | undefined;
};

/** `at` is one span; a further role may have none, one or many. */
export type Spans<C extends Code> = { readonly at: Span } & {
  readonly [R in Exclude<keyof LabelsOf<C>, "at">]: Span | readonly Span[];
};

export function diagnostic<C extends Code>(code: C, spans: Spans<C>, holes: Holes<C>): Diagnostic {
  const entry: Entry = catalogue[code];
  const values: Readonly<Record<string, string | undefined>> = holes;
  const label = (role: string, span: Span, primary: boolean): Label => {
    const template = entry.labels[role];
    return { span, text: template === undefined ? "" : (fill(template, values) ?? ""), primary };
  };
  const further = Object.entries(spans as Readonly<Record<string, Span | readonly Span[]>>)
    .filter(([role]) => role !== "at")
    .flatMap(([role, at]) => (isMany(at) ? at : [at]).map((span) => label(role, span, false)));
  const text = entry.text === undefined ? undefined : fill(entry.text, values);
  return {
    code,
    severity: entry.severity,
    title: fill(entry.title, values) ?? "",
    ...(text === undefined ? {} : { text }),
    labels: [label("at", spans.at, true), ...further],
    hints: (entry.hints ?? []).flatMap((hint) => fill(hint, values) ?? []),
  };
}

function isMany(at: Span | readonly Span[]): at is readonly Span[] {
  return Array.isArray(at);
}
