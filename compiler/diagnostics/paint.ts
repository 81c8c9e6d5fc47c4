/** Which part of a report has which colour. Whether there are colours at all is the caller's decision. */
import { styleText } from "node:util";

export type Style = "error" | "warning" | "secondary" | "gutter" | "title" | "help" | "plain";

export type Paint = (style: Style, text: string) => string;

type Format = Parameters<typeof styleText>[0];

const formats = {
  error: ["bold", "red"],
  warning: ["bold", "yellow"],
  secondary: ["bold", "blue"],
  gutter: ["bold", "blue"],
  title: ["bold"],
  help: ["bold", "cyan"],
} as const satisfies Record<Exclude<Style, "plain">, Format>;

/** Without colours text stays as it is. */
export function painter(color: boolean): Paint {
  if (!color) return (_, text) => text;
  return (style, text) => {
    if (style === "plain" || text === "") return text;
    // Not validated against standard output: who asked for colours has decided.
    return styleText([...formats[style]], text, { validateStream: false });
  };
}
