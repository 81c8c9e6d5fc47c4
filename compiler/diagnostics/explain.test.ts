/** Tests of `explain.ts`: how a page is taken apart and shown. What the pages say is tested in `pages.test.ts`. */
import { describe, expect, test } from "vitest";
import { explainPage, pageExamples, pageTitle } from "./explain.ts";
import { painter } from "./paint.ts";

const page = `# FLX0201: name not declared

A sequence names a node that
nothing declares.

\`\`\`flux,error
A = Wriet;

B = A;
\`\`\`

## Why

- one reason, which is so long that it does not fit on one line of eighty columns at all
- another

\`\`\`text
# not a heading
\`\`\`
`;

test("the title is what stands after the code", () => {
  expect(pageTitle(page)).toBe("name not declared");
  expect(pageTitle("# Something else\n")).toBeUndefined();
});

test("examples are found with their language", () => {
  expect(pageExamples(page)).toEqual([
    { language: "flux,error", text: "A = Wriet;\n\nB = A;\n" },
    { language: "text", text: "# not a heading\n" },
  ]);
});

describe("a page is shown", () => {
  test("filled and indented", () => {
    expect(explainPage(page, painter(false))).toBe(`FLX0201: name not declared

A sequence names a node that nothing declares.

    A = Wriet;

    B = A;

Why

- one reason, which is so long that it does not fit on one line of eighty
  columns at all
- another

    # not a heading
`);
  });

  test("with bold headings where colours are asked for", () => {
    const shown = explainPage(page, painter(true));
    expect(shown).toContain("\x1b[1mFLX0201: name not declared\x1b[22m\n");
    expect(shown).toContain("\x1b[1mWhy\x1b[22m\n");
    expect(shown).toContain("    # not a heading\n");
  });

  test("whatever its line ends, and if its last fence is open", () => {
    expect(explainPage("# A\r\n\r\n```\r\ncode", painter(false))).toBe("A\n\n    code\n");
  });
});
