/**
 * What keeps the house in order and no type checker sees: who may import whom, how long a file is, that every code has
 * its page and its case. Each rule stands here once, as data; a failure names the file.
 */
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { catalogue } from "./diagnostics/catalogue/index.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The passes in the order data flows: each may import itself and what stands before it. */
const passes = [
  "grammar",
  "compiler/text",
  "compiler/diagnostics",
  "compiler/check",
  "compiler/locks",
  "compiler/flow",
  "compiler/graph",
  "compiler/target",
  "compiler/stacks",
  "compiler/nodes",
  "compiler/emit",
];

/** What each room may import beside itself; a folder means all that is in it. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(passes.map((room, index) => [room, passes.slice(0, index)])),
  "compiler/text": [],
  "compiler/emit": [...passes, "simulator"],
  "compiler/format": ["grammar", "compiler/diagnostics"],
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
  prettier: ["compiler/format"],
};

/** Where files, processes and the clock may be touched; a pass is a function of its arguments. */
const outside = ["compiler/cli", "compiler/bench", "compiler/emit/write.ts", "runtimes", "examples"];

/** Longer than 400 lines, and why. */
const long: Readonly<Record<string, string>> = {
  "grammar/declarations.ts": "one rule a declaration, in the order of the reference: a grammar is read in one place",
};

/** What may stand at the top, beside files and what tools leave there. */
const topFolders = ["grammar", "compiler", "runtimes", "examples", "simulator", "docs"];
const leftByTools = ["node_modules", "dist", "build", "coverage"];

const files = [...walk(root)].map((path) => relative(root, path)).toSorted();
const code = files.filter((path) => /\.(?:ts|cpp|hpp|c|h)$/.test(path) && !isData(path));
const scripts = code.filter((path) => path.endsWith(".ts"));
const shipped = scripts.filter((path) => !isTest(path));

describe("imports", () => {
  const imports = shipped.flatMap((path) => importsOf(path).map((to) => ({ path, to, says: `${path} imports ${to}` })));

  test("are found", () => {
    expect(imports.length).toBeGreaterThan(50);
    expect(imports.map(({ says }) => says)).toContain("compiler/diagnostics/diagnostic.ts imports ./catalogue/index.ts");
  });

  test("go one way", () => {
    const wrong = imports.filter(({ path, to }) => {
      if (!to.startsWith(".")) return false;
      const target = normalize(join(dirname(path), to));
      const allowed = rooms[roomOf(path)] ?? [];
      return roomOf(path) !== roomOf(target) && !allowed.some((room) => target.startsWith(`${room}/`));
    });
    expect(wrong.map(({ says }) => says)).toEqual([]);
  });

  test("from a test are of no use to what is shipped", () => {
    const wrong = imports.filter(({ to }) => isTest(to) || to.startsWith("vitest") || to === "fast-check");
    expect(wrong.map(({ path }) => path)).toEqual(["vitest.config.ts"]);
  });

  test("of packages stay where they belong", () => {
    const wrong = imports.filter(({ path, to }) => {
      const owners = packages[to.split("/")[0] ?? ""];
      return owners !== undefined && !owners.includes(roomOf(path));
    });
    expect(wrong.map(({ says }) => says)).toEqual([]);
  });

  test("of one runtime never reach another", () => {
    const runtimes = files.flatMap((path) => /^runtimes\/(\w+)\/runtime\.json$/.exec(path)?.[1] ?? []);
    const includes = (path: string, room: string): boolean =>
      new RegExp(`#\\s*include\\s*["<](?:.*/)?${room}/`).test(read(path));
    for (const own of runtimes) {
      const others = runtimes.filter((other) => other !== own);
      const sources = code.filter((path) => path.startsWith(`runtimes/${own}/`));
      expect(sources.filter((path) => others.some((other) => includes(path, other)))).toEqual([]);
    }
  });
});

describe("a pass is a function", () => {
  const inside = shipped.filter((path) => path.includes("/") && !outside.some((place) => path.startsWith(place)));

  test.each([
    ["reads and starts nothing", /from "node:(?!util"|path"|path\/posix")/],
    ["does not know the clock or chance", /\b(?:Date\.now|new Date\b|performance\.now|Math\.random)\b/],
    ["does not know the process", /\bprocess\.\w|\bconsole\.\w/],
  ])("that %s", (_, forbidden) => {
    expect(inside.filter((path) => forbidden.test(withoutComments(read(path))))).toEqual([]);
  });

  test("and only the command line ends the process", () => {
    const enders = shipped.filter((path) => withoutComments(read(path)).includes("process.exit("));
    expect(enders.filter((path) => !path.startsWith("compiler/cli/"))).toEqual([]);
  });
});

