/** Golden cases: one folder, one program, the flow graph it becomes. `npx vitest -u` writes what a new folder lacks. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { check } from "../check/index.ts";
import { planLocks } from "../locks/plan-locks.ts";
import { buildFlowGraph } from "./build-flow-graph.ts";
import { dump } from "./dump.ts";
import { verifyAlive } from "./verify-alive.ts";

const root = join(import.meta.dirname, "testdata");
const cases = readdirSync(root).toSorted();
const produced = new Set<string>();

describe("a flow graph", () => {
  test.each(cases)("of %s", async (name) => {
    const source = { path: "input.flux", text: readFileSync(join(root, name, "input.flux"), "utf8") };
    produced.add(join(name, "input.flux")).add(join(name, "flow.txt"));
    const { value: ast, errors } = parse(source);
    const { value: program, diagnostics } = check(ast, source, "build");
    const plan = planLocks(program);
    expect([...errors, ...[...diagnostics, ...plan.diagnostics].filter(({ severity }) => severity === "error")]).toEqual([]);
    const graph = buildFlowGraph(program, plan.value);
    expect(verifyAlive(graph)).toEqual([]);
    await expect(dump(graph)).toMatchFileSnapshot(join(root, name, "flow.txt"));
  });

  test("has no file that no test made", () => {
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.map((entry) => join(entry.parentPath.slice(root.length + 1), entry.name)).filter((path) => !produced.has(path))).toEqual([]);
  });
});
