/**
 * Everything that is generated for the goldens, the conformance programs and the examples compiles without a warning: with
 * both compilers, optimised, not optimised and with sanitizers. And what the CMake file says is true.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { generate, syntaxErrors } from "./testing/generate.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const places = ["compiler/emit/testdata", "runtimes/conformance/programs", "examples"];
const programs = places.flatMap((place) =>
  readdirSync(join(root, place))
    .map((name) => join(place, name))
    .filter((folder) => statSync(join(root, folder)).isDirectory())
    .flatMap((folder) => readdirSync(join(root, folder)).filter((name) => name.endsWith(".flux")).map((name) => ({ folder, name }))),
);
const flags = [["-O2"], ["-O0"], ["-O1", "-fsanitize=address,undefined"], ["-O1", "-fsanitize=thread"]];

test("there are programs", () => {
  expect(programs.length).toBeGreaterThan(20);
});

describe.each(["g++", "clang++"])("%s", (compiler) => {
  describe.each(flags.map((each) => each.join(" ")))("%s", (written) => {
    test.each(programs)("$folder", ({ folder, name }) => {
      const said = syntaxErrors(compiler, join(root, folder), "conformance", written.split(" "), name, "generated only");
      expect(said).toBe("");
    });
  });
});

test("the CMake file builds the server and says how to compile it", () => {
  const work = mkdtempSync(join(tmpdir(), "flux-cmake-"));
  try {
    const folder = join(root, "examples/hello");
    for (const { path, text } of generate(folder, "thread", "hello.flux")) {
      mkdirSync(dirname(join(work, path)), { recursive: true });
      writeFileSync(join(work, path), text);
    }
    const build = join(work, "build");
    execFileSync("cmake", ["-S", work, "-B", build, `-DFLUX_RUNTIMES=${join(root, "runtimes")}`, `-DFLUX_NODES=${folder}`], { stdio: "pipe" });
    execFileSync("cmake", ["--build", build, "--parallel", "2"], { stdio: "pipe" });
    expect(execFileSync(join(build, "hello"), ["--flux-help"], { encoding: "utf8" })).toContain("--flux-");
    expect(existsSync(join(build, "compile_commands.json"))).toBe(true);
  } finally {
    rmSync(work, { recursive: true });
  }
});
