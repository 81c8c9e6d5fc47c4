/** What a pass reports. How it looks is `render.ts`'s business; what it says stands in `catalogue/`. */
import type { Source } from "../../grammar/source.ts";
import type { Span } from "../../grammar/span.ts";
import { catalogue } from "./catalogue/index.ts";
import { invariant } from "./checked.ts";
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
  /** The text its spans are in, where that is not the .flux file at hand: a C++ source of the user. */
  readonly source?: Source;
}

type HolesOf<T> = T extends Template<infer Hole> ? Hole : never;
type EntryOf<C extends Code> = (typeof catalogue)[C];

// Each of these is asked of every entry in turn, so that a choice between two codes needs what either needs.
type RoleOf<E> = E extends { readonly labels: infer Labels } ? keyof Labels : never;
type LabelHole<E> = E extends { readonly labels: infer Labels } ? HolesOf<Labels[keyof Labels]> : never;
type TitleHole<E> = E extends { readonly title: infer Title } ? HolesOf<Title> : never;
type TextHole<E> = E extends { readonly text: infer Text } ? HolesOf<Text> : never;
type HintHole<E> = E extends { readonly hints: readonly (infer Hint)[] } ? HolesOf<Hint> : never;
type RequiredHole<E> = TitleHole<E> | LabelHole<E> | TextHole<E>;

/** A value for every hole; one that only hints use may be left out, and then that hint is. */
export type Holes<C extends Code> = { readonly [H in RequiredHole<EntryOf<C>>]: string } & {
  readonly [H in Exclude<HintHole<EntryOf<C>>, RequiredHole<EntryOf<C>>>]?: string | undefined;
};

/** `at` is one span; a further role may have none, one or many. */
export type Spans<C extends Code> = { readonly at: Span } & {
  readonly [R in Exclude<RoleOf<EntryOf<C>>, "at">]: Span | readonly Span[];
};

export function diagnostic<C extends Code>(code: C, spans: Spans<C>, holes: Holes<C>): Diagnostic {
  const entry: Entry = catalogue[code];
  const values = clipped(holes);
  const text = (template: Template<string>): string => {
    const filled = fill(template, values);
    invariant(filled !== undefined, `${code} is reported with a value for every hole`);
    return filled;
  };
  const label = (role: string, span: Span): Label => {
    const template = entry.labels[role];
    invariant(template !== undefined, `${code} has a label \`${role}\``);
    return { span, text: text(template), primary: role === "at" };
  };
  const further = Object.entries(spans as Readonly<Record<string, Span | readonly Span[]>>)
    .filter(([role]) => role !== "at")
    .flatMap(([role, at]) => (isMany(at) ? at : [at]).map((span) => label(role, span)));
  return {
    code,
    severity: entry.severity,
    title: text(entry.title),
    ...(entry.text === undefined ? {} : { text: text(entry.text) }),
    labels: [label("at", spans.at), ...further],
    hints: (entry.hints ?? []).flatMap((hint) => fill(hint, values) ?? []),
  };
}

function isMany(at: Span | readonly Span[]): at is readonly Span[] {
  return Array.isArray(at);
}

/** A name may be a megabyte long; what is said of it need not be. */
function clipped(holes: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(holes).map(([hole, value]) => [hole, value === undefined ? undefined : clip(value)]),
  );
}

const longestValue = 2_000;

function clip(value: string): string {
  return value.length <= longestValue ? value : `${value.slice(0, longestValue)}…`;
}
