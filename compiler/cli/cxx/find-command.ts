/** Whether a command can be run, and where it stands. Runs nothing. */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

export function onPath(name: string, environment = process.env): boolean {
  return pathOf(name, environment) !== undefined;
}

/** The file that a shell would run. */
export function pathOf(name: string, environment = process.env): string | undefined {
  if (name.includes("/")) return isExecutable(name) ? name : undefined;
  const folders = (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
