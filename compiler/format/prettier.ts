/**
 * The Prettier plugin: `fluxc/prettier`. Reads with the grammar of the compiler and lays out as `fluxc fmt` does; a text
 * with a syntax error is refused in the words of `fluxc check`. Decides nothing of the layout.
 */
import type { AstPath, Parser, Printer, SupportLanguage } from "prettier";
import { parse as parseFlux } from "../../grammar/index.ts";
import { position, type Source } from "../../grammar/source.ts";
import { fromSyntax } from "../diagnostics/from-syntax.ts";
import { itemsOf, type Item, type ItemList } from "./items.ts";
import { print } from "./print-items.ts";

export const languages: SupportLanguage[] = [
  { name: "Flux", parsers: ["flux"], extensions: [".flux"], aliases: ["flux"], vscodeLanguageIds: ["flux"] },
];

/** What Prettier takes for a line unless a project says otherwise. */
export const defaultOptions = { printWidth: 100, tabWidth: 2 } as const;

const flux: Parser<ItemList | Item> = {
  astFormat: "flux",
  parse,
  locStart: ({ span }) => span.start,
  locEnd: ({ span }) => span.end,
};

export const parsers = { flux };

const printer: Printer<ItemList | Item> = {
  print: print as (path: AstPath<ItemList | Item>, options: object, printChild: (path: AstPath) => string) => ReturnType<typeof print>,
  getVisitorKeys: (node) => ("items" in node ? ["items"] : []),
};

export const printers = { flux: printer };

/** @throws SyntaxError with the place, as Prettier wants it */
function parse(text: string): ItemList {
  const source: Source = { path: "", text };
  // A new file in an editor is no mistake yet.
  if (text.trim() === "") return { kind: "program", items: [], span: { start: 0, end: text.length } };
  const { value: ast, errors } = parseFlux(source);
  const [first] = errors;
  if (first !== undefined) throw syntaxError(source, fromSyntax(first).title, first.span);
  return itemsOf(text, ast);
}

function syntaxError(source: Source, title: string, span: { readonly start: number; readonly end: number }): SyntaxError {
  const [start, end] = [position(source, span.start), position(source, span.end)];
  const message = `${title} (${start.line}:${start.column})`;
  return Object.assign(new SyntaxError(message), { loc: { start, end } });
}
