/**
 * From a program to its picture. A concrete node is drawn at every mention, so that no line seems to lead where no flow goes;
 * an abstract node is a group around its steps, drawn in place where it is mentioned once and by itself where it is mentioned
 * more often, as it is compiled once too. What no flow reaches is not drawn.
 */
import { position } from "../../grammar/source.ts";
import type { Case, FlowSource, Node, NodeName, Program, Step } from "../check/program.ts";
import { invariant } from "../diagnostics/checked.ts";
import { allStepsOf } from "../locks/nesting.ts";
import { marksOf, marksOfSource, signatureText } from "./marks.ts";
import { pictureName, type Box, type BoxKind, type Group, type Line, type Picture } from "./picture.ts";

export function drawProgram(program: Program): Picture {
  return new Drawing(program).picture();
}

/** Groups deeper than this are drawn by themselves: nobody reads more, and a program may nest without end. */
const deepest = 12;

/** A line that has begun and goes to whatever comes next. */
type Loose = Omit<Line, "to">;

/** Where a mention stands, for the paths of handlers: what ran before it in its sequence, what is around it. */
interface Place {
  readonly name: NodeName;
  readonly before?: Place;
  readonly around?: Place;
  /** Drawn once for many uses: what is around it differs. */
  readonly open: boolean;
}

interface Inside {
  readonly group?: Group;
  readonly depth: number;
  readonly place?: Place;
  readonly handling: boolean;
}

class Drawing {
  readonly #program: Program;
  readonly #boxes: Box[] = [];
  readonly #groups: Group[] = [];
  readonly #lines: Line[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #mentions = new Map<NodeName, number>();
  /** The box a flow comes to first, by abstract node. */
  readonly #entries = new Map<NodeName, string>();
  readonly #groupsById = new Map<string, Group>();
  readonly #groupsOf = new Map<NodeName, Group>();
  readonly #places = new Map<NodeName, { readonly box: Box; readonly place: Place }[]>();
  /** Abstract nodes to be drawn by themselves. */
  readonly #waiting: { readonly node: Node; readonly handling: boolean; readonly place: Place }[] = [];
  readonly #known = new Set<NodeName>();
  readonly #handlerBoxes = new Map<NodeName, string>();
  /** Lines to an abstract node's first box, which may not be there yet. */
  readonly #toEntries: { readonly line: Loose; readonly node: NodeName }[] = [];

  constructor(program: Program) {
    this.#program = program;
    for (const { node, target } of program.sources) for (const name of [node, target]) if (name !== undefined) this.#mention(name);
    for (const { handler } of program.handlers) this.#mention(handler);
    for (const node of program.nodes.values()) for (const { node: name, tailCall } of allStepsOf(node)) if (!tailCall) this.#mention(name);
  }

