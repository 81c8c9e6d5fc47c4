/** For tests: a folder with a program in it, compiled to files, and those by a C++ compiler. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "../../compile.ts";
import { quotedIncludes, type Surroundings } from "../../nodes/cpp/surroundings.ts";
import type { RuntimeManifest } from "../../target/manifest.ts";
import type { EmittedFile } from "../emitted-file.ts";

const runtimes = fileURLToPath(new URL("../../../runtimes/", import.meta.url));

export const strict = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"];

export function manifest(runtime: string): RuntimeManifest {
  return JSON.parse(readFileSync(join(runtimes, runtime, "runtime.json"), "utf8")) as RuntimeManifest;
}

/** @throws Error the program has an error */
export function generate(folder: string, runtime: string, program = "input.flux"): readonly EmittedFile[] {
  const source = { path: program, text: readFileSync(join(folder, program), "utf8") };
  const { value, diagnostics } = compile(source, manifest(runtime), surroundings(folder));
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors.map(({ code, title }) => `${code}: ${title}`).join("\n"));
  return value;
}

function surroundings(folder: string): Surroundings {
  const beside = readdirSync(folder);
  const nodeSources = beside
    .filter((name) => /\.(?:c|cpp)$/.test(name))
    .map((path) => ({
      path,
      missingHeaders: quotedIncludes(readFileSync(join(folder, path), "utf8")).filter(
        (header) => !existsSync(join(folder, header)) && !existsSync(join(runtimes, "include", header)),
      ),
    }));
  return { beside, nodeSources };
}

/** What a compiler says of the generated unit and the node sources, with our own warnings on. Empty if nothing. */
export function syntaxErrors(compiler: string, folder: string, runtime: string, flags: readonly string[], program = "input.flux", which: "all" | "generated only" = "all"): string {
  const work = mkdtempSync(join(tmpdir(), "flux-emit-"));
  try {
    for (const { path, text } of generate(folder, runtime, program)) {
      mkdirSync(dirname(join(work, path)), { recursive: true });
      writeFileSync(join(work, path), text);
    }
    const unit = readdirSync(work).filter((name) => name.endsWith(".cpp"));
    const sources = readdirSync(folder).filter((name) => /\.(?:c|cpp)$/.test(name));
    // The program's own headers may warn as they like.
    const include = ["-isystem", folder, "-I", work, "-I", runtimes, "-I", join(runtimes, "include")];
    const run = (path: string): string => {
      const language = path.endsWith(".c") ? ["-x", "c", "-std=gnu17"] : ["-std=c++20"];
      const output = flags.includes("-fsyntax-only") ? [] : ["-o", "/dev/null"];
      return spawnSync(compiler, [...language, ...strict, ...flags, ...include, "-c", path, ...output], { encoding: "utf8" }).stderr;
    };
    const compiled = [...unit.map((name) => join(work, name)), ...(which === "all" ? sources.map((name) => join(folder, name)) : [])];
    return compiled.map(run).join("");
  } finally {
    rmSync(work, { recursive: true });
  }
}
