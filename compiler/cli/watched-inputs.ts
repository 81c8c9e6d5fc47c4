/** The files a build depends on, as far as they are the user's: for `--watch`. Misses none that is there, and may name one too many. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { quotedIncludes } from "../nodes/cpp/surroundings.ts";
import { Failure } from "./failure.ts";
import { findNodeSources, folderOf } from "./node-sources.ts";

export function inputsOf(file: string, nodes: readonly string[] | undefined): readonly string[] {
  const folder = folderOf(file);
  const inputs = new Set([file, ...sources(file, nodes), ...namesIn(folder).filter((name) => codeName.test(name)).map((name) => join(folder, name))]);
  // Grows as headers are found that include others, from folders further down.
  for (const path of inputs) {
    const text = textOf(path);
    const own = path === file ? [...text.matchAll(/^[ \t]*include[ \t]*"([^"\n]+)"/gm)].map(([, name = ""]) => name) : [];
    for (const name of [...own, ...quotedIncludes(text)]) {
      for (const place of [dirname(path), folder]) {
        const header = join(place, name);
        if (existsSync(header)) inputs.add(header);
      }
    }
  }
  return [...inputs];
}

const codeName = /\.(?:c|cc|cpp|cxx|c\+\+|C|h|hh|hpp|hxx|inc)$/;

/** While a build is refused, whatever it would be made of. */
function sources(file: string, nodes: readonly string[] | undefined): readonly string[] {
  try {
    return findNodeSources(file, nodes).sources;
  } catch (error) {
    if (error instanceof Failure || (error as NodeJS.ErrnoException).code !== undefined) return [];
    throw error;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** A file that is being replaced has no text for a moment. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
