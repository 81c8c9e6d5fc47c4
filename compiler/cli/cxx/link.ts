/** Links objects into an executable, which appears whole or not at all. */
import { copyFileSync, existsSync, readFileSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder, replaceFile, temporaryBeside, WriteError } from "../../emit/write.ts";
import { runTool, withTemporary, type Outcome } from "./processes.ts";

/** Links, unless the executable was made by this very command from these very inputs. @returns the linker's outcome, if it ran */
export async function linkServer(words: readonly string[], inputs: readonly string[], executable: string): Promise<Outcome | undefined> {
  const key = JSON.stringify([words, inputs.map((path) => [path, statSync(path).size, statSync(path).mtimeMs])]);
  const record = `${executable}.json`;
  if (existsSync(executable) && existsSync(record) && readFileSync(record, "utf8") === key) return undefined;
  return await withTemporary(temporaryBeside(executable), async (temporary) => {
    const outcome = await runTool([...words, "-o", temporary]);
    if (outcome.code !== 0) return outcome;
    renameSync(temporary, executable);
    replaceFile(record, key);
    return outcome;
  });
}

/** Puts a finished executable where it is wanted. A copy: who strips one does not strip the other. @throws WriteError */
export async function placeExecutable(from: string, target: string): Promise<void> {
  makeFolder(dirname(target));
  await withTemporary(temporaryBeside(target), async (temporary) => {
    try {
      copyFileSync(from, temporary);
      renameSync(temporary, target);
    } catch (reason) {
      throw new WriteError(target, reason as NodeJS.ErrnoException);
    }
  });
}
