/** What is refused before a C compiler runs: names of libc, and names that C cannot have twice. */
import { describe, expect, test } from "vitest";
import { checkOnly } from "../../compile.ts";
import { checkNodeSources } from "./check-node-sources.ts";
import { libcHeader } from "./libc-names.ts";
import { quotedIncludes, type Surroundings } from "./surroundings.ts";

const inC: Surroundings = { beside: [], nodeSources: [{ path: "nodes.c", missingHeaders: [] }] };
const inCxx: Surroundings = { beside: [], nodeSources: [{ path: "nodes.cpp", missingHeaders: [] }] };

function said(text: string, surroundings: Surroundings): readonly string[] {
  const { value, diagnostics } = checkOnly({ path: "web.flux", text });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return checkNodeSources(value, surroundings).diagnostics.map(({ code, title }) => `${code} ${title}`);
}

describe("a name of libc", () => {
  const program = 'source accept => read; accept () => (int s); read (int s) => (); handle error read => write;';

  test("is refused for nodes and handlers in C", () => {
    expect(said(program, inC)).toEqual([
      "FLX0615 the node `accept` has the name of a function of the C library",
      "FLX0615 the node `read` has the name of a function of the C library",
      "FLX0615 the handler `write` has the name of a function of the C library",
    ]);
  });

  test("is refused for predicates and session functions in C", () => {
    const other = "source S {session: rand} => D; S () => (int s); typedef t time; D:[t] = ; D:[_] = ; D (int s) => (int s);";
    expect(said(other, inC)).toEqual([
      "FLX0615 the predicate `time` has the name of a function of the C library",
      "FLX0615 the session function `rand` has the name of a function of the C library",
    ]);
  });

  test("is C++'s own business in C++, and where nothing is known of the sources", () => {
    expect(said(program, inCxx)).toEqual([]);
    expect(said(program, { beside: [], nodeSources: [] })).toEqual([]);
  });

  test("has a header to be told", () => {
    expect(libcHeader("read")).toBe("unistd.h");
    expect(libcHeader("memmem")).toBe("string.h");
    expect(libcHeader("Read")).toBeUndefined();
    expect(libcHeader("toString")).toBeUndefined();
  });
});

describe("a name that needs two functions", () => {
  const program = `source Listen => Flow; Flow = Read -> Write;
    Listen () => (int s); Read (int s) => (int s, char *text); Write (int s, char *text) => ();
    handle error Read => Log; handle error Write => Log;`;

  test("is refused in C", () => {
    expect(said(program, inC)).toEqual(["FLX0616 the handler `Log` would have to be two functions, and C has one of a name"]);
  });

  test("is an overload in C++", () => {
    expect(said(program, inCxx)).toEqual([]);
  });

  test("is one function in the natural form, which its header declares", () => {
    expect(said(`include "web.h"; ${program}`, inC)).toEqual([]);
  });
});

test("what a source includes in quotes is found, but not in comments or texts", () => {
  const text = [
    '#include "mImpl.h"',
    '  #  include   "sub/other.h" // "why.h"',
    "#include <stdio.h>",
    '// #include "commented.h"',
    '/* #include "away.h"',
    '#include "away_too.h" */',
    'const char *text = "#include \\"no.h\\"";',
    '#include "mImpl.h"',
  ].join("\n");
  expect(quotedIncludes(text)).toEqual(["mImpl.h", "sub/other.h"]);
});
