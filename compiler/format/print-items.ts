/** A program as a document of Prettier: declarations, the comments between them, and at most one empty line at a time. */
import { builders } from "prettier/doc";
import type { AstPath, Doc } from "prettier";
import type { Item, ItemList } from "./items.ts";
import { printComment, verbatim } from "./print-comments.ts";
import { printDeclaration } from "./print-declaration.ts";

const { hardline, lineSuffix } = builders;

export function print(path: AstPath<ItemList | Item>, _options: object, printChild: (path: AstPath<Item>) => Doc): Doc {
  const { node } = path;
  switch (node.kind) {
    case "program":
      return lines(node.items, (path as AstPath<ItemList>).map(printChild, "items"));
    case "comment":
      return printComment(node.comment);
    case "declaration":
      return printDeclaration(node);
    case "ignored":
      return verbatim(node.text);
  }
}

function lines(items: readonly Item[], printed: readonly Doc[]): Doc {
  const parts: Doc[] = [];
  let behindDeclaration = false;
  items.forEach(({ kind, before }, index) => {
    const one = printed[index] ?? "";
    if (before === "same" && behindDeclaration) {
      // What stands behind a declaration takes no part in whether that is too long for a line.
      parts.push(lineSuffix([" ", one]));
      return;
    }
    if (before === "same") parts.push(" ");
    else if (index > 0) parts.push(before === "blank" ? [hardline, hardline] : hardline);
    parts.push(one);
    behindDeclaration = kind !== "comment";
  });
  return items.length === 0 ? "" : [...parts, hardline];
}
