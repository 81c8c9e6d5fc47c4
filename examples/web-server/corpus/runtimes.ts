/** The runtimes that a program can be built for. Nothing here names one. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../../../runtimes");

export const runtimes: readonly string[] = readdirSync(folder).filter((name) => {
  const manifest = join(folder, name, "runtime.json");
  return existsSync(manifest) && !/"internal": true/.test(readFileSync(manifest, "utf8"));
});
