/** `formatProgram`: a program in its one layout. Checks what it made before anybody relies on it; reads and writes nothing. */
import { format } from "prettier/standalone";
import type { Ast, Comment } from "../../grammar/ast.ts";
import { parse } from "../../grammar/index.ts";
import type { Source } from "../../grammar/source.ts";
import { invariant } from "../diagnostics/checked.ts";
import * as plugin from "./prettier.ts";

/**
 * The same program, laid out. Line ends stay what they are in the first line; options and files of Prettier change nothing.
 *
 * @param source a program without a syntax error
 * @throws Error what came out is not the program that went in: a bug, and the caller still has the text
 */
export async function formatProgram(source: Source): Promise<string> {
  const before = parse(source);
  invariant(before.errors.length === 0, "only what parses is formatted");
  const text = await format(source.text, { parser: "flux", plugins: [plugin], endOfLine: "auto", ...plugin.defaultOptions });
  const after = parse({ path: source.path, text });
  invariant(after.errors.length === 0 && isSameProgram(before.value, after.value), "formatting changes no program and no comment");
  return text;
}

/** Whether two trees say the same with the same comments, wherever it stands. */
export function isSameProgram(one: Ast, other: Ast): boolean {
  return declarationsOf(one) === declarationsOf(other) && commentsOf(one) === commentsOf(other);
}

function declarationsOf({ declarations }: Ast): string {
  return JSON.stringify(declarations, (key, value: unknown) => (/span$/i.test(key) ? undefined : value));
}

/** In no order: one may change sides of a comma or an arrow. Line ends and blanks at the end of a line are layout. */
function commentsOf({ comments }: Ast): string {
  return JSON.stringify(comments.map(essence).toSorted());
}

function essence({ kind, text }: Comment): string {
  return kind === "line" ? text.replace(/[ \t]+$/, "") : text.replaceAll(/\r\n?/g, "\n");
}
