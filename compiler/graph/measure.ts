/** Puts what a profile measured on the boxes and lines of a picture. Reads no file. */
import type { Program } from "../check/program.ts";
import type { Edge, FlowGraph } from "../flow/flow-graph.ts";
import { edgeCounts, pathKey } from "./edge-counts.ts";
import type { BoxHeat, Heat, LineHeat } from "./heat.ts";
import { withCommas } from "./marks.ts";
import type { Box, Line, Picture } from "./picture.ts";
import type { Profile } from "./profile.ts";

/** Why a profile cannot be one of this program; nothing where it can. */
export function mismatch(program: Program, graph: FlowGraph, { nodes, sources, paths }: Profile): string | undefined {
  const node = nodes.find(({ node: name }) => !program.nodes.has(name));
  if (node !== undefined) return `it knows a node \`${node.node}\``;
  const source = sources.find(({ source: name }) => !program.sources.some((one) => one.name === name));
  if (source !== undefined) return `it knows a source \`${source.source}\``;
  const missing = program.sources.find(({ name }) => !sources.some((one) => one.source === name));
  if (missing !== undefined) return `it does not know the source \`${missing.name}\``;
  const units = new Map(graph.paths.units.map(({ name, count }) => [name, count]));
  const path = paths.find(({ unit, path: number }) => number >= (units.get(unit) ?? 0n));
  if (path !== undefined) return `its flows take ways that this program has not got`;
  return undefined;
}

/** @param graph of the program that the picture is of, and the profile too: see `mismatch` */
export function measure(picture: Picture, graph: FlowGraph, profile: Profile): Heat {
  const counts = edgeCounts(graph, new Map(profile.paths.map(({ unit, path, count }) => [pathKey(unit, path), count])));
  const counted = counts.counted + profile.otherPaths;
  // Where most ways are unknown, thin lines would say what is not so.
  const isKnown = counted > 0 && counts.found >= 0.99 * counted;
  const leaving = new Leaving(picture, graph, counts.of);
  const boxes = boxHeats(picture, profile, isKnown ? leaving : undefined);
  const lines = isKnown ? lineHeats(picture, leaving) : new Map<Line, LineHeat>();
  const flows = profile.sources.reduce((all, { started }) => all + started, 0);
  const part = isKnown ? "" : `; how often each line was taken is not known (${Math.floor((100 * counts.found) / Math.max(counted, 1))} % of the ways were found)`;
  return { boxes, lines, about: `Measured over ${withCommas(flows)} flows${part}.` };
}

/** How often flows left a box, by the line they left on. */
class Leaving {
  readonly #edges = new Map<string, { readonly ok: Edge[]; readonly failed: Edge[]; readonly cases: Edge[][] }>();
  readonly #counts: ReadonlyMap<Edge, number>;

  constructor({ boxes }: Picture, graph: FlowGraph, counts: ReadonlyMap<Edge, number>) {
    this.#counts = counts;
    const byPlace = new Map(boxes.filter(isStep).map((box) => [`${box.node} ${box.span.start}`, box]));
    const byNode = new Map<string, Box[]>();
    for (const box of boxes.filter((one) => isStep(one) || one.kind === "dispatch")) byNode.set(box.node ?? "", [...(byNode.get(box.node ?? "") ?? []), box]);
    for (const { exit, span } of graph.blocks) {
      if (exit.kind === "call") {
        const sameNode = (byNode.get(exit.node) ?? []).filter(isStep);
        const box = byPlace.get(`${exit.node} ${span.start}`) ?? (sameNode.length === 1 ? sameNode[0] : undefined);
        if (box === undefined) continue;
        const edges = this.#of(box.id);
        edges.ok.push(exit.ok);
        edges.failed.push(exit.fail);
        const wait = exit.again === undefined ? undefined : graph.blocks[exit.again.to]?.exit;
        if (wait?.kind === "wait") edges.failed.push(wait.fail);
      } else if (exit.kind === "call-handler") {
        for (const box of (byNode.get(exit.handler) ?? []).filter(isStep)) this.#of(box.id).ok.push(exit.next);
      } else if (exit.kind === "dispatch") {
        const box = byNode.get(exit.node)?.find(({ kind }) => kind === "dispatch");
        if (box === undefined) continue;
        const edges = this.#of(box.id);
        exit.cases.forEach(({ to }, index) => (edges.cases[index] ??= []).push(to));
        edges.failed.push(exit.fail);
      }
    }
  }

