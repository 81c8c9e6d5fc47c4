/**
 * What keeps the house in order and no type checker sees: who may import whom, how long a file is, that every code has
 * its page and its case. Each rule stands here once, as data; a failure names the file.
 */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { catalogue } from "./diagnostics/catalogue/index.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The rooms in the order data flows; each may import itself, and those named. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  grammar: [],
  "compiler/text": [],
  "compiler/diagnostics": ["grammar", "compiler/text"],
  "compiler/check": ["grammar", "compiler/text", "compiler/diagnostics"],
  "compiler/locks": ["grammar", "compiler/text", "compiler/diagnostics", "compiler/check"],
  "compiler/flow": ["grammar", "compiler/text", "compiler/diagnostics", "compiler/check", "compiler/locks"],
  "compiler/target": ["grammar", "compiler/text", "compiler/diagnostics", "compiler/check", "compiler/locks", "compiler/flow"],
  "compiler/stacks": ["grammar", "compiler/text", "compiler/diagnostics", "compiler/check", "compiler/locks", "compiler/flow"],
  "compiler/nodes": [
    "grammar", "compiler/text", "compiler/diagnostics", "compiler/check", "compiler/locks", "compiler/flow",
    "compiler/target", "compiler/stacks",
  ],
  "compiler/emit": [
    "grammar", "compiler/text", "compiler/diagnostics", "compiler/check", "compiler/locks", "compiler/flow",
    "compiler/target", "compiler/stacks", "compiler/nodes", "simulator",
  ],
  "compiler/format": ["grammar"],
  "compiler/lsp": ["grammar", "compiler"],
  "compiler/cli": ["grammar", "compiler"],
  "compiler/bench": ["grammar", "compiler"],
  // `compile.ts` and `index.ts`: the whole of it on one page, and its door.
  compiler: ["grammar", "compiler"],
  simulator: [],
  runtimes: ["compiler"],
  examples: ["compiler"],
};

/** Packages, and the rooms that may know them. */
const packages: Readonly<Record<string, readonly string[]>> = {
  chevrotain: ["grammar"],
  yargs: ["compiler/cli"],
};

/** Where files, processes and the clock may be touched; a pass is a function of its arguments. */
const outside = ["compiler/cli", "compiler/bench", "compiler/emit/write.ts", "runtimes", "examples"];

/** Longer than 400 lines, and why. */
const long: Readonly<Record<string, string>> = {};

/** What may stand at the top, beside files and what tools leave there. */
const topFolders = ["grammar", "compiler", "runtimes", "examples", "simulator", "docs"];
const leftByTools = ["node_modules", "dist", "build", "coverage"];

const files = [...walk(root)].map((path) => relative(root, path)).toSorted();
const scripts = files.filter((path) => path.endsWith(".ts"));
const code = files.filter((path) => /\.(?:ts|cpp|hpp|c|h)$/.test(path) && !isData(path));

