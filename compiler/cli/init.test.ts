/** Tests of `fluxc init`: what it makes builds without a warning and answers what the message says, from any folder; what is there stays. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fluxcAsCalled, programName } from "./init-program.ts";
import { packageFolder } from "./installed.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fluxc-init-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);

function run(words: readonly string[], fluxc = join(packageFolder(), "dist/fluxc.js")) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [fluxc, ...words], { cwd: folder, encoding: "utf8" });
  return { code: status, stdout, stderr };
}

const templates = readdirSync(join(packageFolder(), "compiler/cli/templates"), { withFileTypes: true }).filter((one) => one.isDirectory());

describe("a program", () => {
  test.each(templates.map(({ name }) => name))("from the template %s builds without a warning and answers at once", async (template) => {
    const made = run(["init", "first server", "--template", template]);
    expect(made).toMatchObject({ code: 0, stderr: "" });
    expect(readdirSync(at("first server")).toSorted()).toEqual([".gitignore", "README.md", "first-server.cpp", "first-server.flux", "first-server.h"]);
    const all = readdirSync(at("first server")).map((name) => readFileSync(at(`first server/${name}`), "utf8")).join("");
    expect(all).not.toContain("{{");

    const file = /run '(.*\.flux)'/.exec(made.stdout)?.[1] ?? "";
    expect(run(["build", file, "-r", "thread", "--deny-warnings"])).toEqual({ code: 0, stdout: "", stderr: "" });
    const server = spawn(at("first server/build/first-server"), ["--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [line] = (await once(server.stdout, "data")) as [Buffer];
      const port = /:(\d+)/.exec(line.toString())?.[1] ?? "";
      const asked = made.stdout.trimEnd().split("\n").at(-1)?.trim() ?? "";
      expect(asked).toContain("curl");
      // The very line that the message shows, on the port that was free.
      expect(execFileSync("sh", ["-c", asked.replace(/:(?:8080|7000)/, `:${port}`)], { encoding: "utf8" })).toMatch(/hello|goodbye/);
      if (template === "http") {
        const refused = await fetch(`http://127.0.0.1:${port}/`, { method: "DELETE" });
        expect([refused.status, refused.headers.get("allow"), await refused.text()]).toEqual([405, "GET", "only GET is understood\n"]);
      }
    } finally {
      server.kill("SIGTERM");
    }
    expect(await once(server, "exit")).toEqual([0, null]);
  });

  test("is made by an installation outside the repository, from what package.json ships", () => {
    const installed = at("installed");
    const { files } = JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8")) as { readonly files: readonly string[] };
    mkdirSync(installed);
    for (const name of ["package.json", ...files]) cpSync(join(packageFolder(), name), join(installed, name), { recursive: true, filter: (path) => !path.includes("/build") });
    symlinkSync(join(packageFolder(), "node_modules"), join(installed, "node_modules"));
    const fluxc = join(installed, "dist/fluxc.js");
    expect(run(["init", "hello"], fluxc).code).toBe(0);
    expect(run(["check", "hello/hello.flux"], fluxc)).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

describe("a folder", () => {
  test("that holds something is refused, and left as it is", () => {
    mkdirSync(at("full"));
    writeFileSync(at("full/other.cpp"), "");
    const said = run(["init", "full"]);
    expect(said).toMatchObject({ code: 2, stdout: "" });
    expect(said.stderr).toMatch(/^fluxc: `full` is not empty: it has `other\.cpp`\n {2}help: name a new folder/);
    expect(readdirSync(at("full"))).toEqual(["other.cpp"]);
    writeFileSync(at("file"), "");
    expect(run(["init", "file"])).toMatchObject({ code: 2, stderr: expect.stringMatching(/`file` is a file/) as unknown });
  });

  test("that holds what every repository begins with is filled; nothing is overwritten", () => {
    mkdirSync(at("new/.git"), { recursive: true });
    writeFileSync(at("new/README.md"), "mine\n");
    const said = run(["init", "new"]);
    expect(said).toMatchObject({ code: 0, stderr: "" });
    expect(said.stdout).toMatch(/^made new: \.gitignore, new\.cpp, new\.flux, new\.h\n/);
    expect(readFileSync(at("new/README.md"), "utf8")).toBe("mine\n");
  });

  test("that cannot be made says why", () => {
    expect(run(["init", "/proc/hello"])).toMatchObject({ code: 2, stderr: expect.stringMatching(/^fluxc: cannot write `\/proc\/hello`: /) as unknown });
  });

  test.each([
    ["hello", "hello"],
    ["My Sérver 2!", "My-Server-2"],
    ["2fast", "server-2fast"],
    ["日本", "server"],
    ["-r", "r"],
    ["a".repeat(300), "a".repeat(64)],
  ])("named %s makes a program named %s", (name, expected) => {
    expect(programName(name)).toBe(expected);
  });
});

test("a template that is not there", () => {
  expect(run(["init", "x", "--template", "htp"])).toMatchObject({ code: 2, stderr: expect.stringMatching(/there is no template `htp`\n {2}help: did you mean `--template http`\?/) as unknown });
});

test("the line that is shown is the one that works here", () => {
  const bare = { PATH: folder };
  expect(fluxcAsCalled({ ...bare, npm_command: "exec" })).toBe("npx fluxc");
  expect(fluxcAsCalled(bare)).toMatch(/^node /);
  writeFileSync(at("fluxc"), "#!/bin/sh\n", { mode: 0o755 });
  expect(fluxcAsCalled(bare)).toBe("fluxc");
});
