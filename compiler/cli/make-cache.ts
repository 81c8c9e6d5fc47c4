/** Last step of `npm run bundle`: runs the program once, so that V8 has compiled what a check needs, and keeps what it made. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateProgram } from "../bench/generate-program.ts";
import { replaceFile } from "../emit/write.ts";
import { cacheContent, loadMain, mainFiles } from "./load-main.ts";

const dist = dirname(fileURLToPath(import.meta.url));
const { bundle, cache } = mainFiles(dist);
const folder = mkdtempSync(join(tmpdir(), "fluxc-cache-"));
// The rest of the package is ECMAScript modules; what ends in .js here is not.
writeFileSync(join(dist, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
try {
  // What an earlier bundle left belongs to other code.
  rmSync(cache, { force: true });
  writeFileSync(bundle, inAscii(readFileSync(bundle, "utf8")));
  const { main, script } = loadMain(dist);
  const file = join(folder, "sample.flux");
  writeFileSync(file, generateProgram(300));
  const code = await main(["check", file]);
  if (code !== 0) throw new Error(`the sample program is wrong: exit code ${code}`);
  replaceFile(cache, cacheContent(readFileSync(bundle, "latin1"), script.createCachedData()));
} finally {
  rmSync(folder, { recursive: true });
}

/** One byte a character, as loadMain reads it: esbuild leaves the text of tagged templates as it is written. */
function inAscii(code: string): string {
  return code.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