  picture(): Picture {
    const { sources, handlers, nodes } = this.#program;
    for (const source of sources) this.#source(source);
    this.#drain();
    // A part of a program, which has no source yet: whatever nothing mentions.
    if (sources.length === 0) for (const node of nodes.values()) if (node.kind !== "concrete" && !this.#mentions.has(node.name)) this.#root(node, false, { name: node.name, open: true });
    this.#drain();
    for (const { handler } of handlers) this.#handler(this.#node(handler));
    this.#drain();
    this.#failures();
    for (const { line, node } of this.#toEntries) {
      const to = this.#entries.get(node);
      if (to !== undefined) this.#lines.push({ ...line, to });
    }
    const name = pictureName(this.#program.source.path);
    return { name, title: `The flows of ${name}`, boxes: this.#boxes, groups: this.#groups, lines: this.#lines };
  }

  #mention(name: NodeName): void {
    this.#mentions.set(name, (this.#mentions.get(name) ?? 0) + 1);
  }

  #node(name: NodeName): Node {
    const node = this.#program.nodes.get(name);
    invariant(node !== undefined, `node ${name} exists`);
    return node;
  }

  #source(source: FlowSource): void {
    const own = source.node === undefined ? undefined : this.#node(source.node);
    const place: Place = { name: source.name, open: false };
    const marks = marksOfSource(source);
    let loose: readonly Loose[];
    if (own !== undefined && own.kind !== "concrete") {
      // An abstract source: what it does for one tuple, and then the flow.
      loose = this.#abstract(own, [], { depth: 0, handling: false }, place, false, marks);
    } else {
      const about = own === undefined ? `timer ${source.name}` : `source ${signatureText(own)}`;
      const box = this.#box("source", source.name, { depth: 0, handling: false }, place, {
        marks: [...marks, ...(own === undefined ? [] : marksOf(this.#program, own))],
        span: source.span,
        about,
        ...(own === undefined ? {} : { node: own.name }),
      });
      loose = [{ from: box.id, kind: "start", label: "" }];
    }
    const target = this.#node(source.target);
    const at: Place = { name: target.name, before: place, open: false };
    const starting = loose.map((line): Loose => ({ ...line, kind: "start" }));
    if (target.kind === "concrete") this.#concrete(target, target.nameSpan, starting, { depth: 0, handling: false }, at);
    else {
      this.#root(target, false, { ...at, open: (this.#mentions.get(target.name) ?? 0) > 1 });
      for (const line of starting) this.#toEntries.push({ line, node: target.name });
    }
  }

  #handler(node: Node): void {
    if (this.#handlerBoxes.has(node.name)) return;
    const inside: Inside = { depth: 0, handling: true };
    if (node.kind !== "concrete") {
      this.#root(node, true, { name: node.name, open: true });
      this.#handlerBoxes.set(node.name, node.name);
      return;
    }
    const [line] = this.#concrete(node, node.nameSpan, [], inside, { name: node.name, open: true });
    if (line !== undefined) this.#handlerBoxes.set(node.name, line.from);
  }

  /** Drawn by itself, once. */
  #root(node: Node, handling: boolean, place: Place): void {
    if (this.#known.has(node.name)) return;
    this.#known.add(node.name);
    this.#waiting.push({ node, handling, place });
  }

  #drain(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const { node, handling, place } = next;
      if (node.kind === "concrete") continue;
      const ends = this.#abstract(node, [], { depth: 0, handling }, place, (this.#mentions.get(node.name) ?? 0) > 1);
      this.#finish(ends, node, handling);
    }
  }

  /** A way that ends without a step ends in a dot: a line has two ends. */
  #finish(ends: readonly Loose[], node: Node, handling: boolean): void {
    const open = ends.filter(({ kind }) => kind === "case");
    if (open.length === 0) return;
    const group = this.#groupsOf.get(node.name);
    const dot = this.#box("end", "", { depth: 0, handling, ...(group === undefined ? {} : { group }) }, undefined, { marks: [], span: node.nameSpan, about: `the end of ${node.name}` });
    this.#connect(open, dot.id);
  }

  #abstract(node: Exclude<Node, { kind: "concrete" }>, loose: readonly Loose[], inside: Inside, place: Place, shared: boolean, more: Box["marks"] = []): readonly Loose[] {
    const parent = inside.group;
    const group: Group = {
      id: `group ${node.name}`,
      node: node.name,
      marks: [...more, ...marksOf(this.#program, node)],
      ...(parent === undefined ? {} : { parent: parent.id }),
      shared,
      handling: inside.handling,
      span: node.nameSpan,
    };
    this.#groups.push(group);
    this.#groupsById.set(group.id, group);
    this.#groupsOf.set(node.name, group);
    const within: Inside = { group, depth: inside.depth + 1, place, handling: inside.handling };
    if (node.kind === "sequence") return this.#sequence(node.steps, loose, within);
    const box = this.#box("dispatch", node.name, within, undefined, { marks: [], span: node.nameSpan, about: `${node.name} chooses a case`, node: node.name });
    this.#connect(loose, box.id);
    return node.cases.flatMap((one, index) =>
      this.#sequence(one.steps, [{ from: box.id, kind: "case", label: caseText(one, index, node.cases), caseIndex: index }], within),
    );
  }

  #sequence(steps: readonly Step[], loose: readonly Loose[], inside: Inside): readonly Loose[] {
    let before: Place | undefined;
    let open = loose;
    for (const step of steps) {
      const node = this.#node(step.node);
      if (step.tailCall) {
        for (const line of open) this.#toEntries.push({ line: { ...line, kind: "round" }, node: step.node });
        return [];
      }
      const place: Place = { name: step.node, open: false, ...(before === undefined ? {} : { before }), ...(inside.place === undefined ? {} : { around: inside.place }) };
      before = place;
      if (node.kind === "concrete") open = this.#concrete(node, step.span, open, inside, place);
      else if ((this.#mentions.get(step.node) ?? 0) === 1 && inside.depth < deepest) open = this.#abstract(node, open, inside, place, false);
      else open = this.#use(node, step, open, inside);
    }
    return open;
  }

  #concrete(node: Node, span: Step["span"], loose: readonly Loose[], inside: Inside, place: Place): readonly Loose[] {
    const box = this.#box("node", node.name, inside, place, { marks: marksOf(this.#program, node), span, about: signatureText(node), node: node.name });
    this.#connect(loose, box.id);
    return [{ from: box.id, kind: "flow", label: "" }];
  }

  #use(node: Node, { span }: Step, loose: readonly Loose[], inside: Inside): readonly Loose[] {
    const box = this.#box("use", node.name, inside, undefined, { marks: [], span, about: `${node.name}, which is drawn once`, node: node.name });
    this.#connect(loose, box.id);
    this.#root(node, inside.handling, { name: node.name, open: true });
    this.#toEntries.push({ line: { from: box.id, kind: "use", label: "" }, node: node.name });
    return [{ from: box.id, kind: "flow", label: "" }];
  }

  #box(kind: BoxKind, title: string, inside: Inside, place: Place | undefined, more: Pick<Box, "marks" | "span" | "about" | "node">): Box {
    const name = title === "" ? kind : title;
    const number = (this.#numbers.get(name) ?? 0) + 1;
    this.#numbers.set(name, number);
    const { group, handling } = inside;
    const { line } = position(this.#program.source, more.span.start);
    const about = `${more.about} (line ${line})`;
    const box: Box = { id: number === 1 ? name : `${name} ${number}`, kind, title, handling, ...more, about, ...(group === undefined ? {} : { group: group.id }) };
    this.#boxes.push(box);
    // A group that has its first box is inside groups that have theirs.
    for (let around = group; around !== undefined && !this.#entries.has(around.node); around = around.parent === undefined ? undefined : this.#groupsById.get(around.parent)) {
      this.#entries.set(around.node, box.id);
    }
    if (place !== undefined) {
      const known = this.#places.get(place.name);
      if (known === undefined) this.#places.set(place.name, [{ box, place }]);
      else known.push({ box, place });
    }
    return box;
  }

  #connect(loose: readonly Loose[], to: string): void {
    for (const line of loose) this.#lines.push({ ...line, to });
  }

  #failures(): void {
    for (const { path, handler, span } of this.#program.handlers) {
      const failed = path.at(-1);
      const outer = path.slice(0, -1);
      const label = outer.length === 0 ? "" : `in ${outer.map((name) => name ?? "*").join(" -> ")}`;
      const begin = (line: Omit<Loose, "kind" | "label">, text = label): void => {
        const toBox = this.#node(handler).kind === "concrete" ? this.#handlerBoxes.get(handler) : undefined;
        const loose: Loose = { ...line, kind: "failure", label: text };
        if (toBox === undefined) this.#toEntries.push({ line: loose, node: handler });
        else this.#lines.push({ ...loose, to: toBox });
      };
      const group = failed === undefined ? undefined : this.#groupsOf.get(failed);
      const entry = group === undefined ? undefined : this.#entries.get(group.node);
      if (failed === undefined) {
        const title = outer.length === 0 ? "any other failure" : `any other failure ${label}`;
        const box = this.#box("any-failure", title, { depth: 0, handling: true }, undefined, { marks: [], span, about: `what no other handler of the program is for` });
        begin({ from: box.id }, "");
      } else if (group !== undefined && entry !== undefined) begin({ from: entry, fromGroup: group.id });
      else for (const { box, place } of this.#places.get(failed) ?? []) if (!box.handling && matches(place, outer.toReversed())) begin({ from: box.id });
    }
  }
}

/** Whether a failure at a place can come by these elements, read from the inside out. */
function matches(place: Place, outer: readonly (NodeName | undefined)[]): boolean {
  const [element, ...rest] = outer;
  if (outer.length === 0 || place.open) return true;
  return [place.before, place.around].some((next) => next !== undefined && (element === undefined || next.name === element) && matches(next, rest));
}

/** First match wins, so the cases are numbered in the order they are tried. */
function caseText({ patterns }: Case, index: number, all: readonly Case[]): string {
  const named = patterns.filter((pattern) => pattern !== undefined);
  if (named.length === 0) return all.length === 1 ? "" : "otherwise";
  return `${all.length > 2 ? `${index + 1}: ` : ""}${named.join(", ")}`;
}
