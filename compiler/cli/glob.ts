/** File names by pattern, for shells that did not expand it. `*` and `?` within a name, `**` over folders, `[a-z]`, `{a,b}`. */
import { readdirSync, statSync } from "node:fs";
import { join, normalize } from "node:path";

/** The files that match, in order; a pattern without a wildcard is a file's name. Names that begin with a dot must be asked for. */
export function filesMatching(pattern: string): readonly string[] {
  return [...new Set(alternatives(pattern).flatMap(filesMatchingOne))].sort();
}

function filesMatchingOne(pattern: string): readonly string[] {
  const parts = pattern.split("/").filter((part, index) => part !== "" || index === 0);
  return descend(pattern.startsWith("/") ? "/" : "", pattern.startsWith("/") ? parts.slice(1) : parts).map((path) => normalize(path));
}

function descend(folder: string, [part, ...rest]: readonly string[]): readonly string[] {
  if (part === undefined) return [];
  if (part === "**") {
    const below = namesIn(folder).filter(visible).map((name) => join(folder, name)).filter(isFolder);
    return [...descend(folder, rest), ...below.flatMap((one) => descend(one, ["**", ...rest]))];
  }
  const wanted = wildcard.test(part) ? namesIn(folder).filter((name) => matches(name, part)) : [part];
  const paths = wanted.map((name) => join(folder, name));
  return rest.length === 0 ? paths.filter(isFile) : paths.filter(isFolder).flatMap((path) => descend(path, rest));
}

const wildcard = /[*?[]/;
const visible = (name: string): boolean => !name.startsWith(".");

function matches(name: string, pattern: string): boolean {
  if (!visible(name) && !pattern.startsWith(".")) return false;
  const expression = pattern.replace(/\*+|\?|\[!?[^\]]+\]|[.+^$(){}|\\[\]]/g, (piece) => {
    if (piece.startsWith("*")) return ".*";
    if (piece === "?") return ".";
    if (piece.length > 1) return piece.replace("[!", "[^").replaceAll("\\", "\\\\");
    return `\\${piece}`;
  });
  return new RegExp(`^${expression}$`, "s").test(name);
}

/** `a{b,c}` is `ab` and `ac`. */
function alternatives(pattern: string): readonly string[] {
  const braces = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(pattern);
  if (braces === null) return [pattern];
  const [, before = "", choices = "", after = ""] = braces;
  return choices.split(",").flatMap((choice) => alternatives(before + choice + after));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder === "" ? "." : folder);
  } catch {
    return [];
  }
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
