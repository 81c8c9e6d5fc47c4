/**
 * Golden cases: one folder, one test. `npx vitest -u` writes what a new folder lacks; read it before you commit.
 *
 * `ok`: `ast.txt` is the tree. `err`: `errors.txt` is what a person is told, `ast.txt` what is left of the program.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fromSyntax } from "../compiler/diagnostics/from-syntax.ts";
import { report } from "../compiler/diagnostics/report.ts";
import { parse } from "./index.ts";
import { printAst } from "./print-ast.ts";
import { decodeSource, mostBytes, type Decoded } from "./source.ts";

const root = join(import.meta.dirname, "testdata");
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));
const inputs = files.filter((path) => path.endsWith("input.flux")).toSorted();
const produced = new Set(inputs);

async function matches(path: string, text: string): Promise<void> {
  produced.add(path);
  await expect(text).toMatchFileSnapshot(path);
}

async function check(folder: string, decoded: Decoded): Promise<void> {
  const parsed = decoded.source === undefined ? undefined : parse(decoded.source);
  const errors = parsed?.errors ?? decoded.errors;
  if (parsed !== undefined) {
    await matches(join(folder, "ast.txt"), [...printAst(parsed.value, decoded.shown)].map((line) => `${line}\n`).join(""));
  }
  if (folder.startsWith(join(root, "ok"))) expect(errors).toEqual([]);
  else {
    expect(errors.length).toBeGreaterThan(0);
    const said = report(errors.map(fromSyntax), decoded.shown, { format: "human", color: false });
    await matches(join(folder, "errors.txt"), said);
  }
}

describe("parse", () => {
  test.each(inputs.map((path) => path.slice(root.length + 1, -"/input.flux".length)))("%s", async (name) => {
    const folder = join(root, name);
    await check(folder, decodeSource("input.flux", readFileSync(join(folder, "input.flux"))));
  });

  // Too large to be kept.
  test("err/9999-too-large", async () => {
    const bytes = new Uint8Array(mostBytes + 1).fill(" ".charCodeAt(0));
    expect(decodeSource("input.flux", bytes.subarray(1)).errors).toMatchObject([{ kind: "empty" }]);
    await check(join(root, "err/9999-too-large"), decodeSource("input.flux", bytes));
  });

  test("every file below testdata was produced by a test", () => {
    expect(files.filter((path) => !produced.has(path))).toEqual([]);
  });
});
