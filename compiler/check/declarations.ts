/**
 * The declarations of a file, gathered by the thing they are about. Reports what is declared twice; whether a name
 * that is only mentioned exists at all is `resolve-names.ts`'s business.
 */
import type {
  Ast, AtomicDecl, BlockingDecl, CaseDecl, HandleDecl, IncludeDecl, LimitDecl, LinkDecl, Name, PoolDecl, SequenceDecl,
  SignatureDecl, SourceDecl, TimeoutDecl, TypedefDecl, WaitDecl,
} from "../../grammar/ast.ts";
import type { Span } from "../../grammar/span.ts";
import type { Checked } from "../diagnostics/checked.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";

export interface Declarations {
  /** Everything that stands where a node can stand, in order of first mention, declared or not. Its index is `id`. */
  readonly nodes: ReadonlyMap<string, NodeEntry>;
  readonly sources: ReadonlyMap<string, SourceDecl>;
  readonly limits: ReadonlyMap<string, LimitDecl>;
  readonly types: ReadonlyMap<string, TypedefDecl>;
  readonly pools: ReadonlyMap<string, PoolDecl>;
  readonly handlers: readonly HandleDecl[];
  readonly includes: readonly IncludeDecl[];
  readonly links: readonly LinkDecl[];
  /** Names inside declarations that did not parse: each may be declared, used, both or neither. */
  readonly broken: ReadonlySet<string>;
  /** Ids of nodes that two declarations make two different things: nothing more is said about what they are. */
  readonly poisoned: ReadonlySet<number>;
}

/** All that a file says of one name among the nodes. */
export interface NodeEntry {
  readonly id: number;
  readonly name: string;
  /** In the order written; the first decides what a later pass points at where nothing is declared. */
  readonly mentions: readonly Mention[];
  // Always there, so that all entries have one layout: every pass reads every entry.
  readonly signature: SignatureDecl | undefined;
  readonly sequence: SequenceDecl | undefined;
  readonly cases: readonly CaseDecl[];
  /** The right-hand sides of its sequence or cases, in order, those of a second declaration too; empty for what is not abstract. */
  readonly bodies: readonly Body[];
  readonly atomic: AtomicDecl | undefined;
  readonly wait: WaitDecl | undefined;
  readonly timeout: TimeoutDecl | undefined;
  readonly blocking: BlockingDecl | undefined;
}

export interface Mention {
  readonly as: "step" | "source" | "target" | "handler" | "path" | "atomic" | "wait" | "timeout" | "blocking";
  readonly span: Span;
}

/** One right-hand side. */
export interface Body {
  readonly owner: NodeEntry;
  readonly steps: readonly StepEntry[];
  /** `undefined` for a sequence. */
  readonly of: CaseDecl | undefined;
  readonly span: Span;
}

/** One mention of a node in a right-hand side. */
export interface StepEntry {
  readonly node: NodeEntry;
  readonly body: Body;
  /** Where in `body.steps`. */
  readonly index: number;
  readonly span: Span;
}

/** A node with a sequence or cases. */
export function isAbstract(entry: NodeEntry): boolean {
  return entry.bodies.length > 0;
}

/** A node that some declaration says how to run; a handler need not be. */
export function isDeclared(entry: NodeEntry): boolean {
  return entry.signature !== undefined || isAbstract(entry);
}

