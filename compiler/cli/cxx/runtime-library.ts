/**
 * A runtime compiled once: a static library in the user's cache, one for every content of its sources, compiler and flags.
 * Two builds may make the same one at once; the first to finish is kept.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { makeFolder, temporaryBeside } from "../../emit/write.ts";
import type { Runtime } from "../runtimes.ts";
import type { Compiler } from "./compiler.ts";
import { digestOf, type Compiled, type Unit } from "./objects.ts";
import { runTool, withTemporary, type Outcome } from "./processes.ts";

export interface LibraryPlan {
  /** Where the library is, or will be. */
  readonly folder: string;
  readonly library: string;
  readonly sources: readonly string[];
  /** The whole command but for source and output. */
  readonly words: readonly string[];
  readonly identity: string;
}

/**
 * @param root `runtimes/`
 * @param fallback a folder for it where the cache cannot be written
 */
export function planLibrary(
  { manifest }: Runtime,
  root: string,
  compiler: Compiler,
  flags: readonly string[],
  fallback: string,
): LibraryPlan {
  // Not its whole folder: tests and programs may stand there too.
  const parts = [join(root, "core"), join(root, dirname(manifest.header))].filter((part) => existsSync(part));
  const sources = parts.flatMap((part) => filesIn(part).filter((path) => path.endsWith(".cpp") && !path.endsWith("_test.cpp")));
  const headers = [...parts, join(root, "include")].flatMap(filesIn).filter((path) => /\.(hpp|h|inc)$/.test(path));
  const words = [...compiler.words, "-std=c++20", ...flags, "-I", root, "-I", join(root, "include")];
  const content = [...sources, ...headers].map((path) => [path.slice(root.length), digestOf(readFileSync(path))]);
  const key = digestOf(JSON.stringify([manifest.name, content, compiler.identity, words])).slice(0, 24);
  const place = join(writableCache() ?? fallback, key);
  return { folder: place, library: join(place, `libflux-${manifest.name}.a`), sources, words, identity: compiler.identity };
}

/** Makes the library, unless it is there. @returns what failed, if something did */
export async function makeLibrary(
  plan: LibraryPlan,
  compileAll: (units: readonly Unit[]) => Promise<readonly Compiled[]>,
): Promise<{ readonly compiled: readonly Compiled[]; readonly archived?: Outcome }> {
  if (existsSync(plan.library)) {
    // Says that it is in use, to whoever clears old ones away.
    touch(plan.folder);
    return { compiled: [] };
  }
  return await withTemporary(temporaryBeside(plan.folder), async (folder) => {
    makeFolder(folder);
    const { words, identity } = plan;
    const units = plan.sources.map((source, index) => ({ source, object: join(folder, `${index}-${basename(source)}.o`), words, identity }));
    const compiled = await compileAll(units);
    if (compiled.some(({ worked }) => !worked)) return { compiled };
    const archived = await runTool(["ar", "rcs", join(folder, basename(plan.library)), ...units.map(({ object }) => object)]);
    if (archived.code === 0) publish(folder, plan);
    return { compiled, archived };
  });
}

function publish(folder: string, plan: LibraryPlan): void {
  for (const name of readdirSync(folder)) if (!name.endsWith(".a")) rmSync(join(folder, name));
  try {
    renameSync(folder, plan.folder);
  } catch (error) {
    // Another build was faster, with the same content.
    if (!existsSync(plan.library)) throw error;
  }
  removeUnused(join(plan.folder, ".."));
}

const days = 24 * 60 * 60 * 1000;

/** A cache that only grows is a leak: what no build used for two months goes. */
function removeUnused(cache: string): void {
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name);
    const about = statSync(folder, { throwIfNoEntry: false });
    if (about !== undefined && Date.now() - about.mtimeMs > 60 * days) rmSync(folder, { recursive: true, force: true });
  }
}

function touch(folder: string): void {
  try {
    utimesSync(folder, new Date(), new Date());
  } catch {
    // A cache that is read-only serves as well.
  }
}

/** Where what is compiled once is kept, for all programs of this user. */
export function cacheFolder(environment = process.env): string {
  const home = environment["XDG_CACHE_HOME"];
  return join(home !== undefined && home.startsWith("/") ? home : join(homedir(), ".cache"), "fluxc");
}

/** The same, made; nothing where that is not possible. */
export function writableCache(environment = process.env): string | undefined {
  const cache = cacheFolder(environment);
  try {
    makeFolder(cache);
    return cache;
  } catch {
    return undefined;
  }
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}