describe("imports", () => {
  test("go one way", () => {
    const wrong = scripts.filter((path) => !isTest(path)).flatMap((path) => importsOf(path).flatMap((to) => {
      if (!to.startsWith(".")) return [];
      const target = normalize(join(dirname(path), to));
      const [from, into] = [roomOf(path), roomOf(target)];
      const allowed = from === into || (rooms[from] ?? []).some((room) => room === into || target.startsWith(`${room}/`));
      return allowed ? [] : [`${path} imports ${target}`];
    }));
    expect(wrong).toEqual([]);
  });

  test("from a test are of no use to what is shipped", () => {
    const wrong = scripts.filter((path) => !isTest(path)).flatMap((path) => importsOf(path)
      .filter((to) => isTest(to) || to === "vitest" || to === "fast-check")
      .map((to) => `${path} imports ${to}`));
    expect(wrong).toEqual([]);
  });

  test("of packages stay where they belong", () => {
    const wrong = scripts.filter((path) => !isTest(path)).flatMap((path) => importsOf(path).flatMap((to) => {
      const owners = packages[to.split("/")[0] ?? ""];
      return owners === undefined || owners.includes(roomOf(path)) ? [] : [`${path} imports ${to}`];
    }));
    expect(wrong).toEqual([]);
  });

  test("of one runtime never reach another", () => {
    const runtimes = readdirSync(join(root, "runtimes")).filter((name) => files.includes(`runtimes/${name}/runtime.json`));
    const wrong = code.flatMap((path) => {
      const [, own = ""] = path.split("/");
      if (!path.startsWith("runtimes/") || !runtimes.includes(own)) return [];
      const included = [...read(path).matchAll(/#\s*include\s*["<]([^">]+)[">]/g)].map(([, header = ""]) => header);
      return included.filter((header) => runtimes.some((other) => other !== own && header.includes(`${other}/`))).map((header) => `${path} includes ${header}`);
    });
    expect(wrong).toEqual([]);
  });
});

describe("a pass is a function", () => {
  const passes = scripts.filter((path) => !isTest(path) && !outside.some((place) => path.startsWith(place)) && path.includes("/"));

  test.each([
    ["reads and starts nothing", /from "node:(?!util"|path"|path\/posix")/],
    ["does not know the clock or chance", /\b(?:Date\.now|new Date\b|performance\.now|Math\.random)\b/],
    ["does not know the process", /\bprocess\.\w|\bconsole\.\w/],
  ])("that %s", (_, forbidden) => {
    expect(passes.filter((path) => forbidden.test(withoutComments(read(path))))).toEqual([]);
  });

  test("and only the command line ends the process", () => {
    const wrong = scripts.filter((path) => !path.startsWith("compiler/cli/") && !isTest(path) && read(path).includes("process.exit"));
    expect(wrong).toEqual([]);
  });
});

describe("every file", () => {
  test("has at most 400 lines, or a reason", () => {
    const tooLong = code.filter((path) => lineCount(path) > 400);
    expect(tooLong.filter((path) => long[path] === undefined)).toEqual([]);
    expect(Object.keys(long).filter((path) => !tooLong.includes(path)), "reasons without need").toEqual([]);
  });

  test("says first what it is for", () => {
    // What a .cpp is for is said by the header of its name.
    const hasHeader = (path: string): boolean => files.includes(path.replace(/\.c(?:pp)?$/, ".hpp"));
    const silent = code.filter((path) => !/^(?:#!.*\n)?(?:\/\*|\/\/)/.test(read(path)) && !(/\.c(?:pp)?$/.test(path) && hasHeader(path)));
    expect(silent).toEqual([]);
  });

  test("indents with spaces, has none at a line's end, and ends in one line end", () => {
    expect(code.filter((path) => /^\t|[ \t]$|\r/m.test(read(path)))).toEqual([]);
    expect(code.filter((path) => !/[^\n]\n$/.test(read(path)))).toEqual([]);
  });

  test("is finished: nothing is left to do, skipped, or run alone", () => {
    const marks = new RegExp(`\\b(?:${["TO" + "DO", "FIX" + "ME", "X" + "XX"].join("|")})\\b|\\.(?:${["sk" + "ip", "on" + "ly", "to" + "do"].join("|")})\\s*\\(`);
    expect(code.filter((path) => marks.test(read(path)))).toEqual([]);
  });

  test("names no machine it was written on", () => {
    // Assembled, so that this file does not contain what it looks for.
    const places = ["work/main", "work/shared", "tmp/brief", "tmp/bash_jobs", "root", "home/[a-z]+"].map((place) => `/${place}`);
    const machine = new RegExp(`(?<![\\w.*])(?:${places.join("|")})(?:/|\\b)`);
    const wrong = files.filter((path) => isText(path) && !path.endsWith("package-lock.json") && machine.test(read(path)));
    expect(wrong).toEqual([]);
  });

  test("of the lock file comes from the public registry", () => {
    const hosts = new Set([...read("package-lock.json").matchAll(/"resolved": "https?:\/\/([^/"]+)/g)].map(([, host]) => host));
    expect([...hosts].filter((host) => host !== "registry.npmjs.org")).toEqual([]);
  });
});

describe("folders", () => {
  test("at the top are the agreed ones", () => {
    const found = readdirSync(root).filter((name) => statSync(join(root, name)).isDirectory() && !name.startsWith("."));
    expect(found.filter((name) => !topFolders.includes(name) && !leftByTools.includes(name))).toEqual([]);
  });

  test("have names that say what is in them", () => {
    const vague = /^(?:utils?|helpers?|common|misc|shared|lib|managers?)$/;
    const wrong = files.filter((path) => path.split("/").some((part) => vague.test(part.replace(/\..*$/, ""))));
    expect(wrong).toEqual([]);
  });

  test("and scripts are in kebab-case", () => {
    expect(scripts.filter((path) => !/(?:^|\/)[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z]+)*\.ts$/.test(path))).toEqual([]);
  });
});

