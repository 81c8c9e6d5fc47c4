/** Tests of `--watch` as a person meets it: files saved by real means, servers asked over a socket, signals, nothing left behind. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { packageFolder } from "./installed.ts";
import { inputsOf } from "./watched-inputs.ts";

const fluxc = join(packageFolder(), "dist/fluxc.js");
let folder = "";
const started: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fluxc-watch-"));
  cpSync(join(packageFolder(), "examples/hello"), folder, { recursive: true, filter: (path) => !path.includes("/build") });
});
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGTERM");
    await once(child, "close");
  }
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => join(folder, name);
const put = (name: string, text: string): void => writeFileSync(at(name), text);
const get = (name: string): string => readFileSync(at(name), "utf8");

/** A first build compiles the runtime, perhaps beside other builds. */
const patience = 180_000;

/** As many editors save: another file, renamed. */
function replace(name: string, text: string): void {
  put(`.${name}.new`, text);
  renameSync(at(`.${name}.new`), at(name));
}

function start(words: readonly string[]) {
  const { NO_COLOR, FORCE_COLOR, CXX, ...plain } = process.env;
  const child = spawn(process.execPath, [fluxc, ...words], { cwd: folder, env: plain, stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  let said = "";
  const hear = (chunk: Buffer): void => {
    said += chunk.toString();
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const ended = once(child, "close").then(([code, signal]: unknown[]) => code ?? signal);
  /** Waits for words that have not been heard before, and answers all that was said up to their end. */
  const hears = async (what: RegExp): Promise<string> => {
    const limit = performance.now() + patience;
    for (;;) {
      const found = what.exec(said);
      if (found !== null) {
        const heard = said.slice(0, found.index + found[0].length);
        said = said.slice(heard.length);
        return heard;
      }
      if (performance.now() > limit) throw new Error(`waited for ${what} in vain: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { child, ended, hears };
}

/** Processes whose command line names the folder of this test. */
function left(): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(folder) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
    } catch {
      return false;
    }
  });
}

describe("check --watch", () => {
  test("says what a change brings, however the file is saved, and clears no log", async () => {
    const right = get("hello.flux");
    const watching = start(["check", "hello.flux", "--watch"]);
    expect(await watching.hears(/watching hello\.flux\n/)).toMatch(/^\[\d\d:\d\d:\d\d\] fine; /);

    put("hello.flux", right.replace("Hello = ReadRequest", "Hello = ReedRequest"));
    const wrong = await watching.hears(/not yet; watching hello\.flux\n/);
    expect(wrong).toContain("hello.flux changed; checking hello.flux\n");
    expect(wrong).toContain("did you mean `ReadRequest`?");

    replace("hello.flux", right);
    expect(await watching.hears(/fine; watching/)).toContain("changed");
    // Replaced once more: the watch is on the folder, not on the file that is gone.
    replace("hello.flux", right.replace("source Listen", "sauce Listen"));
    const last = await watching.hears(/not yet; watching/);
    expect(last).toContain("error[FLX01");
    expect(last).not.toContain("\x1b");

    watching.child.kill("SIGINT");
    expect(await watching.ended).toBe("SIGINT");
  });

  test("waits for a file that is gone for a while", async () => {
    const right = get("hello.flux");
    const watching = start(["check", "hello.flux", "--watch"]);
    await watching.hears(/fine; watching/);
    rmSync(at("hello.flux"));
    expect(await watching.hears(/not yet; watching/)).toContain("FLX0801");
    put("hello.flux", right);
    await watching.hears(/fine; watching/);
  });

  test("does nothing where nothing changed", async () => {
    const watching = start(["check", "hello.flux", "--watch"]);
    await watching.hears(/fine; watching/);
    put("unrelated.txt", "x");
    put("hello.flux", get("hello.flux").replace("smallest", "tiniest"));
    expect(await watching.hears(/fine; watching/)).not.toContain("unrelated");
  });

  test("of standard input is refused", () => {
    const { status, stderr } = spawnSync(process.execPath, [fluxc, "check", "-", "--watch"], { input: "", encoding: "utf8" });
    expect(status).toBe(2);
    expect(stderr).toContain("standard input cannot be watched");
  });
});

describe("run --watch", { timeout: 2 * patience }, () => {
  const ask = (port: number): Promise<string> =>
    new Promise((resolve, reject) => {
      let text = "";
      const socket = connect(port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\n\r\n"));
      socket.on("data", (chunk) => (text += chunk.toString()));
      socket.on("close", () => resolve(text));
      socket.on("error", reject);
    });
  const portIn = (said: string): number => Number(/127\.0\.0\.1:(\d+)\//.exec(said)?.[1]);

  test("replaces the server by a newer one that was built, keeps it where none was, and leaves nothing behind", async () => {
    const watching = start(["run", at("hello.flux"), "-r", "thread", "--watch", "--", "--port", "0"]);
    // Either may be said first.
    const begun = await watching.hears(/watching hello\.flux and 2 more\n/);
    const first = portIn(begun.includes("127.0.0.1") ? begun : await watching.hears(/127\.0\.0\.1:\d+\/\n/));
    expect(await ask(first)).toContain("hello, you asked");

    // A mistake: the old server stays.
    const right = get("hello.cpp");
    replace("hello.cpp", right.replace("reply.empty()", "reply.emtpy()"));
    expect(await watching.hears(/not yet; watching/)).toContain("FLX0614");
    expect(await ask(first)).toContain("hello, you asked");

    // A request in flight is answered by the server that took it, before the new one starts.
    const slow = connect(first, "127.0.0.1");
    let answer = "";
    slow.on("data", (chunk) => (answer += chunk.toString()));
    await once(slow, "connect");
    slow.write("GET /slow HTTP/1.1\r\n");
    await new Promise((resolve) => setTimeout(resolve, 100));
    replace("hello.cpp", right.replace("hello, you asked", "good day, you asked"));
    await watching.hears(/hello\.cpp changed/);
    setTimeout(() => slow.write("\r\n"), 2_000);
    const second = portIn(await watching.hears(/127\.0\.0\.1:\d+\/\n/));
    expect(answer).toContain("hello, you asked for GET /slow");
    expect(await ask(second)).toContain("good day, you asked");

    watching.child.kill("SIGINT");
    expect(await watching.ended).toBe(0);
    expect(left()).toEqual([]);
  });

  test("tells of a server that ends by itself, and starts it again after a change", async () => {
    const right = get("hello.cpp");
    const watching = start(["run", at("hello.flux"), "-r", "thread", "--watch", "--", "--nonsense"]);
    await watching.hears(/fluxc: the server ended with 1; a change starts it again\n/);
    put("hello.cpp", right.replace("} else if (argc != 1) {", "} else if (argc == 1) {").replace("int port = 8080;", "int port = 0;"));
    await watching.hears(/127\.0\.0\.1:\d+\/\n/);
    watching.child.kill("SIGTERM");
    expect(await watching.ended).toBe(0);
    expect(left()).toEqual([]);
  });

  test("ends a build and the server with one signal", async () => {
    const watching = start(["run", at("hello.flux"), "-r", "thread", "--watch", "--", "--port", "0"]);
    await watching.hears(/watching/);
    put("hello.cpp", `${get("hello.cpp")}\n#include <regex>\n#include <map>\nstatic std::map<int, std::regex> many;\nvoid* used() { return &many; }\n`);
    await watching.hears(/changed; building/);
    watching.child.kill("SIGINT");
    expect(await watching.ended).toBe(0);
    expect(left()).toEqual([]);
    expect(readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.includes(".part"))).toEqual([]);
  });
});

test("what is watched: the program, its sources, and headers wherever they are included from", () => {
  mkdirSync(at("deep/er"), { recursive: true });
  put("hello.cpp", `#include "deep/one.h"\n${get("hello.cpp")}`);
  put("deep/one.h", '#include "er/two.h"\n');
  put("deep/er/two.h", "");
  put("notes.txt", "");
  const inputs = inputsOf(at("hello.flux"), undefined);
  expect(inputs.toSorted()).toEqual(["deep/er/two.h", "deep/one.h", "hello.cpp", "hello.flux", "hello.h"].map(at));
  expect(existsSync(at("build"))).toBe(false);
});
