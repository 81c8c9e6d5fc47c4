/**
 * What fluxc, its demo and its tests need of the machine beyond Node: which Debian package has it and who needs it. Says
 * nothing of npm packages: `npm ci` brings those.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { onPath } from "./cxx/find-command.ts";

/** `server`: to build any server. `demo`: for `npm run demo`. `tests`: for `npm test` and `npm run test:slow`. `bench`: to measure beside others. */
export type Need = "server" | "demo" | "tests" | "bench";

export interface DebianPackage {
  readonly name: string;
  /** It is there if this command is, or this file. */
  readonly has: { readonly command: string } | { readonly file: string };
  readonly for: readonly Need[];
  /** What needs it, for a person who wonders. */
  readonly why: string;
}

export const debianPackages: readonly DebianPackage[] = [
  { name: "g++", has: { command: "g++" }, for: ["server", "demo", "tests"], why: "compiles servers" },
  { name: "binutils", has: { command: "ar" }, for: ["server", "demo", "tests"], why: "packs and links the runtime" },
  { name: "pkg-config", has: { command: "pkg-config" }, for: ["tests"], why: "finds the libraries that `link` names" },
  { name: "libjpeg62-turbo-dev", has: { file: "/usr/include/jpeglib.h" }, for: ["tests"], why: "compresses the images of the image server" },
  { name: "libjpeg-turbo-progs", has: { command: "djpeg" }, for: ["tests"], why: "reads those images again" },
  { name: "jpeginfo", has: { command: "jpeginfo" }, for: ["tests"], why: "says whether they are whole" },
  { name: "clang", has: { command: "clang++" }, for: ["tests"], why: "the second compiler that all generated code must pass" },
  { name: "cmake", has: { command: "cmake" }, for: ["tests"], why: "builds the runtimes' own tests, and what `fluxc emit` wrote" },
  { name: "make", has: { command: "make" }, for: ["tests"], why: "runs what CMake wrote" },
  { name: "curl", has: { command: "curl" }, for: ["tests"], why: "an HTTP client that is not ours" },
  { name: "gdb", has: { command: "gdb" }, for: ["tests"], why: "shows that generated code can be debugged" },
  { name: "spin", has: { command: "spin" }, for: ["tests"], why: "searches the models of lock plans" },
  { name: "strace", has: { command: "strace" }, for: ["tests", "bench"], why: "shows which system calls a server makes" },
  { name: "nginx-light", has: { command: "nginx" }, for: ["tests", "bench"], why: "is asked what the web server is asked" },
  { name: "php8.2-fpm", has: { file: "/usr/sbin/php-fpm8.2" }, for: ["tests"], why: "makes the pages of the web server that are programs" },
  { name: "wrk", has: { command: "wrk" }, for: ["tests", "bench"], why: "puts a server under load" },
  { name: "apache2-utils", has: { command: "ab" }, for: ["tests", "bench"], why: "puts a server under load in another way" },
  { name: "prometheus", has: { command: "promtool" }, for: ["tests"], why: "reads the metrics" },
  { name: "valgrind", has: { command: "valgrind" }, for: ["tests", "bench"], why: "counts instructions, and sees in which order locks are acquired" },
  { name: "lighttpd", has: { command: "lighttpd" }, for: ["bench"], why: "is a server to be measured beside" },
  { name: "h2o", has: { command: "h2o" }, for: ["bench"], why: "is a server to be measured beside" },
  { name: "golang-go", has: { command: "go" }, for: ["bench"], why: "compiles a server to be measured beside" },
];

/** Those of them that are not here. */
export function missingPackages(need: Need): readonly DebianPackage[] {
  return debianPackages.filter((one) => one.for.includes(need) && !isHere(one));
}

export function isHere({ has }: DebianPackage): boolean {
  return "command" in has ? onPath(has.command) : existsSync(has.file);
}

/** The command a person types. */
export function installLine(names: readonly string[]): string {
  return `sudo apt-get install ${names.join(" ")}`;
}

/**
 * Makes sure of everything `need` asks for: installs it where that is allowed, else says how and gives up.
 *
 * @param say prints a line of progress
 * @returns whether all is there
 */
export function setUp(need: Need, say: (line: string) => void): boolean {
  const missing = missingPackages(need);
  if (missing.length === 0) return true;
  for (const { name, why } of missing) say(`missing: ${name} (${why})`);
  const names = missing.map(({ name }) => name);
  if (process.getuid?.() !== 0 || !onPath("apt-get")) {
    say(`Please install ${names.length === 1 ? "it" : "them"} and try again:\n\n  ${installLine(names)}\n`);
    return false;
  }
  say(`installing ${names.join(" ")} …`);
  if (!aptGet(["install", "-y", "--no-install-recommends", ...names]) && !(aptGet(["update"]) && aptGet(["install", "-y", "--no-install-recommends", ...names]))) {
    say(`apt-get could not install ${names.join(" ")}.`);
    return false;
  }
  return missingPackages(need).length === 0;
}

/** On a machine that never asked, apt knows no package: the first failure is answered with an update. */
function aptGet(words: readonly string[]): boolean {
  const { status } = spawnSync("apt-get", ["-qq", ...words], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  return status === 0;
}
