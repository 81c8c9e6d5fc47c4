/** A lock plan as JSON, for programs: the shape is a promise (docs/command-line.md). */
import { position } from "../../grammar/source.ts";
import type { Program } from "../check/program.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { LockPlan } from "./lock-plan.ts";

export function planJson({ nodes, constraints, source }: Program, { order, acquires }: LockPlan, diagnostics: readonly Diagnostic[]): string {
  const scopeOf = (name: string): string => {
    const kind = constraints.get(name)?.kind;
    return kind === undefined ? "program" : kind.kind === "lock" ? kind.scope : kind.kind;
  };
  const value = {
    order,
    nodes: [...nodes.keys()].map((node) => ({
      node,
      acquires: (acquires.get(node) ?? []).map(({ constraint, mode, movedFor, ifNotHeld }) => ({
        ...{ constraint, mode, scope: scopeOf(constraint) },
        ...(movedFor === undefined ? {} : { early: true, for: movedFor }),
        ...(ifNotHeld ? { ifNotHeld } : {}),
      })),
    })),
    diagnostics: diagnostics.map(({ code, title, labels: [{ span }] }) => ({ code, message: title, line: position(source, Math.min(span.start, source.text.length)).line })),
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
