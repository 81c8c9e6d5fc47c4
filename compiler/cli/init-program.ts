/** What `fluxc init` does: copies a template under the program's name. What is in a template is the template's business. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { closest } from "../text/closest.ts";
import { writeFiles, WriteError, type FileToWrite } from "../emit/write.ts";
import { printData } from "./console.ts";
import { onPath } from "./cxx/find-command.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { UsageError } from "./failure.ts";
import type { InitArguments } from "./init.ts";
import { packageFolder } from "./installed.ts";
import { shellWord } from "./shell-word.ts";
import { adviceOn, reasonOf } from "./system-error.ts";

/** What is tried first once the server runs, a template each. */
const firstWords: Readonly<Record<string, string>> = {
  http: "curl http://127.0.0.1:8080/",
  lines: "printf 'hello\\nquit\\n' | curl -s telnet://127.0.0.1:7000",
};

/** @throws UsageError there is no such template, or the folder holds something a program would mix with */
export function initProgram({ folder, template }: InitArguments): ExitCode {
  const from = templateFolder(template);
  const present = namesIn(folder);
  const inTheWay = present.filter((name) => !harmless.test(name));
  if (inTheWay.length > 0) {
    const shown = `${inTheWay.slice(0, 3).map((name) => `\`${name}\``).join(", ")}${inTheWay.length > 3 ? " and more" : ""}`;
    throw new UsageError(`\`${folder}\` is not empty: it has ${shown}`, "name a new folder: every C and C++ source beside a program becomes part of it");
  }
  const name = programName(basename(resolve(folder)));
  const file = join(folder, `${name}.flux`);
  const run = `${fluxcAsCalled()} run ${shellWord(file)} -r thread`;
  const files = [...filledIn(from, name), { path: ".gitignore", text: readFileSync(join(from, "../gitignore"), "utf8") }];
  // What is there already was made by somebody; it stays as it is.
  const made = files.filter(({ path }) => !present.includes(path));
  try {
    writeFiles(made, folder);
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    throw new UsageError(`cannot write \`${error.path}\`: ${reasonOf(error.reason)}`, adviceOn(error.reason));
  }
  const list = made.map(({ path }) => path).sort().join(", ");
  printData(`made ${folder === "." ? name : folder}: ${list}\n\nRun it:\n\n  ${run}\n\nand in another terminal:\n\n  ${firstWords[template] ?? ""}\n`);
  return exitCode.fine;
}

/** What may stand in a folder without ever being a part of a program. */
const harmless = /^(?:\.git|\.gitignore|\.gitattributes|\.github|\.editorconfig|\.vscode|\.idea|\.DS_Store|(?:README|LICEN[CS]E|COPYING)(?:\.\w+)?)$/i;

function templatesFolder(): string {
  return join(packageFolder(), "compiler/cli/templates");
}

function templateFolder(template: string): string {
  const known = readdirSync(templatesFolder(), { withFileTypes: true }).filter((one) => one.isDirectory()).map(({ name }) => name).sort();
  if (known.includes(template)) return join(templatesFolder(), template);
  const near = closest(template, known);
  throw new UsageError(`there is no template \`${template}\``, near === undefined ? `one of ${known.join(", ")}` : `did you mean \`--template ${near}\`?`);
}

function namesIn(folder: string): readonly string[] {
  try {
    if (!existsSync(folder)) return [];
    if (!statSync(folder).isDirectory()) throw new UsageError(`\`${folder}\` is a file`, "name a folder, which is made if it is not there");
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read \`${folder}\`: ${reasonOf(error)}`);
  }
}

/**
 * A name for files, an executable and a guard, from the name of any folder: letters, digits, `-` and `_`, with a letter
 * first.
 */
export function programName(folder: string): string {
  const plain = folder
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^[-_]+|[-_]+$/g, "")
    .slice(0, 64);
  if (plain === "") return "server";
  return /^[A-Za-z]/.test(plain) ? plain : `server-${plain}`;
}

function filledIn(from: string, name: string): readonly FileToWrite[] {
  const guard = name.toUpperCase().replaceAll("-", "_");
  return readdirSync(from).map((file) => ({
    path: file.replace(/^program(?=\.)/, name),
    text: readFileSync(join(from, file), "utf8")
      .replaceAll("{{name}}", name)
      .replaceAll("{{NAME}}", guard)
      .replaceAll("{{run}}", `fluxc run ${name}.flux -r thread`),
  }));
}

/** How the person who reads this called us, so that the line we show works where they are. */
export function fluxcAsCalled(environment = process.env): string {
  // npx puts its own folder of commands into PATH for us alone.
  if (environment["npm_command"] === "exec") return "npx fluxc";
  return onPath("fluxc", environment) ? "fluxc" : `node ${shellWord(process.argv[1] ?? "fluxc")}`;
}
