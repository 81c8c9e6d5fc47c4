/** The examples of the language reference are Flux, and together they show every form. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "./index.ts";

const text = readFileSync(join(import.meta.dirname, "README.md"), "utf8");
const examples = [...text.matchAll(/^```flux\n([\s\S]*?)^```$/gm)].map(([, example = ""]) => example);

describe("every example of the language reference", () => {
  test.each(examples)("parses: %s", (example) => {
    expect(parse({ path: "README.md", text: example }).errors).toEqual([]);
  });

  test("taken together they show every form", () => {
    const forms = new Set(examples.flatMap((example) => parse({ path: "README.md", text: example }).value.declarations.map(({ kind }) => kind)));
    const all = ["signature", "source", "sequence", "typedef", "case", "atomic", "handle", "include", "link", "wait", "timeout", "blocking", "pool", "limit"];
    expect([...forms].toSorted()).toEqual(all.toSorted());
  });
});

test("its sections are those its table of contents names", () => {
  const sections = [...text.matchAll(/^## (.+)$/gm)].map(([, title = ""]) => title);
  const listed = [...text.matchAll(/^- \[(.+)\]\(#(.+)\)$/gm)].map(([, title = ""]) => title);
  expect(listed).toEqual(sections);
});