  /** Absent where a line is not one edge of its box. */
  along({ from, kind, caseIndex, fromGroup }: Line): number | undefined {
    const edges = this.#edges.get(from);
    if (edges === undefined || fromGroup !== undefined) return undefined;
    if (caseIndex !== undefined) return this.#sum(edges.cases[caseIndex] ?? []);
    return kind === "failure" ? this.#sum(edges.failed) : this.#sum(edges.ok);
  }

  calls(box: string): number {
    const edges = this.#edges.get(box);
    return edges === undefined ? 0 : this.#sum([...edges.ok, ...edges.failed, ...edges.cases.flat()]);
  }

  #of(box: string): { readonly ok: Edge[]; readonly failed: Edge[]; readonly cases: Edge[][] } {
    let edges = this.#edges.get(box);
    if (edges === undefined) this.#edges.set(box, (edges = { ok: [], failed: [], cases: [] }));
    return edges;
  }

  #sum(edges: readonly Edge[]): number {
    return edges.reduce((all, edge) => all + (this.#counts.get(edge) ?? 0), 0);
  }
}

function isStep({ kind }: Box): boolean {
  return kind === "node" || kind === "source";
}

function boxHeats({ boxes }: Picture, { nodes }: Profile, leaving: Leaving | undefined): ReadonlyMap<string, BoxHeat> {
  const times = new Map(nodes.map((one) => [one.node, one]));
  const mentions = new Map<string, number>();
  const steps = boxes.filter(isStep);
  const weight = (box: Box): number => (leaving === undefined ? 1 : leaving.calls(box.id));
  for (const box of steps) mentions.set(box.node ?? "", (mentions.get(box.node ?? "") ?? 0) + weight(box));
  // A source that waits is called when nothing has come, too; it is part of the time like any other.
  const all = Math.max(1, nodes.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0));
  return new Map(
    steps.flatMap((box): [string, BoxHeat][] => {
      const time = times.get(box.node ?? "");
      const part = weight(box) / Math.max(1, mentions.get(box.node ?? "") ?? 1);
      if (time === undefined || time.calls === 0 || part === 0) return [];
      const share = (time.nanoseconds / all) * part;
      const calls = Math.round(time.calls * part);
      const nanoseconds = time.nanoseconds / time.calls;
      const text = `${percentText(share)} · ${timeText(nanoseconds)} × ${countText(calls)}`;
      return [[box.id, { level: levelOf(share), share, calls, nanoseconds, text }]];
    }),
  );
}

function lineHeats({ lines }: Picture, leaving: Leaving): ReadonlyMap<Line, LineHeat> {
  const counts = new Map(lines.flatMap((line): [Line, number][] => {
    const count = leaving.along(line);
    return count === undefined ? [] : [[line, count]];
  }));
  const most = Math.max(1, ...counts.values());
  return new Map(
    [...counts].map(([line, count]) => {
      const share = count / Math.max(1, leaving.calls(line.from));
      const told = count === 0 ? "never" : line.caseIndex !== undefined ? percentText(share) : line.kind === "failure" ? countText(count) : "";
      return [line, { count, share, width: count === 0 ? 0.6 : 1 + 3 * (count / most), text: told }];
    }),
  );
}

/** Twice the share, a step hotter. */
function levelOf(share: number): number {
  return share >= 0.32 ? 5 : share >= 0.16 ? 4 : share >= 0.08 ? 3 : share >= 0.02 ? 2 : 1;
}

function percentText(share: number): string {
  return share > 0 && share < 0.005 ? "< 1 %" : `${Math.round(share * 100)} %`;
}

function countText(count: number): string {
  if (count >= 1e6) return `${(count / 1e6).toPrecision(3)} M`;
  return count >= 1e5 ? `${Math.round(count / 1e3)} k` : withCommas(Math.round(count));
}

function timeText(nanoseconds: number): string {
  if (nanoseconds < 1000) return `${Math.round(nanoseconds)} ns`;
  if (nanoseconds < 1e6) return `${(nanoseconds / 1e3).toPrecision(2)} µs`;
  return nanoseconds < 1e9 ? `${(nanoseconds / 1e6).toPrecision(2)} ms` : `${(nanoseconds / 1e9).toPrecision(2)} s`;
}
