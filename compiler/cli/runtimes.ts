/** Finds the runtimes: a runtime is a folder of `runtimes/` with a `runtime.json`. Nothing here names one. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import type { RuntimeManifest } from "../target/manifest.ts";
import { closest } from "../text/closest.ts";
import { failureAt, nowhere, UsageError } from "./failure.ts";
import { packageFolder } from "./installed.ts";

export interface Runtime {
  readonly manifest: RuntimeManifest;
  /** Absolute: `…/runtimes/thread`. */
  readonly folder: string;
}

export function runtimesFolder(): string {
  return join(packageFolder(), "runtimes");
}

/** In the order of their names. @throws Failure a manifest is no manifest */
export function findRuntimes(root = runtimesFolder()): readonly Runtime[] {
  return readdirSync(root)
    .sort()
    .map((name) => join(root, name))
    .filter((folder) => existsSync(join(folder, "runtime.json")))
    .map((folder) => ({ manifest: readManifest(join(folder, "runtime.json")), folder }));
}

/** The runtime asked for. @throws UsageError there is none of that name, or none was named */
export function chooseRuntime(asked: string | undefined, root = runtimesFolder()): Runtime {
  const all = findRuntimes(root);
  const shown = all.filter(({ manifest }) => manifest.internal !== true);
  const names = shown.map(({ manifest }) => manifest.name);
  const list = shown.map(({ manifest: { name, title } }) => `\`${name}\` (${title})`).join(", ");
  const available = list === "" ? "no runtime is installed" : `available: ${list}`;
  if (asked === undefined || asked === "") throw new UsageError("which runtime? Name one with `-r RUNTIME`", available);
  const chosen = all.find(({ manifest }) => manifest.name === asked);
  if (chosen !== undefined) return chosen;
  const meant = closest(asked, names);
  throw new UsageError(`there is no runtime \`${asked}\``, meant === undefined ? available : `did you mean \`${meant}\`? ${available}`);
}

/** A runtime where it makes no difference which: node functions are the same on all. */
export function anyRuntime(): string {
  return findRuntimes().find(({ manifest }) => manifest.internal !== true)?.manifest.name ?? "";
}

const texts = ["name", "title", "header", "worker", "run"] as const;
const blockingNodes: readonly unknown[] = ["own-thread", "worker", "must-not", "user-thread"];

function readManifest(path: string): RuntimeManifest {
  const refuse = (reason: string): never => {
    throw failureAt(path, diagnostic("FLX0810", { at: nowhere }, { runtime: path, reason }));
  };
  let manifest: Readonly<Record<string, unknown>>;
  try {
    manifest = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, unknown>>;
  } catch (error) {
    return refuse((error as Error).message);
  }
  for (const key of texts) if (typeof manifest[key] !== "string") return refuse(`\`${key}\` is not a text`);
  if (!blockingNodes.includes(manifest["blockingNodes"])) return refuse("`blockingNodes` says nothing known");
  return manifest as unknown as RuntimeManifest;
}
