/** The files that both servers serve, with times that do not change. */
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const lastModified = "Tue, 02 Jan 2024 03:04:05 GMT";
export const hello = "hello from a file\n";
export const letters = "abcdefghijklmnopqrstuvwxyz";
export const secret = "nobody may read this";
/** What every kept connection is tried with. */
export const probe = { path: "/probe.txt", body: "the connection is still good\n" } as const;

const files: Readonly<Record<string, string>> = {
  "index.html": "<p>home\n",
  "hello.txt": hello,
  "letters.txt": letters,
  "probe.txt": probe.body,
  "empty.txt": "",
  "with space.txt": "space\n",
  "percent%41.txt": "percent\n",
  "plus+sign.txt": "plus\n",
  "\u00fc.txt": "umlaut\n",
  "back\\slash.txt": "backslash\n",
  "semi;colon.txt": "semicolon\n",
  "large.bin": "0123456789abcdef".repeat(20_000),
  "folder/index.html": "<p>folder\n",
  "folder/inside.txt": "inside\n",
  "folder/inner/nothing.txt": "nothing\n",
};

/** Makes the folder anew. @returns its path; `secret.txt` stands beside it. */
export function makeSite(): string {
  const outside = mkdtempSync(join(tmpdir(), "flux-corpus-"));
  const site = join(outside, "site");
  const when = new Date(lastModified);
  for (const [name, text] of Object.entries(files)) {
    const path = join(site, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    utimesSync(path, when, when);
  }
  writeFileSync(join(outside, "secret.txt"), secret);
  symlinkSync("../secret.txt", join(site, "link-out.txt"));
  symlinkSync("..", join(site, "folder-out"));
  symlinkSync("hello.txt", join(site, "link-in.txt"));
  // Nginx serves as a user who is nobody.
  chmodSync(outside, 0o755);
  return site;
}
