/** Tests of build, run and emit with a real C++ compiler, and with one that does what the case needs. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { digestOf } from "./cxx/objects.ts";
import { cacheFolder } from "./cxx/runtime-library.ts";
import { packageFolder } from "./installed.ts";

const fluxc = join(packageFolder(), "dist/fluxc.js");
let folder = "";

beforeAll(() => {
  expect(existsSync(fluxc), "dist/fluxc.js is missing: run `npm run bundle`").toBe(true);
});
beforeEach(() => {
  if (folder !== "") rmSync(folder, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), "fluxc-build-"));
  cpSync(join(packageFolder(), "examples/hello"), folder, { recursive: true, filter: (path) => !path.includes("/build") });
});
afterAll(() => rmSync(folder, { recursive: true }));

const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const at = (name: string): string => join(folder, name);

/** A tool that is a shell script. */
function tool(name: string, script: string): string {
  put(name, `#!/bin/sh\n${script}\n`);
  chmodSync(at(name), 0o755);
  return at(name);
}

/** A C++ compiler that answers who it is, and does `script` where it is to compile or link. */
function compiler(script: string): string {
  return tool("compiler.sh", `[ "$1" = --version ] && { echo "compiler 1.0"; exit 0; }\n${script}`);
}

function environmentOf(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NO_COLOR, FORCE_COLOR, CXX, ...plain } = process.env;
  return { ...plain, ...more };
}

function run(words: readonly string[], environment: NodeJS.ProcessEnv = {}, input = "") {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [fluxc, ...words], {
    cwd: folder, input, encoding: "utf8", env: environmentOf(environment),
  });
  return { code: status ?? signal, stdout, stderr };
}

