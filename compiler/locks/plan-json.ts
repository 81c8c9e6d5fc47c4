/** A lock plan as JSON, for programs: the shape is a promise (docs/command-line.md). */
import { position } from "../../grammar/source.ts";
import type { Program } from "../check/program.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Elisions } from "./elision.ts";
import type { LockPlan } from "./lock-plan.ts";

export function planJson({ nodes, source }: Program, { order, locks, acquires }: LockPlan, diagnostics: readonly Diagnostic[], elisions: Elisions): string {
  const kinds = new Map(locks.map(({ name, kind }) => [name, kind]));
  const scopeOf = (lock: string): string => {
    const kind = kinds.get(lock) ?? "program";
    return kind === "keys" ? "key" : kind;
  };
  const value = {
    order,
    nodes: [...nodes].map(([node, { inputs }]) => ({
      node,
      acquires: (acquires.get(node) ?? []).map(({ constraint, lock, mode, keys, movedFor, wholeFor, ifNotHeld }) => ({
        ...{ constraint, mode, scope: scopeOf(lock) },
        ...(keys === undefined ? {} : { keys: keys.map((key) => ({ key: inputs[key.input]?.name ?? "", mode: key.mode })) }),
        ...(wholeFor === undefined ? {} : { wholeFor }),
        ...(movedFor === undefined ? {} : { early: true, for: movedFor }),
        ...(ifNotHeld ? { ifNotHeld } : {}),
      })),
    })),
    elisions: order.flatMap((constraint) => {
      const elision = elisions.get(constraint);
      return elision === undefined ? [] : [{ constraint, elided: elision.obstacle === undefined, ...(elision.obstacle === undefined ? {} : { obstacle: elision.obstacle }) }];
    }),
    diagnostics: diagnostics.map(({ code, title, labels: [{ span }] }) => ({ code, message: title, line: position(source, Math.min(span.start, source.text.length)).line })),
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
