/** What a node acquires, as a person would write it: `cache?`, `total(session)`, `db`, `page[id]`. */
import type { NodeName, Program } from "../check/program.ts";
import type { PlannedAcquisition } from "./lock-plan.ts";

export function acquiredText({ constraints, nodes }: Program, node: NodeName, { constraint, mode, keys }: PlannedAcquisition): string {
  const kind = constraints.get(constraint)?.kind;
  const spelled = (how: "read" | "write"): string => `${constraint}${how === "read" ? "?" : ""}`;
  if (keys !== undefined) return keys.map((key) => `${spelled(key.mode)}[${nodes.get(node)?.inputs[key.input]?.name ?? ""}]`).join(", ");
  return `${spelled(mode)}${kind?.kind === "lock" && kind.scope === "session" ? "(session)" : ""}`;
}
