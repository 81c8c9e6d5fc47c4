/**
 * Pages of `fluxc explain`: Markdown in, terminal text out. Loads nothing; which page belongs to a code is known by
 * its name, `explain/<code>.md`.
 */
import type { Paint } from "./paint.ts";

/** The text after the code in `# FLX0201: …`. */
export function pageTitle(page: string): string | undefined {
  return /^# FLX\d{4}: (.+)$/m.exec(page)?.[1]?.trim();
}

/** An example in a page. */
export interface Example {
  /** What stands after the backquotes: `flux`, `flux,error`, `text`. */
  readonly language: string;
  readonly text: string;
}

export function pageExamples(page: string): readonly Example[] {
  return blocks(page).flatMap((block) => (block.kind === "code" ? [{ language: block.language, text: block.text }] : []));
}

/**
 * A page as it is shown: headings bold, code indented by four, paragraphs filled to 80 columns, and no mark-up but the
 * backquotes around names, which messages have too.
 */
export function explainPage(page: string, paint: Paint): string {
  const shown = blocks(page).map((block) => {
    switch (block.kind) {
      case "heading":
        return paint("title", block.text);
      case "code":
        return block.text.replace(/\n$/, "").split("\n").map((line) => (line === "" ? "" : `    ${line}`)).join("\n");
      case "paragraph":
        // Each item of a list begins a line of its own.
        return block.text.split(/\n(?=[-*] )/).map(fill).join("\n");
    }
  });
  return `${shown.join("\n\n")}\n`;
}

type Block =
  | { readonly kind: "heading" | "paragraph"; readonly text: string }
  | { readonly kind: "code"; readonly language: string; readonly text: string };

function blocks(page: string): readonly Block[] {
  const found: Block[] = [];
  let paragraph: string[] = [];
  const endParagraph = (): void => {
    if (paragraph.length > 0) found.push({ kind: "paragraph", text: paragraph.join("\n") });
    paragraph = [];
  };
  const lines = page.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const heading = /^#+ (.*)$/.exec(line)?.[1];
    const fence = /^```(.*)$/.exec(line)?.[1];
    if (heading !== undefined) {
      endParagraph();
      found.push({ kind: "heading", text: heading });
    } else if (fence !== undefined) {
      endParagraph();
      const code: string[] = [];
      for (index++; index < lines.length && lines[index] !== "```"; index++) code.push(`${lines[index] ?? ""}\n`);
      found.push({ kind: "code", language: fence.trim(), text: code.join("") });
    } else if (line.trim() === "") {
      endParagraph();
    } else {
      paragraph.push(line);
    }
  }
  endParagraph();
  return found;
}

const columns = 80;

function fill(paragraph: string): string {
  const words = paragraph.split(/\s+/).filter((word) => word !== "");
  const hang = words[0] === "-" || words[0] === "*" ? "  " : "";
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(lines.length === 0 ? word : hang + word);
  }
  return lines.join("\n");
}
