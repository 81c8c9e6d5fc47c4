/** What people read to learn the language is laid out as `fluxc fmt` does it: the examples, and the programs in the pages. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { formatProgram } from "./format.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const files = ["examples", "docs", "grammar", "compiler", "runtimes"].flatMap((folder) => [...walk(join(root, folder))]);
const paths = [...files, join(root, "README.md"), join(root, "CONTRIBUTING.md")].map((path) => relative(root, path));

// Programs of tests may be laid out as they like: some are about that.
const programs = paths.filter((path) => path.endsWith(".flux") && !/testdata|conformance/.test(path));
const pages = paths.filter((path) => path.endsWith(".md"));

test("there is something to look at", () => {
  expect(programs).toContain(join("examples", "hello", "hello.flux"));
  expect(pages).toContain(join("grammar", "README.md"));
});

test.each(programs)("%s", async (path) => {
  const text = readFileSync(join(root, path), "utf8");
  expect(await formatProgram({ path, text })).toBe(text);
});

test.each(pages)("%s", async (path) => {
  const page = readFileSync(join(root, path), "utf8");
  const examples = [...page.matchAll(/^```flux(?:,error)?\n([^]*?)^```$/gm)].map(([, example = ""]) => example);
  for (const text of examples) {
    // Some show a mistake of syntax.
    if (parse({ path, text }).errors.length === 0) expect(await formatProgram({ path, text })).toBe(text);
  }
});

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith(".") || entry.name === "build" || entry.name === "node_modules") continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile()) yield path;
  }
}