describe("every code", () => {
  const codes = Object.keys(catalogue);

  test("has a page, and every page a code", () => {
    const pages = files.flatMap((path) => /^compiler\/diagnostics\/explain\/(\w+)\.md$/.exec(path)?.[1] ?? []);
    expect({ withoutPage: codes.filter((one) => !pages.includes(one)), withoutCode: pages.filter((one) => !codes.includes(one)) })
      .toEqual({ withoutPage: [], withoutCode: [] });
  });

  test("has a case: a golden file, or a test where a file or a C++ compiler is needed", () => {
    // How reports are drawn is tested with codes picked at random.
    const golden = files.filter((path) => isData(path) && isText(path) && !path.startsWith("compiler/diagnostics/"));
    const tests = files.filter((path) => isTest(path) && !path.startsWith("compiler/diagnostics/") && path !== "compiler/tidy.test.ts");
    const shown = golden.map(read).join("\n");
    const tested = tests.map(read).join("\n");
    const without = codes.filter((one) => !shown.includes(one) && !(/^FLX0[68]/.test(one) && tested.includes(one)));
    expect(without).toEqual([]);
  });

  test("is reported by something", () => {
    const sources = scripts.filter((path) => !isTest(path) && !path.includes("/catalogue/")).map(read).join("\n");
    expect(codes.filter((one) => !sources.includes(`"${one}"`))).toEqual([]);
  });
});

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === ".git" || leftByTools.includes(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile()) yield path;
  }
}

const texts = new Map<string, string>();

function read(path: string): string {
  let text = texts.get(path);
  if (text === undefined) texts.set(path, (text = readFileSync(join(root, path), "utf8")));
  return text;
}

function lineCount(path: string): number {
  return read(path).split("\n").length - 1;
}

/** The most exact room a path is in; the top folder, or nothing for a file at the top. */
function roomOf(path: string): string {
  const [top = "", second = ""] = path.split("/");
  return rooms[`${top}/${second}`] === undefined ? top : `${top}/${second}`;
}

function importsOf(path: string): readonly string[] {
  const text = read(path);
  return [...text.matchAll(/^(?:import|export)\b[^;"']*?from\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']|^import\s*["']([^"']+)["']/gm)]
    .map(([, from, dynamic, bare]) => from ?? dynamic ?? bare ?? "");
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}

/** Tests and what only tests use. */
function isTest(path: string): boolean {
  return path.endsWith(".test.ts");
}

/** Input and expected output of tests, and pages that are served: not code of ours. */
function isData(path: string): boolean {
  return /(?:^|\/)(?:testdata|vendor|pages|public|www)\//.test(path);
}

function isText(path: string): boolean {
  return !/\.(?:png|jpe?g|gif|ico|gz|woff2?|wasm|pdf)$/.test(path);
}
