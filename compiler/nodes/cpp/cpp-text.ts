/** Pieces of C++ text: literals, comments, `#line`. Knows nothing of flows. */
import { lineText, position, type Source } from "../../../grammar/source.ts";
import type { Span } from "../../../grammar/span.ts";
import { toText, type Lines } from "../../text/lines.ts";

export function lineOf(source: Source, span: Span): number {
  return position(source, span.start).line;
}

/** `web.flux`: the last part of the path, for comments. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** A C++ string literal. */
export function quoted(text: string): string {
  const escaped = text.replaceAll(/[\\"]/g, "\\$&").replaceAll(/[\u0000-\u001f\u007f]/g, (control) => {
    return `\\${control.charCodeAt(0).toString(8).padStart(3, "0")}`;
  });
  // Two question marks could begin a trigraph.
  return `"${escaped.replaceAll("??", "?\\?")}"`;
}

/** `// web.flux:14  Image = ReadRequest -> Reply;` */
export function placeComment(source: Source, span: Span): string {
  const line = lineOf(source, span);
  return `// ${baseName(source.path)}:${line}  ${commentText(lineText(source, line).trim())}`.trimEnd();
}

/** Text that ends no comment and steers no compiler: no controls, no marks of direction, no line continued. */
export function commentText(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ")
    .replaceAll("??", "? ?")
    .replace(/\\+\s*$/, "")
    .trimEnd();
}

/** What follows is said to stand in the .flux file. */
export function sourceLine(source: Source, span: Span): string {
  return `#line ${lineOf(source, span)} ${quoted(source.path)}`;
}

/** What follows stands where it stands: `numbered` fills the number in. */
export const ownLine = "#line here";

/** Every line of `body` as if it stood in the .flux file at `span`. */
export function* atSource(source: Source, span: Span, body: Lines): Generator<string> {
  for (const line of body) {
    yield sourceLine(source, span);
    yield line;
  }
  yield ownLine;
}

/** The text of the file `path`, with its own `#line` numbers filled in and every `#` in the first column. */
export function numbered(path: string, lines: Lines): string {
  const directives: string[] = [];
  for (const line of lines) {
    const trimmed = line.trimStart();
    if (trimmed === ownLine) directives.push(`#line ${directives.length + 2} ${quoted(baseName(path))}`);
    else directives.push(trimmed.startsWith("#line ") ? trimmed : line);
  }
  return toText(directives);
}

/** A name that `taken` does not have yet: `name`, `name_2`, … It is taken then. */
export function uniqueName(name: string, taken: Set<string>): string {
  let unique = name;
  for (let count = 2; taken.has(unique); count++) unique = `${name}_${count}`;
  taken.add(unique);
  return unique;
}
