/** FLX01xx: syntax, and what cannot be read at all. */
import type { Entry } from "../diagnostic.ts";
import { t } from "../template.ts";

export const syntax = {
  FLX0101: {
    severity: "error",
    title: t`expected ${"expected"}, found ${"found"}`,
    labels: { at: t`expected ${"expected"}` },
    hints: [t`${"form"}`],
  },
  FLX0102: {
    severity: "error",
    title: t`missing \`;\` after ${"after"}`,
    text: t`Every declaration ends with \`;\`. Line ends mean nothing.`,
    labels: { at: t`expected \`;\`` },
  },
  FLX0103: {
    severity: "error",
    title: t`expected \`${"expected"}\`, found \`${"found"}\``,
    labels: { at: t`expected \`${"expected"}\`` },
    hints: [t`${"rule"}`, t`a source is declared with the keyword: \`source ${"source"} => …;\``],
  },
  FLX0104: {
    severity: "error",
    title: t`missing \`${"separator"}\` between ${"before"} and ${"after"}`,
    labels: { at: t`expected \`${"separator"}\`` },
    hints: [t`${"form"}`],
  },
  FLX0105: {
    severity: "error",
    title: t`\`${"bracket"}\` is never closed`,
    labels: { at: t`expected \`${"closing"}\`, found ${"found"}`, opened: t`opened here` },
  },
  FLX0106: {
    severity: "error",
    title: t`no declaration begins with \`${"word"}\``,
    labels: { at: t`not a keyword, and ${"next"} follows` },
    hints: [t`did you mean \`${"suggestion"}\`?`, t`${"forms"}`, t`the keywords are ${"keywords"}`, t`${"cxx"}`],
  },
  FLX0107: {
    severity: "error",
    title: t`expected ${"words"}, found \`${"word"}\``,
    labels: { at: t`expected ${"words"}` },
    hints: [t`did you mean \`${"suggestion"}\`?`, t`${"form"}`],
  },
  FLX0108: {
    severity: "error",
    title: t`${"part"} given twice`,
    text: t`${"rule"}.`,
    labels: { at: t`given again`, first: t`first given here` },
  },
  FLX0109: {
    severity: "error",
    title: t`${"what"} without double quotes`,
    labels: { at: t`expected \`"\`, found ${"found"}` },
    hints: [t`${"form"}`],
  },
  FLX0110: {
    severity: "error",
    title: t`${"what"} without a name`,
    labels: { at: t`nothing between the quotes` },
    hints: [t`${"form"}`],
  },
  FLX0111: {
    severity: "error",
    title: t`${"role"} \`${"text"}\` is out of range`,
    labels: { at: t`not between ${"least"} and ${"most"}` },
    hints: [t`${"instead"}`],
  },
  FLX0112: {
    severity: "error",
    title: t`duration \`${"text"}\` has no unit`,
    labels: { at: t`expected \`ms\`, \`s\` or \`m\` after it` },
    hints: [t`for seconds write \`${"seconds"}\``],
  },
  FLX0113: {
    severity: "error",
    title: t`duration \`${"text"}\` has an unknown unit`,
    text: t`The units are \`ms\` (milliseconds), \`s\` (seconds) and \`m\` (minutes).`,
    labels: { at: t`unknown unit \`${"unit"}\`` },
    hints: [t`did you mean \`${"suggestion"}\`?`],
  },
  FLX0114: {
    severity: "error",
    title: t`${"role"} \`${"text"}\` is not a whole number`,
    labels: { at: t`expected digits alone` },
    hints: [t`did you mean \`${"suggestion"}\`?`],
  },
  FLX0115: {
    severity: "error",
    title: t`comment is never closed`,
    text: t`All that follows is part of the comment, to the end of the file.`,
    labels: { at: t`opened here` },
    hints: [t`close it with \`*/\`, or begin a comment of one line with \`//\``],
  },
  FLX0116: {
    severity: "error",
    title: t`string is never closed`,
    text: t`A string ends on the line it begins on.`,
    labels: { at: t`no closing \`"\` on this line` },
  },
  FLX0117: {
    severity: "error",
    title: t`unknown character ${"character"}`,
    labels: { at: t`${"is"}` },
    hints: [t`did you mean \`${"suggestion"}\`?`, t`${"rule"}`],
  },
  FLX0118: {
    severity: "error",
    title: t`brackets nest deeper than ${"limit"} levels`,
    labels: { at: t`level ${"level"} opens here` },
  },
  FLX0120: {
    severity: "error",
    title: t`file is not UTF-8 text`,
    labels: { at: t`byte ${"byte"} of the file is part of no character` },
    hints: [t`save it as UTF-8 in the editor, or convert it: \`iconv -f ISO-8859-1 -t UTF-8\``],
  },
  FLX0121: {
    severity: "error",
    title: t`file contains a NUL character`,
    text: t`A program is text. NUL stands in binary files and in text that is encoded as UTF-16.`,
    labels: { at: t`NUL` },
  },
  FLX0122: {
    severity: "error",
    title: t`file of ${"size"} is too large`,
    text: t`At most ${"most"} are read.`,
    labels: { at: t`too large` },
  },
  FLX0123: {
    severity: "error",
    title: t`file is empty`,
    labels: { at: t`nothing is declared` },
    hints: [t`a program declares at least a source, such as \`source Listen => Image;\``],
  },
} as const satisfies Record<`FLX01${number}`, Entry>;