function start(words: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [fluxc, ...words], { cwd: folder, env: environmentOf(environment), stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const hear = (chunk: Buffer): void => {
    said += chunk.toString();
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const ended = once(child, "close").then(([code, signal]: unknown[]) => code ?? signal);
  return { child, ended, said: () => said };
}

async function until(condition: () => boolean, what: string, said: () => string = () => ""): Promise<void> {
  const limit = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > limit) throw new Error(`waited for ${what} in vain: ${said()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function get(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path }, (answer) => {
      let text = "";
      answer.on("data", (chunk: Buffer) => (text += chunk.toString()));
      answer.on("end", () => resolve(`${answer.statusCode} ${text}`));
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** Everything under a folder that a build should have renamed or removed. */
function halfWritten(): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.includes(".part"));
}

describe("hello", () => {
  test("is built, and answers", async () => {
    expect(run(["build", "hello.flux", "-r", "thread"])).toEqual({ code: 0, stdout: "", stderr: "" });
    const server: ChildProcess = spawn(at("build/hello"), ["--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(server.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
    const port = Number(/:(\d+)\//.exec(line.toString())?.[1]);
    expect(await get(port, "/there")).toBe("200 hello, you asked for GET /there HTTP/1.1\n");
    server.kill("SIGTERM");
    expect(await once(server, "exit")).toEqual([0, null]);
  });

  test("is run: arguments, one signal and the exit code are passed on", async () => {
    const server = start(["run", "hello.flux", "-r", "thread", "--", "--port", "0"]);
    await until(() => /:(\d+)\//.test(server.said()), "the server", server.said);
    expect(await get(Number(/:(\d+)\//.exec(server.said())?.[1]), "/")).toContain("200 hello");
    server.child.kill("SIGINT");
    expect(await server.ended).toBe(0);
    expect(run(["run", "hello.flux", "-r", "thread", "--", "--nonsense"])).toMatchObject({ code: 1, stderr: expect.stringContaining("usage: hello") as unknown });
  });

  test("is not made again where nothing changed, and again where something did", () => {
    const build = (): number => {
      expect(run(["build", "hello.flux", "-r", "thread"])).toMatchObject({ code: 0, stderr: "" });
      return statSync(at("build/hello.thread/release/hello")).mtimeMs;
    };
    const first = build();
    const generated = statSync(at("build/hello.thread/hello.cpp")).mtimeMs;
    expect(build()).toBe(first);
    put("hello.cpp", readFileSync(at("hello.cpp"), "utf8").replace("hello, you", "hi, you"));
    expect(build()).toBeGreaterThan(first);
    expect(statSync(at("build/hello.thread/hello.cpp")).mtimeMs).toBe(generated);
  });

  test("is built from standard input, to where -o says, making the folders", () => {
    const text = readFileSync(at("hello.flux"), "utf8");
    rmSync(at("hello.flux"));
    expect(run(["build", "-", "-r", "thread", "-o", "new/folder/server"], {}, text)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(statSync(at("new/folder/server")).mode & 0o111).not.toBe(0);
  });

  test("is emitted: what is written is listed", () => {
    const said = run(["emit", "hello.flux", "-r", "thread", "-o", "out"]);
    expect(said).toMatchObject({ code: 0, stderr: "" });
    expect(said.stdout.trim().split("\n").toSorted()).toEqual(readdirSync(at("out")).map((name) => `out/${name}`).toSorted());
    expect(said.stdout).toContain("out/hello.cpp\n");
    expect(existsSync(at("build"))).toBe(false);
  });

  test("passes check --cxx", () => {
    expect(run(["check", "hello.flux", "--cxx"])).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(existsSync(at("build/hello"))).toBe(false);
  });
});

describe("node sources", () => {
  test("one that defines main is left out, with a note", () => {
    put("client.cpp", "#include <nowhere.h>\nint main() {}\n");
    const said = run(["build", "hello.flux", "-r", "thread"]);
    expect(said).toEqual({ code: 0, stdout: "", stderr: "note: `client.cpp` defines `main` and is left out\n" });
  });

  test("a second program in the folder asks for --nodes (FLX0806)", () => {
    put("other.flux", "");
    const said = run(["build", "hello.flux", "-r", "thread"]);
    expect(said).toMatchObject({ code: 2, stdout: "" });
    expect(said.stderr).toContain("error[FLX0806]: several programs stand in `.`");
    expect(run(["build", "hello.flux", "-r", "thread", "--nodes", "hel*.cpp"]).code).toBe(0);
  });

  test("a glob that matches nothing (FLX0807)", () => {
    const said = run(["build", "hello.flux", "-r", "thread", "--nodes", "src/*.cpp"]);
    expect(said).toMatchObject({ code: 2, stdout: "" });
    expect(said.stderr).toContain("error[FLX0807]: no file matches `--nodes src/*.cpp`");
  });

  test("an executable in place of a source (FLX0811)", () => {
    const before = readFileSync(at("hello.cpp"), "utf8");
    const said = run(["build", "hello.flux", "-r", "thread", "-o", "hello.cpp"]);
    expect(said.code).toBe(2);
    expect(said.stderr).toContain("error[FLX0811]: `hello.cpp` would be overwritten by the server");
    expect(readFileSync(at("hello.cpp"), "utf8")).toBe(before);
  });
});

describe("a program that is wrong", () => {
  test("is not built, and exits with 1", () => {
    put("hello.flux", "source Listen => Hello;");
    const said = run(["build", "hello.flux", "-r", "thread"]);
    expect(said).toMatchObject({ code: 1, stdout: "" });
    expect(said.stderr).toContain("error[FLX02");
    expect(existsSync(at("build"))).toBe(false);
  });

  test("for want of a source is a warning in check and an error in build", () => {
    put("hello.flux", 'include "hello.h";\nA (int a) => ();\nB = A;\n');
    expect(run(["check", "hello.flux"]).code).toBe(0);
    const said = run(["build", "hello.flux", "-r", "thread"]);
    expect(said.code).toBe(1);
    expect(said.stderr).toMatch(/^error\[FLX04\d\d\]/m);
  });

  test("with a warning is built, unless warnings are denied", () => {
    put("hello.flux", `${readFileSync(at("hello.flux"), "utf8")}Unused (int a) => ();\n`);
    const said = run(["build", "hello.flux", "-r", "thread"]);
    expect(said.code).toBe(0);
    expect(said.stderr).toMatch(/^warning\[FLX04\d\d\]/);
    expect(run(["build", "hello.flux", "-r", "thread", "--deny-warnings"])).toMatchObject({ code: 1, stderr: said.stderr });
  });
});

describe("a node function that is wrong", () => {
  const change = (name: string, from: string, to: string): void => {
    const text = readFileSync(at(name), "utf8");
    expect(text).toContain(from);
    put(name, text.replace(from, to));
  };
  const build = () => run(["build", "hello.flux", "-r", "thread", "--format", "short"]);

  test("is shown at its line of the program, and exits with 3", () => {
    change("hello.h", "std::string& reply);", "int& reply);");
    const said = build();
    expect(said).toMatchObject({ code: 3, stdout: "" });
    expect(said.stderr).toMatch(/^hello\.flux:\d+:1: error\[FLX0602\]: the function of node `Greet` takes `int &` for the output `reply`/);
    expect(run(["check", "hello.flux", "--cxx"]).stderr).toContain("error[FLX0602]");
  });

  test("is shown at its own line, where that is C++ and no more", () => {
    change("hello.cpp", "reply.empty()", "reply.emtpy()");
    expect(build()).toMatchObject({ code: 3, stderr: expect.stringMatching(/^hello\.cpp:\d+:\d+: error\[FLX0614\]: .*emtpy.*\n$/) as unknown });
  });

  test("is shown at its line of the program where no source defines it", () => {
    change("hello.cpp", "int Listen(", "int Listn(");
    expect(build()).toMatchObject({ code: 3, stderr: expect.stringMatching(/^hello\.flux:\d+:1: error\[FLX0612\]: .*`Listen`.*\n$/) as unknown });
  });
});

describe("the machine", () => {
  const empty = (): string => {
    mkdirSync(at("empty"), { recursive: true });
    return at("empty");
  };

  test("without a C++ compiler says how to get one (FLX0804)", () => {
    const said = run(["build", "hello.flux", "-r", "thread"], { PATH: empty() });
    expect(said).toMatchObject({ code: 3, stdout: "" });
    expect(said.stderr).toContain("error[FLX0804]: the C++ compiler `g++` is not installed");
    expect(said.stderr).toContain("`sudo apt-get install g++`");
    expect(run(["check", "hello.flux", "--cxx"], { PATH: empty() }).code).toBe(3);
    expect(run(["build", "hello.flux", "-r", "thread", "--cxx", "clang++-99"]).stderr).toContain("`sudo apt-get install clang`");
    expect(run(["build", "hello.flux", "-r", "thread"], { CXX: at("no-compiler") }).stderr).toContain(`\`${at("no-compiler")}\` is not installed`);
    expect(run(["emit", "hello.flux", "-r", "thread", "-o", "out"], { PATH: empty() }).code).toBe(0);
  });

  test("without a library names it at its line (FLX0808)", () => {
    put("hello.flux", `link "fluxc-has-no-such-library";\n${readFileSync(at("hello.flux"), "utf8")}`);
    const said = run(["build", "hello.flux", "-r", "thread"]);
    expect(said.code).toBe(3);
    expect(said.stderr).toContain("error[FLX0808]: the library `fluxc-has-no-such-library` is not installed\n --> hello.flux:1:6\n");
  });

  test("without pkg-config names that (FLX0809)", () => {
    put("hello.flux", `link "zlib";\n${readFileSync(at("hello.flux"), "utf8")}`);
    const said = run(["build", "hello.flux", "-r", "thread"], { PATH: empty(), CXX: compiler("exit 0") });
    expect(said.code).toBe(3);
    expect(said.stderr).toContain("error[FLX0809]: `pkg-config` is not installed\n --> hello.flux:1:6\n");
    expect(said.stderr).toContain("`sudo apt-get install pkg-config`");
  });

  test("with a compiler that fails for its own reasons shows what it said (FLX0805)", () => {
    const full = run(["build", "hello.flux", "-r", "thread"], { CXX: compiler('echo "/tmp/x.s: No space left on device" >&2; exit 1') });
    expect(full).toMatchObject({ code: 3, stdout: "" });
    expect(full.stderr).toContain("error[FLX0805]");
    expect(full.stderr).toContain("No space left on device");
    expect(full.stderr).toContain("make room on the disk");
    const killed = run(["build", "hello.flux", "-r", "thread"], { CXX: compiler("kill -9 $$") });
    expect(killed.code).toBe(3);
    expect(killed.stderr).toContain("it was stopped by SIGKILL");
    expect(halfWritten()).toEqual([]);
  });

  test.each([
    ["a file where a folder should be", "hello.cpp/server", "a file of that name is in the way"],
    ["a folder where the file should be", "folder", "is a directory"],
    ["a file system that is not written to", "/proc/server", "no such file or directory"],
  ])("that cannot take the executable says why (FLX0803): %s", (_, target, reason) => {
    mkdirSync(at("folder"));
    const said = run(["build", "hello.flux", "-r", "thread", "-o", target]);
    expect(said).toMatchObject({ code: 2, stdout: "" });
    expect(said.stderr).toMatch(/^error\[FLX0803\]: cannot write /);
    expect(said.stderr).toContain(reason);
    expect(halfWritten()).toEqual([]);
  });

  test("that cannot take files beside the program takes them elsewhere, and -o and run work all the same", () => {
    // Where a folder should be: nobody may write there, not even root.
    put("build", "in the way");
    const cached = join(cacheFolder(), `program-${digestOf(at("build/hello.thread")).slice(0, 24)}`);
    try {
      expect(run(["build", "hello.flux", "-r", "thread", "-o", "out/hello"])).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(statSync(at("out/hello")).mode & 0o111).not.toBe(0);
      expect(existsSync(join(cached, "hello.thread/hello.cpp"))).toBe(true);
      expect(run(["run", "hello.flux", "-r", "thread", "--", "--nonsense"])).toMatchObject({ code: 1, stderr: expect.stringContaining("usage: hello") as unknown });
      // Without -o there is no place for the executable, and the advice is one that works.
      const said = run(["build", "hello.flux", "-r", "thread"]);
      expect(said).toMatchObject({ code: 2, stdout: "" });
      expect(said.stderr).toContain("error[FLX0803]: cannot write `build`: a file of that name is in the way");
      expect(said.stderr).toContain("name another place with `-o`");
    } finally {
      rmSync(cached, { recursive: true, force: true });
    }
    // Not even a cache: beside the executable. What stands there shows it; the compiler need not work.
    expect(run(["build", "hello.flux", "-r", "thread", "-o", "other/hello"], { XDG_CACHE_HOME: "/proc", CXX: compiler("exit 1") }).code).toBe(3);
    expect(existsSync(at("other/build/hello.thread/hello.cpp"))).toBe(true);
    expect(readFileSync(at("build"), "utf8")).toBe("in the way");
  });

  test("with a runtime that is broken names its file (FLX0810)", () => {
    const installed = at("installed");
    for (const name of ["dist", "package.json", "runtimes"]) cpSync(join(packageFolder(), name), join(installed, name), { recursive: true });
    writeFileSync(join(installed, "runtimes/thread/runtime.json"), '{"name": "thread"}');
    const { status, stderr } = spawnSync(process.execPath, [join(installed, "dist/fluxc.js"), "build", "hello.flux", "-r", "thread"], { cwd: folder, encoding: "utf8" });
    expect(status).toBe(2);
    expect(stderr).toContain("error[FLX0810]");
    expect(stderr).toContain("`title` is not a text");
  });
});

describe("a build that is interrupted", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("by %s says so, stops its compilers and leaves nothing half-written", async (signal) => {
    // Writes a part of the object, as a compiler would, and takes its time.
    const slow = compiler(`echo $$ >> ${at("compilers")}\nfor last; do :; done\necho half > "$last"\nexec sleep 60`);
    const build = start(["build", "hello.flux", "-r", "thread"], { CXX: slow });
    await until(() => existsSync(at("compilers")) && halfWritten().length > 0, "the compiler");
    const begun = performance.now();
    build.child.kill(signal);
    expect(await build.ended).toBe(signal);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(build.said()).toBe("\nfluxc: the build was interrupted; nothing half-written is left\n");
    expect(halfWritten()).toEqual([]);
    expect(existsSync(at("build/hello"))).toBe(false);
    const isAlive = (pid: string): boolean => existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
    const compilers = readFileSync(at("compilers"), "utf8").trim().split("\n");
    await until(() => !compilers.some(isAlive), "the compilers to end");
  });
});
