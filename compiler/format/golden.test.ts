/**
 * Layouts, one folder each: `input.flux` and what it becomes. `npx vitest run compiler/format -u` writes what a new folder
 * lacks; read it before you commit.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectFormats } from "./testing/commented-program.ts";
import { formatProgram } from "./format.ts";

const root = join(import.meta.dirname, "testdata");

test.each(readdirSync(root).toSorted())("%s", async (name) => {
  const text = readFileSync(join(root, name, "input.flux"), "utf8");
  await expect(await formatProgram({ path: "input.flux", text })).toMatchFileSnapshot(join(root, name, "formatted.flux"));
  await expectFormats(text);
});
