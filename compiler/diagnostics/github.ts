/** A diagnostic as a workflow command of GitHub Actions, which shows it beside the line in a pull request. */
import type { Source } from "../../grammar/source.ts";
import { printable } from "../text/printable.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { extent } from "./place.ts";

/** `::error file=image.flux,line=14,endLine=14,col=39,endColumn=46,title=FLX0312::…` */
export function toGithub(diagnostic: Diagnostic, source: Source): string {
  const { severity, code, title, text, hints } = diagnostic;
  const properties = { file: source.path, ...region(diagnostic, source), title: code };
  const written = Object.entries(properties).map(([name, value]) => `${name}=${property(printable(String(value)))}`);
  const message = [title, ...(text === undefined ? [] : [text]), ...hints.map((hint) => `help: ${hint}`)].join("\n");
  return `::${severity} ${written.join(",")}::${data(printable(message))}`;
}

type Region = { readonly line: number; readonly endLine: number; readonly col?: number; readonly endColumn?: number };

/** The last column is part of it. Over several lines there are none: the runner refuses them then. */
function region({ labels: [primary] }: Diagnostic, source: Source): Region | Record<string, never> {
  if (source.text === "") return {};
  const { start, end } = extent(source, primary.span);
  if (start.line !== end.line) return { line: start.line, endLine: end.line };
  return { line: start.line, endLine: end.line, col: start.column, endColumn: Math.max(start.column, end.column - 1) };
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
