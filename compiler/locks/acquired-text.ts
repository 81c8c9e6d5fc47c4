/** What a node acquires, as a person would write it: `cache?`, `total(session)`, `db`. */
import type { Program } from "../check/program.ts";
import type { PlannedAcquisition } from "./lock-plan.ts";

export function acquiredText({ constraints }: Program, { constraint, mode }: PlannedAcquisition): string {
  const kind = constraints.get(constraint)?.kind;
  const scope = kind?.kind === "lock" && kind.scope === "session" ? "(session)" : "";
  return `${constraint}${mode === "read" ? "?" : ""}${scope}`;
}
