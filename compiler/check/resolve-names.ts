/**
 * Which mentioned names exist: nodes, sources, predicate types. A name that does not is reported once, however often it
 * is mentioned, and is left out of every later check. Says nothing of how names may look: that is `spelling.ts`.
 */
import type { Checked } from "../diagnostics/checked.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { isAbstract, isDeclared, type Declarations, type NodeEntry } from "./declarations.ts";
import { suggester } from "./suggest.ts";

/** How a node is run, if that is known. */
export type NodeKind = "concrete" | "sequence" | "dispatch" | "bare handler" | "unknown";

export interface Names {
  /** By `NodeEntry.id`. A `bare handler` is a C++ function without a signature. `unknown` is reported or excused already. */
  readonly kinds: readonly NodeKind[];
}

/**
 * FLX0201, FLX0204, FLX0205, FLX0206, FLX0207. Linear.
 */
export function resolveNames(declarations: Declarations): Checked<Names> {
  const diagnostics: Diagnostic[] = [];
  const { nodes, sources, limits, types, broken } = declarations;
  const suggest = suggester();
  // Where a declaration did not parse, it may be the one that is missing; a name that is nearly right is wrong all the same.
  const excused = (suggestion: string | undefined): boolean => broken.size > 0 && suggestion === undefined;
  const declared = function* (): Iterable<string> {
    for (const entry of nodes.values()) if (isDeclared(entry)) yield entry.name;
  };

  const kinds: NodeKind[] = [];
  for (const entry of nodes.values()) {
    const kind = kindOf(entry, declarations);
    kinds[entry.id] = kind;
    if (kind !== "unknown" || declarations.poisoned.has(entry.id) || broken.has(entry.name)) continue;
    if (sources.get(entry.name)?.every !== undefined) diagnostics.push(...timerAsNode(entry, sources));
    else {
      const suggestion = suggest(entry.name, declared(), nodes.size);
      if (!excused(suggestion)) diagnostics.push(undeclared(entry, suggestion));
    }
  }

  for (const { source } of limits.values()) {
    if (sources.has(source.text) || broken.has(source.text) || isUnknown(nodes.get(source.text), kinds)) continue;
    const known = nodes.get(source.text) !== undefined;
    const suggestion = suggest(source.text, sources.keys(), sources.size);
    if (excused(suggestion)) continue;
    diagnostics.push(
      diagnostic("FLX0205", { at: source.span }, { name: source.text, is: known ? "is a node, not a source" : "not declared", suggestion }),
    );
  }

  const missingTypes = new Set<string>();
  for (const entry of nodes.values()) {
    for (const { patterns } of entry.cases) {
      for (const pattern of patterns) {
        if (pattern.kind === "any" || types.has(pattern.name.text)) continue;
        if (broken.has(pattern.name.text) || missingTypes.has(pattern.name.text)) continue;
        missingTypes.add(pattern.name.text);
        const suggestion = suggest(pattern.name.text, types.keys(), types.size);
        if (excused(suggestion)) continue;
        diagnostics.push(diagnostic("FLX0204", { at: pattern.name.span }, {
          name: pattern.name.text, suggestion, undeclared: suggestion === undefined ? pattern.name.text : undefined,
        }));
      }
    }
  }
  return { value: { kinds }, diagnostics };
}

function kindOf(entry: NodeEntry, { poisoned, sources, broken }: Declarations): NodeKind {
  if (poisoned.has(entry.id)) return "unknown";
  if (sources.get(entry.name)?.every !== undefined && !isDeclared(entry)) return "unknown";
  if (entry.cases.length > 0) return "dispatch";
  if (isAbstract(entry)) return "sequence";
  if (entry.signature !== undefined) return "concrete";
  if (broken.has(entry.name)) return "unknown";
  const uses = new Set(entry.mentions.map((mention) => mention.as));
  return uses.has("handler") && !uses.has("step") && !uses.has("target") && !uses.has("source") ? "bare handler" : "unknown";
}

function isUnknown(entry: NodeEntry | undefined, kinds: readonly NodeKind[]): boolean {
  return entry !== undefined && kinds[entry.id] === "unknown";
}

/** Somebody who mentions a name in several ways means a node and forgot its signature; else it may be a slip of the pen. */
function undeclared(entry: NodeEntry, suggestion: string | undefined): Diagnostic {
  const ways = new Set(entry.mentions.map((mention) => mention.as));
  const first = entry.mentions.find(({ as }) => as === "step" || as === "target" || as === "source") ?? entry.mentions[0];
  const at = first?.span ?? { start: 0, end: 0 };
  const undeclared = suggestion === undefined && first?.as !== "path" ? entry.name : undefined;
  if (ways.size < 2) return diagnostic("FLX0201", { at }, { name: entry.name, suggestion, undeclared });
  const further = entry.mentions.filter((mention) => mention !== first).slice(0, 3);
  const use = further.map((mention) => mention.span);
  return diagnostic("FLX0206", { at, use }, {
    name: entry.name, suggestion, undeclared,
  });
}

/** A timer source has no function: it can be a source, and stand in a handler's path before its target, and nothing else. */
function timerAsNode(entry: NodeEntry, sources: Declarations["sources"]): readonly Diagnostic[] {
  const timer = sources.get(entry.name);
  // A step is FLX0405's, for every kind of source; a limit on a handler's path ends at a node, which FLX0409 says.
  const misuse = entry.mentions.find(({ as }) => as !== "path" && as !== "step" && as !== "timeout");
  if (misuse === undefined || timer === undefined) return [];
  const spans = { at: misuse.span, timer: timer.name.span };
  return [diagnostic("FLX0207", spans, { name: entry.name, target: misuse.as === "target" ? undefined : timer.target.text })];
}
