/** Tests of the command line as a person uses it: the bundled program, its streams and its exit codes. What needs a C++ compiler is in `build.test.ts`. */
import { spawn, spawnSync, type StdioOptions } from "node:child_process";
import { chmodSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageFolder } from "./installed.ts";

const fluxc = join(packageFolder(), "dist/fluxc.js");
let folder = "";

const right = `include "x.h";
source Listen => A;
Listen () => (int s);
A (int s) => ();
`;
const wrong = right.replace("=> A;", "=> Aa;").replaceAll("A (", "Abc (").replace("Aa", "Abd");
const warned = `${right}Unused (int s) => ();\n`;

beforeAll(() => {
  expect(existsSync(fluxc), "dist/fluxc.js is missing: run `npm run bundle`").toBe(true);
  folder = mkdtempSync(join(tmpdir(), "fluxc-cli-"));
  writeFileSync(join(folder, "right.flux"), right);
  writeFileSync(join(folder, "wrong.flux"), wrong);
  writeFileSync(join(folder, "warned.flux"), warned);
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(words: readonly string[], input = "", environment: NodeJS.ProcessEnv = {}): Said {
  const { NO_COLOR, FORCE_COLOR, CXX, ...plain } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [fluxc, ...words], {
    cwd: folder, input, encoding: "utf8", env: { ...plain, ...environment },
  });
  return { code: status, stdout, stderr };
}

test("what the bundle prints is UTF-8", () => {
  const program = "source S => F;\nF (int x) => ();\n";
  expect(run(["check", "-"], program).stderr).toContain("S (…) => (…);");
});

test.skipIf(!existsSync("/dev/full"))("an output that takes nothing is no bug of ours", () => {
  const full = openSync("/dev/full", "w");
  const ends = (words: readonly string[], stdio: StdioOptions): [number | null, string] => {
    const { status, stderr } = spawnSync(process.execPath, [fluxc, ...words], { cwd: folder, encoding: "utf8", stdio });
    return [status, stderr];
  };
  const [code, said] = ends(["explain"], ["ignore", full, "pipe"]);
  expect(code).toBe(2);
  expect(said).toMatch(/^fluxc: cannot write to stdout: no space left/);
  expect(ends(["check", "wrong.flux"], ["ignore", "pipe", full])[0]).toBe(1);
  closeSync(full);
});

describe("exit codes", () => {
  test("0: nothing is wrong, and nothing is said", () => {
    expect(run(["check", "right.flux"])).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("0 with a warning, 1 where warnings are denied", () => {
    const said = run(["check", "warned.flux"]);
    expect(said).toMatchObject({ code: 0, stdout: "" });
    expect(said.stderr).toMatch(/^warning\[FLX04\d\d\]/);
    expect(run(["check", "warned.flux", "--deny-warnings"])).toMatchObject({ code: 1, stderr: said.stderr });
  });

  test("1: what the plan of the locks warns of, in check as in build", () => {
    writeFileSync(join(folder, "keyed.flux"), `${right.replace("A (int s) => ();", "A = B;\nB (int s) => ();")}atomic A: {bucket[s]};\natomic B: {bucket};\n`);
    const said = run(["check", "keyed.flux", "--format", "short", "--deny-warnings"]);
    expect(said.code).toBe(1);
    expect(said.stderr).toContain("warning[FLX0532]");
    expect(run(["emit", "keyed.flux", "-r", "thread", "-o", "out", "--format", "short", "--deny-warnings"])).toEqual(said);
  });

  test("1: the program is wrong", () => {
    const said = run(["check", "wrong.flux"]);
    expect(said).toMatchObject({ code: 1, stdout: "" });
    expect(said.stderr).toContain("error[FLX0201]: no node is named `Abd`\n --> wrong.flux:2:18\n");
    expect(said.stderr).toContain("did you mean `Abc`?");
  });

  test.each([
    ["no command", [], "which command?", "init, check, build, run, emit"],
    ["a command that is not there", ["chekc", "right.flux"], "there is no command `chekc`", "did you mean `fluxc check`?"],
    ["no file", ["check"], "`fluxc check` needs a FILE", "--help"],
    ["two files", ["check", "right.flux", "wrong.flux"], "`wrong.flux` is one too many", "--help"],
    ["an option that is not there", ["check", "right.flux", "--fromat", "json"], "there is no option `--fromat`", "`--format`"],
    ["a choice that is none", ["check", "right.flux", "--format", "jsn"], "`--format jsn` is no choice", "`--format json`"],
    ["an option without its value", ["build", "right.flux", "-r"], "`-r` needs a value", "--help"],
    ["no runtime", ["build", "right.flux"], "which runtime?", "`thread`"],
    ["a runtime that is not there", ["build", "right.flux", "-r", "nope"], "there is no runtime `nope`", "`thread`"],
    ["a runtime that is nearly right", ["build", "right.flux", "-r", "thraed"], "there is no runtime `thraed`", "did you mean `thread`?"],
    ["check with a compiler's name", ["check", "right.flux", "--cxx=clang++"], "`--cxx` takes no value", "CXX"],
    ["no output", ["emit", "right.flux", "-r", "thread"], "`fluxc emit` needs `--output`", "--help"],
    ["release and debug", ["build", "right.flux", "-r", "thread", "--release", "--debug"], "exclude each other", "--help"],
    ["a sanitizer that is none", ["build", "right.flux", "-r", "thread", "--sanitize", "memory"], "no sanitizer `memory`", "address"],
    ["two sanitizers that exclude each other", ["build", "right.flux", "-r", "thread", "--sanitize", "thread,address"], "exclude", "twice"],
    ["a code that is none", ["explain", "hello"], "`hello` is no code", "FLX0201"],
    ["a code that is not there", ["explain", "FLX9999"], "there is no code `FLX9999`", "`fluxc explain`"],
    ["a colour that is none", ["check", "right.flux", "--color=blue"], "`--color=blue` is no choice", "--no-color"],
  ])("2: %s", (_, words, message, hint) => {
    const said = run(words);
    expect(said).toMatchObject({ code: 2, stdout: "" });
    const [first = "", second = "", ...rest] = said.stderr.split("\n");
    expect(first).toMatch(/^fluxc: /);
    expect(first).toContain(message);
    expect(second).toMatch(/^ {2}help: /);
    expect(second).toContain(hint);
    expect(rest).toEqual([""]);
  });

  test("the internal runtime is not offered", () => {
    expect(run(["build", "right.flux", "-r", "nope"]).stderr).not.toContain("`test`");
  });

  test("70: a mistake of ours says that it is one, and what to report", () => {
    // An installation without its runtimes is nothing that a user could have caused.
    const broken = join(folder, "broken");
    mkdirSync(broken);
    for (const name of ["dist", "package.json"]) spawnSync("cp", ["-r", join(packageFolder(), name), broken]);
    const { status, stderr } = spawnSync(process.execPath, [join(broken, "dist/fluxc.js"), "--version"], { encoding: "utf8" });
    expect(status).toBe(70);
    expect(stderr).toMatch(/^fluxc: this is a bug in fluxc, not in your program\.\n\nPlease report it/);
    expect(stderr).toContain("command   fluxc --version");
    expect(stderr).toContain(`node ${process.version}`);
  });
});

describe("what cannot be read", () => {
  test.each([
    ["a file that is not there (FLX0801)", "nope.flux", "error[FLX0801]: cannot read `nope.flux`: no such file or directory"],
    ["a name that is nearly right", "rihgt.flux", "did you mean `right.flux`?"],
    ["a folder (FLX0802)", ".", "error[FLX0802]: `.` is a directory, not a program"],
    ["a file where a folder should be", "right.flux/x", "part of the path is not a directory"],
  ])("%s", (_, path, message) => {
    const said = run(["check", path]);
    expect(said).toMatchObject({ code: 2, stdout: "" });
    expect(said.stderr).toContain(message);
  });

  test("a folder with one program names it", () => {
    mkdirSync(join(folder, "one"), { recursive: true });
    writeFileSync(join(folder, "one/only.flux"), right);
    expect(run(["check", "one"]).stderr).toContain("name the program in it: `one/only.flux`");
  });

  test("a file this user may not read", () => {
    const path = join(folder, "secret.flux");
    writeFileSync(path, right);
    chmodSync(path, 0);
    const said = run(["check", "secret.flux"]);
    // Nothing is secret to root.
    if (process.getuid?.() === 0) expect(said.code).toBe(0);
    else expect(said.stderr).toContain("cannot read `secret.flux`: permission denied");
  });

  test.each([
    ["nothing at all", "", "FLX0123"],
    ["a NUL", "A = B;\0", "FLX0121"],
    ["too much", "x".repeat(17 * 1024 * 1024), "FLX0122"],
  ])("%s is refused", (_, text, code) => {
    writeFileSync(join(folder, "odd.flux"), text);
    const said = run(["check", "odd.flux"]);
    expect(said).toMatchObject({ code: 1, stdout: "" });
    expect(said.stderr).toContain(`error[${code}]`);
  });
});

describe("an option that is given again", () => {
  // A program whose nodes are declared in a header that is there, in a folder of its own.
  const emit = (...words: readonly string[]): Said => {
    mkdirSync(join(folder, "again/src"), { recursive: true });
    writeFileSync(join(folder, "again/right.flux"), right.replace('include "x.h";\n', ""));
    for (const name of ["one", "two", "three"]) writeFileSync(join(folder, `again/src/${name}.cpp`), "");
    return run(["emit", "again/right.flux", "-r", "thread", ...words]);
  };

  test("adds to the list, where it is one", () => {
    expect(emit("-o", "both", "--nodes", "again/src/one.cpp", "--nodes=again/src/t*.cpp")).toMatchObject({ code: 0, stderr: "" });
    const made = readFileSync(join(folder, "both/CMakeLists.txt"), "utf8");
    expect([...made.matchAll(/\/(\w+)\.cpp"$/gm)].map(([, name]) => name)).toEqual(expect.arrayContaining(["one", "two", "three"]) as string[]);
  });

  test("counts as it was given last, where it is none", () => {
    expect(emit("-o", "first", "-r", "pool", "-o", "./last//x", "--output", "last")).toMatchObject({ code: 0, stderr: "" });
    expect([existsSync(join(folder, "first")), existsSync(join(folder, "last/CMakeLists.txt"))]).toEqual([false, true]);
    expect(readFileSync(join(folder, "last/CMakeLists.txt"), "utf8")).toContain("/pool/");
    expect(run(["graph", "right.flux", "-o", "a.svg", "-o", "./b.dot", "--output=c.json"])).toMatchObject({ code: 0, stderr: "" });
    expect([existsSync(join(folder, "a.svg")), existsSync(join(folder, "c.json"))]).toEqual([false, true]);
    expect(run(["check", "right.flux", "--format", "json", "--format", "short"])).toMatchObject({ code: 0, stdout: "" });
  });
});

describe("standard input", () => {
  test("is read where the file is -", () => {
    expect(run(["check", "-"], right)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(run(["check", "--format", "short", "-"], wrong).stderr).toBe(
      "<stdin>:2:18: error[FLX0201]: no node is named `Abd`\n".replace("`Abd`\n", run(["check", "-", "--format", "short"], wrong).stderr.split("named ")[1] ?? ""),
    );
  });
});

describe("formats", () => {
  const check = (format: string, file = "wrong.flux"): Said => run(["check", file, "--format", format]);

  test("json and sarif are documents on stdout, also without a report", () => {
    const json = check("json");
    expect(json).toMatchObject({ code: 1, stderr: "" });
    expect(JSON.parse(json.stdout)).toMatchObject({ file: "wrong.flux", errors: 1, diagnostics: [{ code: "FLX0201" }] });
    expect(JSON.parse(check("json", "right.flux").stdout)).toMatchObject({ errors: 0, diagnostics: [] });
    expect(JSON.parse(check("sarif").stdout)).toMatchObject({ version: "2.1.0", runs: [{ results: [{ ruleId: "FLX0201" }] }] });
    expect(JSON.parse(check("sarif", "right.flux").stdout)).toMatchObject({ runs: [{ results: [] }] });
    expect(JSON.parse(check("json", "nope.flux").stdout)).toMatchObject({ diagnostics: [{ code: "FLX0801" }] });
  });

  test("short and github are lines on stderr", () => {
    expect(check("short").stderr).toMatch(/^wrong\.flux:2:18: error\[FLX0201\]: .*\n$/);
    expect(check("github").stderr).toMatch(/^::error file=wrong\.flux,line=2,.*\n$/);
    expect(check("short").stdout + check("github").stdout).toBe("");
  });

  test("colour is where it is asked for", () => {
    const escape = "\u001b[";
    expect(check("human").stderr).not.toContain(escape);
    expect(run(["check", "wrong.flux", "--color"]).stderr).toContain(escape);
    expect(run(["check", "wrong.flux", "--color=always"]).stderr).toContain(escape);
    expect(run(["check", "wrong.flux"], "", { FORCE_COLOR: "1" }).stderr).toContain(escape);
    expect(run(["check", "wrong.flux", "--no-color"], "", { FORCE_COLOR: "1" }).stderr).not.toContain(escape);
    expect(run(["check", "wrong.flux", "--color=never"], "", { FORCE_COLOR: "1" }).stderr).not.toContain(escape);
    expect(run(["check", "wrong.flux", "--color=auto"], "", { FORCE_COLOR: "1", NO_COLOR: "1" }).stderr).not.toContain(escape);
  });
});

describe("help", () => {
  test("is data, fits 100 columns and has examples", () => {
    for (const command of ["init", "check", "build", "run", "emit", "graph", "locks", "doctor", "explain"]) {
      const said = run([command, "--help"]);
      expect(said).toMatchObject({ code: 0, stderr: "" });
      expect(said.stdout).toContain(`fluxc ${command}`);
      expect(said.stdout).toContain("Examples:");
      expect(Math.max(...said.stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    }
  });

  test("--version is that of the package", () => {
    const { version } = JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8")) as { readonly version: string };
    expect(run(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("explain shows a page, however the code is written", () => {
    const page = run(["explain", "FLX0801"]);
    expect(page).toMatchObject({ code: 0, stderr: "" });
    expect(page.stdout).toMatch(/^FLX0801: a file that cannot be read\n/);
    expect(run(["explain", "flx801"]).stdout).toBe(page.stdout);
    expect(run(["explain", "801"]).stdout).toBe(page.stdout);
    expect(run(["explain"]).stdout).toContain("FLX0801  a file that cannot be read\n");
  });
});

test("a reader that goes away is no error", async () => {
  const child = spawn(process.execPath, [fluxc, "explain"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect(said).toBe("");
  expect(code).toBe(0);
});
