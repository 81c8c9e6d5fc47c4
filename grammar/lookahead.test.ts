/** The kept table is what Chevrotain finds out about the grammar today. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { printTable } from "./lookahead.ts";
import { FluxParser } from "./parser.ts";

test("lookahead-table.ts is current; `npx vitest run grammar/lookahead.test.ts -u` writes it", async () => {
  await expect(printTable(new FluxParser("analysed").lookaheadTable)).toMatchFileSnapshot(join(import.meta.dirname, "lookahead-table.ts"));
});

test("a parser that was given the table decides by it", () => {
  expect(new FluxParser().lookaheadTable).toEqual(new FluxParser("analysed").lookaheadTable);
});
