/**
 * Golden cases: one folder, one test. `npx vitest -u` writes what a new folder lacks; read it before you commit.
 *
 * `FLXnnnn-…` has that mistake and no other (`FLXnnnn-and-FLXnnnn-…` those two), so its report names no other code.
 * `ok-…` has none at all; `program.txt` is what it means.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { report } from "../diagnostics/report.ts";
import { check, dumpProgram } from "./index.ts";

const root = join(import.meta.dirname, "testdata");
const cases = readdirSync(root).toSorted();
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));
const produced = new Set<string>();

async function matches(path: string, text: string): Promise<void> {
  produced.add(path);
  await expect(text).toMatchFileSnapshot(path);
}

describe("check", () => {
  test.each(cases)("%s", async (name) => {
    const input = join(root, name, "input.flux");
    produced.add(input);
    const source = { path: "input.flux", text: readFileSync(input, "utf8") };
    const { value: ast, errors } = parse(source);
    expect(errors).toEqual([]);
    const { value: program, diagnostics } = check(ast, source, name.startsWith("FLX0419") ? "build" : "check");

    if (name.startsWith("ok-")) {
      expect(diagnostics).toEqual([]);
      await matches(join(root, name, "program.txt"), [...dumpProgram(program)].map((line) => `${line}\n`).join(""));
      return;
    }
    expect([...new Set(diagnostics.map((diagnostic) => diagnostic.code))]).toEqual(name.match(/FLX\d{4}/g));
    await matches(join(root, name, "diagnostics.txt"), report(diagnostics, source, { format: "human", color: false }));
  });

  test("every file below testdata was produced by a test", () => {
    expect(files.filter((path) => !produced.has(path))).toEqual([]);
  });
});