describe("every file", () => {
  test("has at most 400 lines, or a reason", () => {
    const tooLong = code.filter((path) => lineCount(path) > 400);
    expect(tooLong.filter((path) => long[path] === undefined)).toEqual([]);
    expect(Object.keys(long).filter((path) => !tooLong.includes(path)), "reasons without need").toEqual([]);
  });

  test("says first what it is for", () => {
    const silent = code.filter((path) => !/^(?:#!.*\n)?(?:\/\*|\/\/)/.test(read(path)));
    // What a .cpp is for is said by the header of its name.
    const hasHeader = (path: string): boolean => files.includes(path.replace(/\.c(?:pp)?$/, ".hpp"));
    expect(silent.filter((path) => !(/\.c(?:pp)?$/.test(path) && hasHeader(path)))).toEqual([]);
  });

  test("indents with spaces, has none at a line's end, and ends in one line end", () => {
    expect(code.filter((path) => /^\t|[ \t]$|\r/m.test(read(path)))).toEqual([]);
    expect(code.filter((path) => !/[^\n]\n$/.test(read(path)))).toEqual([]);
  });

  // What is looked for is assembled, so that this file does not contain it.
  test("is finished: nothing is left to do, skipped, or run alone", () => {
    const words = ["TO" + "DO", "FIX" + "ME", "X" + "XX"].join("|");
    const switches = ["sk" + "ip", "on" + "ly", "to" + "do"].join("|");
    const unfinished = new RegExp(`\\b(?:${words})\\b|\\.(?:${switches})\\s*\\(`);
    expect(code.filter((path) => unfinished.test(read(path)))).toEqual([]);
  });

  test("names no machine it was written on", () => {
    const places = ["work/(?:main|shared)", "tmp/(?:brief|bash_jobs)", "root", "home/[a-z]+", "Users/[a-z]+"];
    const machine = new RegExp(`(?<![\\w.*])/(?:${places.join("|")})\\b`);
    expect(files.filter((path) => isText(path) && machine.test(read(path)))).toEqual([]);
  });

  test("of a package comes from the public registry", () => {
    const hosts = [...read("package-lock.json").matchAll(/"resolved": "https?:\/\/([^/"]+)/g)].map(([, host]) => host);
    expect(hosts.filter((host) => host !== "registry.npmjs.org")).toEqual([]);
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

test("a page links to what is there", () => {
  const pages = files.filter((path) => path.endsWith(".md") && !isData(path));
  const dead = pages.flatMap((page) =>
    [...withoutFences(read(page)).matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)]
      .map(([, to = ""]) => to)
      .filter((to) => !existsSync(join(root, dirname(page), to)))
      .map((to) => `${page} links to ${to}`),
  );
  expect(dead).toEqual([]);
});

describe("every code", () => {
  const codes = Object.keys(catalogue);
  // How reports are drawn is tested with any code.
  const elsewhere = files.filter((path) => !path.startsWith("compiler/diagnostics/") && path !== "compiler/tidy.test.ts");
  const allText = (paths: readonly string[]): string => paths.map(read).join("\n");

  test("has a page, and every page a code", () => {
    const pages = files.flatMap((path) => /^compiler\/diagnostics\/explain\/(.+)\.md$/.exec(path)?.[1] ?? []);
    expect(codes.filter((one) => !pages.includes(one))).toEqual([]);
    expect(pages.filter((one) => !codes.includes(one))).toEqual([]);
  });

  test("has a case: a golden file, or a test where a file or a C++ compiler is needed", () => {
    const golden = allText(elsewhere.filter((path) => isData(path) && isText(path)));
    const tested = allText(elsewhere.filter(isTest));
    const hasCase = (one: string): boolean => golden.includes(one) || (/^FLX0[68]/.test(one) && tested.includes(one));
    expect(codes.filter((one) => !hasCase(one))).toEqual([]);
  });

  test("is reported by something", () => {
    const reporters = allText(shipped.filter((path) => !path.includes("/catalogue/")));
    expect(codes.filter((one) => !reporters.includes(`"${one}"`))).toEqual([]);
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
  const fromClause = /^(?:import|export)\b[^;"']*?from\s*["']([^"']+)["']/gm;
  const wholeModule = /\bimport\s*\(?\s*["']([^"']+)["']/g;
  return [fromClause, wholeModule].flatMap((form) => [...read(path).matchAll(form)].map(([, to = ""]) => to));
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}

function withoutFences(page: string): string {
  return page.replaceAll(/^(`{3,})[^`]*?^\1$/gms, "");
}

/** Tests and what only tests use. */
function isTest(path: string): boolean {
  return path.endsWith(".test.ts") || path.includes("/testing/");
}

/** Input and expected output of tests, and pages that are served: not code of ours. */
function isData(path: string): boolean {
  return /(?:^|\/)(?:testdata|programs|vendor|pages|public|www)\//.test(path);
}

function isText(path: string): boolean {
  return !/\.(?:png|jpe?g|gif|ico|gz|woff2?|wasm|pdf)$/.test(path);
}
