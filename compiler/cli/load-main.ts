/**
 * Loads `dist/main.cjs`, the whole program in one file, together with what V8 made of it when it was bundled: start-up is
 * then hardly more than that of Node. Knows nothing of what the program does.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Script } from "node:vm";

interface Main {
  readonly main: (words: readonly string[]) => Promise<number>;
  readonly run: (words: readonly string[]) => void;
}

type Wrapper = (require: NodeJS.Require, module: { exports: unknown }, bundleUrl: string) => void;

/** @param folder of the bundle's entry points; this code itself may stand in a chunk elsewhere */
export function mainFiles(folder: string): { readonly bundle: string; readonly cache: string } {
  return { bundle: join(folder, "main.cjs"), cache: join(folder, "main.cache") };
}

/** @param folder of the bundle's entry points */
export function loadMain(folder: string): Main & { readonly script: Script } {
  const { bundle, cache } = mainFiles(folder);
  const { code, cachedData } = readCache(cache) ?? { code: readFileSync(bundle, "latin1"), cachedData: undefined };
  const script = new Script(code, { filename: bundle, ...(cachedData === undefined ? {} : { cachedData }) });
  const module = { exports: {} };
  (script.runInThisContext() as Wrapper)(createRequire(bundle), module, pathToFileURL(bundle).href);
  return { ...(module.exports as Main), script };
}

/**
 * The code stands in the cache too, so that what V8 made can never be taken for that of another code: V8 compares no more
 * than lengths. Another version of Node passes over its half and compiles.
 */
function readCache(cache: string): { readonly code: string; readonly cachedData: Buffer } | undefined {
  let content: Buffer;
  try {
    content = readFileSync(cache);
  } catch {
    return undefined;
  }
  const end = lengthBytes + content.readUInt32LE(0);
  return { code: content.toString("latin1", lengthBytes, end), cachedData: content.subarray(end) };
}

const lengthBytes = 4;

/** What `readCache` reads. */
export function cacheContent(code: string, cachedData: Buffer): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(code.length);
  return Buffer.concat([length, Buffer.from(code, "latin1"), cachedData]);
}
