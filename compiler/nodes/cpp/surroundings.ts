/** What emission must know of the folder a program stands in. Read by whoever may read; here it is data. */

export interface Surroundings {
  /** Names of the files beside the program, in any order: `localStructs.h` is included if it is among them. */
  readonly beside: readonly string[];
  /** The C and C++ files that define the node functions, relative to the program's folder, with `/`. */
  readonly nodeSources: readonly NodeSource[];
}

export interface NodeSource {
  readonly path: string;
  /** What it includes in quotes and cannot find, as written: `image_server.h`. */
  readonly missingHeaders: readonly string[];
}

/** A program of which nothing is known but its text. */
export const alone: Surroundings = { beside: [], nodeSources: [] };

/** Whether the node functions are C: then a published program's header is valid C, and its functions have C linkage. */
export function isAllC({ nodeSources }: Surroundings): boolean {
  return nodeSources.length > 0 && nodeSources.every(({ path }) => path.endsWith(".c"));
}

/** What a node source includes in quotes, in order, each once. Comments do not count. */
export function quotedIncludes(text: string): readonly string[] {
  const bare = text.replaceAll(/\/\*[^]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"/g, (part) => (part.startsWith("/") ? " " : part));
  return [...new Set([...bare.matchAll(/^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"/gm)].map(([, path = ""]) => path))];
}
