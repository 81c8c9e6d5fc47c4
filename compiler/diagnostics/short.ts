/** A diagnostic on one line, as editors and `grep` like it: `image.flux:14:39: error[FLX0312]: …`. */
import type { Source } from "../../grammar/source.ts";
import { printable } from "../text/printable.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { placeText } from "./place.ts";

export function toShort(diagnostic: Diagnostic, source: Source): string {
  const { severity, code, title, labels } = diagnostic;
  return `${placeText(source, labels[0].span)}: ${severity}[${code}]: ${printable(title).replaceAll("\n", " ")}`;
}
