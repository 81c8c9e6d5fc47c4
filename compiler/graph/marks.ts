/** What is said on a node beside its name: waits, limits, constraints. Decides nothing of how it looks. */
import type { Acquisition, FlowSource, Node, Program, WaitInterest } from "../check/program.ts";
import type { Mark } from "./picture.ts";

export function marksOf(program: Program, node: Node): readonly Mark[] {
  const marks: Mark[] = node.acquires.map((acquired) => ({ kind: "constraint", text: constraintText(program, node, acquired) }));
  if (node.kind === "concrete" && node.wait.length > 0) {
    marks.push({ kind: "wait", text: `waits: ${node.wait.map((interest) => interestText(node, interest)).join(" or ")}` });
  }
  if (node.timeout !== undefined) marks.push({ kind: "time-limit", text: `within ${durationText(node.timeout.milliseconds)}` });
  if (node.kind === "concrete" && node.blocking) marks.push({ kind: "blocking", text: "may block" });
  return marks;
}

export function marksOfSource({ everyMilliseconds, limit, session }: FlowSource): readonly Mark[] {
  const marks: Mark[] = [];
  if (everyMilliseconds !== undefined) marks.push({ kind: "period", text: `every ${durationText(everyMilliseconds)}` });
  if (limit !== undefined) marks.push({ kind: "limit", text: `at most ${withCommas(limit)} in flight` });
  if (session !== undefined) marks.push({ kind: "session", text: `session: ${session}` });
  return marks;
}

function constraintText(program: Program, node: Node, { constraint, mode, key }: Acquisition): string {
  const kind = program.constraints.get(constraint)?.kind;
  if (kind?.kind === "pool") return `one of ${kind.size} ${constraint}`;
  const scope = kind?.kind === "lock" && kind.scope === "session" ? " (session)" : "";
  const keyed = key === undefined ? "" : `[${node.inputs[key]?.name ?? ""}]`;
  return `${mode === "read" ? "reads" : "holds"} ${constraint}${keyed}${scope}`;
}

function interestText(node: Node, { readiness, on }: WaitInterest): string {
  return `${readiness} ${on.kind === "global" ? on.text : (node.inputs[on.index]?.name ?? "")}`;
}

export function durationText(milliseconds: number): string {
  if (milliseconds % 60_000 === 0) return `${withCommas(milliseconds / 60_000)} min`;
  return milliseconds % 1000 === 0 ? `${withCommas(milliseconds / 1000)} s` : `${withCommas(milliseconds)} ms`;
}

export function withCommas(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `ReadRequest (int socket) => (int socket, char *line)` */
export function signatureText({ name, inputs, outputs }: Node): string {
  const tuple = (variables: Node["inputs"]): string => `(${variables.map(({ type, name: variable }) => (type.endsWith("*") || type.endsWith("&") ? `${type}${variable}` : `${type} ${variable}`)).join(", ")})`;
  return `${name} ${tuple(inputs)} => ${tuple(outputs)}`;
}
