/** Where the parts of the installed package stand: the runtimes and the pages of `fluxc explain`. Runs bundled, from `dist/`. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json: above `dist/` in the bundle, above `compiler/cli/` in tests. */
export function packageFolder(): string {
  found ??= above(dirname(fileURLToPath(import.meta.url)));
  return found;
}

export function version(): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8")) as { readonly version: string };
  return version;
}

let found: string | undefined;

function above(folder: string): string {
  if (existsSync(join(folder, "package.json")) && existsSync(join(folder, "runtimes"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("the installed package is incomplete: no folder with package.json and runtimes/ above this file");
  return above(parent);
}
