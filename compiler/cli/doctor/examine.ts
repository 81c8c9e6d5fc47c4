/** Looks at this machine. What is a fault and what mends it is decided by the files beside this one; the texts of tools here. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCompiler, type Compiler } from "../cxx/compiler.ts";
import { onPath } from "../cxx/find-command.ts";
import { runTool } from "../cxx/processes.ts";
import { cacheFolder, writableCache } from "../cxx/runtime-library.ts";
import { Failure } from "../failure.ts";
import { packageFolder } from "../installed.ts";
import { runtimesFolder } from "../runtimes.ts";
import { debianPackages, installLine, isHere, missingPackages } from "../setup.ts";
import { reasonOf } from "../system-error.ts";
import { fail, ok, warn, type Finding } from "./finding.ts";
import { kernelFindings } from "./kernel.ts";
import { limitFindings } from "./limits.ts";

export async function examine({ dev }: { readonly dev: boolean }): Promise<readonly Finding[]> {
  const compiler = await compilerFindings();
  return [...compiler, ...toolFindings(), ...limitFindings(systemLimits()), ...cacheFindings(), ...(dev ? developmentFindings() : [])];
}

/** The compiler and, since only a program can ask it, the kernel. */
async function compilerFindings(): Promise<readonly Finding[]> {
  const node = Number(process.versions.node.split(".")[0]);
  const own = node >= 20 ? ok("compiler", `Node ${process.versions.node} runs fluxc`) : fail("compiler", `Node ${process.versions.node} is too old for fluxc`, "install Node 20 or newer: https://nodejs.org/");
  let compiler: Compiler;
  try {
    compiler = await findCompiler(undefined);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [own, fail("compiler", error.message, installLine(["g++"]))];
  }
  const version = compiler.identity.split("\n")[1]?.trim() ?? "";
  const folder = mkdtempSync(join(tmpdir(), "fluxc-doctor-"));
  try {
    const executable = join(folder, "probe");
    const source = join(packageFolder(), "compiler/cli/doctor/probe.cpp");
    const compiled = await runTool([...compiler.words, "-std=c++20", "-pthread", "-I", join(runtimesFolder(), "include"), source, "-o", executable]);
    if (compiled.code !== 0) {
      const said = compiled.stderr.split("\n").find((line) => /error|cannot/.test(line)) ?? compiled.stderr.split("\n")[0] ?? "";
      return [own, fail("compiler", `${compiler.words.join(" ")} (${version}) does not compile C++20: ${said.trim()}`, `${installLine(["g++"])}, version 12 or newer; or name another with the variable CXX`)];
    }
    const run = await runTool([executable]);
    const works = ok("compiler", `${compiler.words.join(" ")} compiles C++20 and finds the headers of the runtimes: ${version}`);
    if (run.code !== 0) return [own, works, fail("compiler", `what it compiled does not run: ${run.signal ?? run.error?.message ?? `exit code ${run.code}`}`, `mount ${tmpdir()} without \`noexec\`, or set TMPDIR to another folder`)];
    return [own, works, ...kernelFindings(run.stdout)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function toolFindings(): readonly Finding[] {
  const missing = missingPackages("server").filter(({ name }) => name !== "g++");
  const server = missing.map(({ name, why }) => fail("tools", `${name} is not installed: it ${why}`, installLine([name])));
  const optional = (command: string, use: string, name = command): Finding =>
    onPath(command) ? ok("tools", `${command}: ${use}`) : warn("tools", `${command} is not installed: ${use}`, installLine([name]));
  const generator = onPath("ninja") || !onPath("make") ? optional("ninja", "what CMake writes for", "ninja-build") : ok("tools", "make: what CMake writes for");
  return [
    ...server,
    ...(missing.length === 0 ? [ok("tools", "ar: packs the runtimes")] : []),
    optional("pkg-config", "only where a program says `link`"),
    optional("cmake", "only for what `fluxc emit` wrote"),
    generator,
  ];
}

function systemLimits(): Parameters<typeof limitFindings>[0] {
  const read = (path: string): string | undefined => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
  };
  const found = {
    // Node raises its own limit of open files; what a server will have is what the shell has.
    processLimits: read(`/proc/${process.ppid}/limits`) ?? read("/proc/self/limits"),
    overcommit: read("/proc/sys/vm/overcommit_memory"),
    backlog: read("/proc/sys/net/core/somaxconn"),
    threadsMax: read("/proc/sys/kernel/threads-max"),
    pidMax: read("/proc/sys/kernel/pid_max"),
    mapCount: read("/proc/sys/vm/max_map_count"),
  };
  return Object.fromEntries(Object.entries(found).filter(([, text]) => text !== undefined));
}

function cacheFindings(): readonly Finding[] {
  const folder = cacheFolder();
  // As a build would: the first one makes it.
  writableCache();
  const file = join(folder, `doctor-${process.pid}`);
  try {
    writeFileSync(file, "");
    rmSync(file);
    return [ok("cache", `${folder}: compiled runtimes are kept there`)];
  } catch (error) {
    const isThere = existsSync(folder);
    return [warn("cache", `${folder} cannot be written (${reasonOf(error)}): every program compiles its runtime anew`, isThere ? `sudo chown -R "$USER" '${folder}'` : "set XDG_CACHE_HOME to a folder of yours")];
  }
}

/** The very list that `npm test` installs from. */
function developmentFindings(): readonly Finding[] {
  return debianPackages
    .filter((one) => one.for.includes("tests") || one.for.includes("bench"))
    .map((one) => {
      const { name, why } = one;
      if (isHere(one)) return ok("development", `${name}: ${why}`);
      const level = one.for.includes("tests") ? fail : warn;
      return level("development", `${name} is not installed: it ${why}`, installLine([name]));
    });
}