/** Where the node is introduced: the name in its signature, else in its sequence or first case, else its first mention. */
export function nameSpan(entry: NodeEntry): Span {
  const declaration = entry.signature ?? entry.sequence ?? entry.cases[0];
  return declaration?.name.span ?? entry.mentions[0]?.span ?? { start: 0, end: 0 };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type OpenEntry = Mutable<NodeEntry>;

/** One list for all who have nothing. */
const none: readonly never[] = [];

/** Almost all lists here have one element or two, and one that grows by `push` keeps room for sixteen more. */
function append<T>(list: readonly T[], last: T): readonly T[] {
  if (list.length < 8) return list.concat([last]);
  (list as T[]).push(last);
  return list;
}

/** FLX0202 for every second declaration of a thing, FLX0203 for a node with a sequence and cases; the first declaration counts. Linear. */
export function gatherDeclarations(ast: Ast): Checked<Declarations> {
  const diagnostics: Diagnostic[] = [];
  const nodes = new Map<string, OpenEntry>();
  const sources = new Map<string, SourceDecl>();
  const limits = new Map<string, LimitDecl>();
  const types = new Map<string, TypedefDecl>();
  const pools = new Map<string, PoolDecl>();
  const handlers: HandleDecl[] = [];
  const includes: IncludeDecl[] = [];
  const links: LinkDecl[] = [];
  const poisoned = new Set<number>();

  const node = (name: Name): OpenEntry => {
    const found = nodes.get(name.text);
    if (found !== undefined) return found;
    const entry: OpenEntry = {
      id: nodes.size, name: name.text, mentions: none, signature: undefined, sequence: undefined, cases: none, bodies: none,
      atomic: undefined, wait: undefined, timeout: undefined, blocking: undefined,
    };
    nodes.set(name.text, entry);
    return entry;
  };
  const mention = (name: Name, as: Mention["as"]): OpenEntry => {
    const entry = node(name);
    entry.mentions = append(entry.mentions, { as, span: name.span });
    return entry;
  };
  const twice = (thing: string, second: Name, first: Name): void => {
    diagnostics.push(diagnostic("FLX0202", { at: second.span, first: first.span }, { name: second.text, thing }));
  };
  const once = <T>(thing: string, name: Name, first: T | undefined, nameOf: (first: T) => Name): boolean => {
    if (first === undefined) return true;
    twice(thing, name, nameOf(first));
    return false;
  };
  const both = (entry: OpenEntry, second: Name, first: Name): void => {
    diagnostics.push(diagnostic("FLX0203", { at: second.span, first: first.span }, { name: second.text }));
    poisoned.add(entry.id);
  };
  const addBody = (entry: OpenEntry, steps: readonly Name[], span: Span, of?: CaseDecl): void => {
    const body: Mutable<Body> = { owner: entry, steps: none, span, of };
    if (steps.length > 0) body.steps = steps.map((step, index) => ({ node: mention(step, "step"), body, index, span: step.span }));
    entry.bodies = append(entry.bodies, body);
  };

  for (const declaration of ast.declarations) {
    switch (declaration.kind) {
      case "signature": {
        const entry = node(declaration.name);
        if (once("signatures", declaration.name, entry.signature, (first) => first.name)) entry.signature = declaration;
        else poisoned.add(entry.id);
        break;
      }
      case "sequence": {
        const entry = node(declaration.name);
        if (once("sequences", declaration.name, entry.sequence, (first) => first.name)) {
          entry.sequence = declaration;
          const first = entry.cases[0];
          if (first !== undefined) both(entry, declaration.name, first.name);
        } else poisoned.add(entry.id);
        addBody(entry, declaration.steps, declaration.span);
        break;
      }
      case "case": {
        const entry = node(declaration.name);
        if (entry.cases.length === 0 && entry.sequence !== undefined) both(entry, declaration.name, entry.sequence.name);
        entry.cases = append(entry.cases, declaration);
        addBody(entry, declaration.steps, declaration.span, declaration);
        break;
      }
      case "source":
        if (once("`source` declarations", declaration.name, sources.get(declaration.name.text), (first) => first.name)) {
          sources.set(declaration.name.text, declaration);
          if (declaration.every === undefined) mention(declaration.name, "source");
          mention(declaration.target, "target");
        }
        break;
      case "typedef":
        if (once("`typedef` declarations", declaration.type, types.get(declaration.type.text), (first) => first.type)) {
          types.set(declaration.type.text, declaration);
        }
        break;
      case "pool":
        if (once("`pool` declarations", declaration.name, pools.get(declaration.name.text), (first) => first.name)) {
          pools.set(declaration.name.text, declaration);
        }
        break;
      case "limit":
        if (once("limits", declaration.source, limits.get(declaration.source.text), (first) => first.source)) {
          limits.set(declaration.source.text, declaration);
        }
        break;
      case "atomic": {
        const entry = mention(declaration.node, "atomic");
        if (once("`atomic` declarations", declaration.node, entry.atomic, (first) => first.node)) entry.atomic = declaration;
        break;
      }
      case "wait": {
        const entry = mention(declaration.node, "wait");
        if (once("`wait` declarations", declaration.node, entry.wait, (first) => first.node)) entry.wait = declaration;
        break;
      }
      case "timeout": {
        const entry = mention(declaration.node, "timeout");
        if (once("timeouts", declaration.node, entry.timeout, (first) => first.node)) entry.timeout = declaration;
        break;
      }
      case "blocking": {
        const entry = mention(declaration.node, "blocking");
        if (once("`blocking` declarations", declaration.node, entry.blocking, (first) => first.node)) entry.blocking = declaration;
        break;
      }
      case "handle":
        handlers.push(declaration);
        for (const element of declaration.path) if (element.kind === "node") mention(element.name, "path");
        mention(declaration.handler, "handler");
        break;
      case "include":
        includes.push(declaration);
        break;
      case "link":
        links.push(declaration);
        break;
    }
  }
  const broken = new Set(ast.broken.map((name) => name.text));
  return { value: { nodes, sources, limits, types, pools, handlers, includes, links, broken, poisoned }, diagnostics };
}
