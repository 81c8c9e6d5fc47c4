/** Looks at the folder a program stands in, for the passes, which may not. Decides nothing. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { quotedIncludes, type Surroundings } from "../nodes/cpp/surroundings.ts";
import { folderOf } from "./node-sources.ts";
import { runtimesFolder } from "./runtimes.ts";

export function readSurroundings(file: string, nodeSources: readonly string[]): Surroundings {
  const folder = folderOf(file);
  const places = [folder, runtimesFolder(), join(runtimesFolder(), "include"), ...systemFolders()];
  return {
    beside: readdirSync(folder),
    nodeSources: nodeSources.map((path) => ({
      path: relative(folder, path).replaceAll("\\", "/"),
      missingHeaders: missingHeaders(path, places),
    })),
  };
}

/** What a source includes in quotes, itself or by way of a header of its own, and is nowhere to be found. */
function missingHeaders(source: string, places: readonly string[]): readonly string[] {
  const missing = new Set<string>();
  const seen = new Set([source]);
  // Grows as headers are found that include others.
  for (const path of seen) {
    for (const name of quotedIncludes(readFileSync(path, "utf8"))) {
      const beside = join(dirname(path), name);
      if (existsSync(beside)) seen.add(beside);
      else if (!places.some((place) => existsSync(join(place, name)))) missing.add(name);
    }
  }
  return [...missing];
}

/** Where a compiler looks last: a header of the system may be named in quotes too. */
function systemFolders(): readonly string[] {
  const roots = ["/usr/local/include", "/usr/include"];
  const perMachine = roots.flatMap((root) => (existsSync(root) ? readdirSync(root) : []).filter((name) => name.endsWith("-linux-gnu")).map((name) => join(root, name)));
  const versions = existsSync("/usr/include/c++") ? readdirSync("/usr/include/c++").map((name) => join("/usr/include/c++", name)) : [];
  return [...roots, ...perMachine, ...versions];
}
