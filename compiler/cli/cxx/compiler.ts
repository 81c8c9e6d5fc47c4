/** The C++ compiler of the machine: which one, and the flags that every part of a server is compiled with. */
import { statSync } from "node:fs";
import { diagnostic } from "../../diagnostics/diagnostic.ts";
import { exitCode } from "../exit-code.ts";
import { failureAt, nowhere, UsageError } from "../failure.ts";
import { installLine } from "../setup.ts";
import { onPath, pathOf } from "./find-command.ts";
import { runTool } from "./processes.ts";

export interface Compiler {
  /** How it is called: `["g++"]`, or `["ccache", "g++"]`. */
  readonly words: readonly string[];
  readonly family: "gcc" | "clang";
  /** Changes whenever another compiler, or another version of it, answers to that name. */
  readonly identity: string;
}

/** How a server is compiled; `name` is that of its folder under `build/`. */
export interface Variant {
  readonly name: string;
  readonly flags: readonly string[];
}

const usual = ["g++", "clang++", "c++"] as const;

/** @throws Failure there is none: exit code 3, with the command that installs one */
export async function findCompiler(asked: string | undefined, environment = process.env): Promise<Compiler> {
  const named = asked ?? environment["CXX"];
  if (named !== undefined && named.trim() !== "") return await examined(named.trim().split(/\s+/));
  const first = usual.find((name) => onPath(name, environment));
  return await examined([first ?? usual[0]]);
}

async function examined(words: readonly string[]): Promise<Compiler> {
  const compiler = words.join(" ");
  const { code, stdout, error, stderr } = await runTool([...words, "--version"]);
  if (code !== 0) {
    const fault = error?.code === "ENOENT" ? "is not installed" : `does not run: ${(error?.message ?? stderr.split("\n")[0] ?? "").trim()}`;
    const install = installLine([words.some((word) => word.includes("clang")) ? "clang" : "g++"]);
    const reported = diagnostic("FLX0804", { at: nowhere }, { compiler, fault, install });
    throw failureAt("C++ compiler", reported, exitCode.toolchain);
  }
  const family = /clang/i.test(stdout) ? "clang" : "gcc";
  return { words, family, identity: `${compiler}\n${stdout}\n${fileIdentity(words.at(-1) ?? "")}` };
}

/** A compiler that was replaced under the same version still counts as another. */
function fileIdentity(name: string): string {
  const path = pathOf(name);
  const about = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
  return about === undefined ? "" : `${path} ${about.size} ${about.mtimeMs}`;
}

const sanitizers = ["address", "thread", "undefined"];

/** @throws UsageError `sanitize` names what is none, or two that exclude each other */
export function variantFor({ debug, sanitize }: { readonly debug?: boolean; readonly sanitize?: string }): Variant {
  const chosen = [...new Set((sanitize ?? "").split(",").map((one) => one.trim()).filter((one) => one !== ""))].sort();
  if (sanitize !== undefined && chosen.length === 0) throw new UsageError("`--sanitize` needs a value", `one of ${sanitizers.join(", ")}`);
  for (const one of chosen) {
    if (!sanitizers.includes(one)) throw new UsageError(`there is no sanitizer \`${one}\``, `one of ${sanitizers.join(", ")}`);
  }
  if (chosen.includes("address") && chosen.includes("thread")) {
    throw new UsageError("the sanitizers `address` and `thread` exclude each other", "build twice");
  }
  const speed = debug === true ? ["-O0", "-g", "-DFLUX_CHECK_RANKS"] : ["-O2", "-g1"];
  const checks = chosen.length === 0 ? [] : [`-fsanitize=${chosen.join(",")}`, "-fno-omit-frame-pointer", "-fno-sanitize-recover=all"];
  return { name: [debug === true ? "debug" : "release", ...chosen].join("-"), flags: [...speed, ...checks, "-pthread"] };
}

/** The words of a variable like CXXFLAGS. */
export function flagsFrom(variable: string, environment = process.env): readonly string[] {
  return (environment[variable] ?? "").split(/\s+/).filter((word) => word !== "");
}
