/** The table of all cases, for people: what is required, and what each server did. Plays nothing. */
import { cases } from "./cases/index.ts";
import type { Level, Requirement } from "./case.ts";
import { breaches, rules } from "./every-answer.ts";
import type { Transcript } from "./transcript.ts";
import { misses, missesOfOurs, summary } from "./judge.ts";

/** What a server did, and whether that is what is required. */
export interface Cell {
  readonly text: string;
  readonly meets: boolean;
}

export type Column = ReadonlyMap<string, Cell>;

interface Row {
  readonly name: string;
  readonly requires: Requirement;
}

const rows: readonly Row[] = [...cases, ...rules];
const levels: readonly Level[] = ["MUST", "SHOULD", "definition", "ours"];

export function columnOf(transcripts: ReadonlyMap<string, Transcript>, isOurs: boolean): Column {
  const column = new Map<string, Cell>();
  for (const one of cases) {
    const transcript = transcripts.get(one.name);
    if (transcript === undefined) continue;
    const missed = isOurs ? missesOfOurs(one, transcript) : misses(one, transcript);
    column.set(one.name, { text: summary(transcript), meets: missed.length === 0 });
  }
  for (const rule of rules) {
    const broken = breaches(rule, cases, transcripts).length;
    column.set(rule.name, { text: broken === 0 ? "always" : `not in ${broken} cases`, meets: broken === 0 });
  }
  return column;
}

/** The cells of the last column of a table that `render` made. */
export function recorded(table: string): Column {
  const column = new Map<string, Cell>();
  let topic = "";
  for (const line of table.split("\n")) {
    topic = /^## (.*)$/.exec(line)?.[1] ?? topic;
    const [, name, mark, text] = /^\| (.*?) \| .* \| (?:✓|✗) .*? \| (✓|✗) (.*) \|$/.exec(line) ?? [];
    if (name !== undefined && text !== undefined) column.set(`${topic}/${name}`, { text, meets: mark === "✓" });
  }
  return column;
}

export function render(ours: Column, nginx: Column, version: string): string {
  const topics = [...new Set(rows.map(({ name }) => topicOf(name)))];
  return [
    `The web server, and nginx ${version}:`,
    "",
    "| level | cases | ours meets | nginx meets |",
    "| --- | ---: | ---: | ---: |",
    ...[...levels, undefined].map((level) => {
      const all = rows.filter(({ requires }) => level === undefined || requires.level === level);
      const met = (column: Column): number => all.filter(({ name }) => column.get(name)?.meets === true).length;
      return `| ${level ?? "all"} | ${all.length} | ${met(ours)} | ${met(nginx)} |`;
    }),
    ...topics.flatMap((topic) => [
      "",
      `## ${topic}`,
      "",
      "| what is sent | what is required | ours | nginx |",
      "| --- | --- | --- | --- |",
      ...rows.filter(({ name }) => topicOf(name) === topic).map(({ name, requires }) => `| ${shown(name.slice(topic.length + 1))} | ${requirementOf(requires)} | ${mark(ours.get(name))} | ${mark(nginx.get(name))} |`),
    ]),
    "",
  ].join("\n");
}

function topicOf(name: string): string {
  return name.slice(0, name.indexOf("/"));
}

function requirementOf({ section, level, says }: Requirement): string {
  return `${shown(says)} (${section}; ${level})`;
}

function mark(cell: Cell | undefined): string {
  return cell === undefined ? "✗ not played" : `${cell.meets ? "✓" : "✗"} ${cell.text}`;
}

/** Characters that Markdown would read. */
function shown(text: string): string {
  return text.replaceAll("\\", "&#92;").replaceAll("|", "&#124;").replaceAll("<", "&lt;").replaceAll("*", "&#42;").replaceAll("`", "&#96;").replaceAll("_", "&#95;");
}
