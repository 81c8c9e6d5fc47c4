/**
 * Random programs that are all constraints (`testing/locking-program.ts`), built as a user builds them and run under load on every
 * runtime: all flows end, the watchdog sees none stand still, and what the constraints protect is right to the last increment.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { buildProgram, bundleCommandLine, run, runtimesFound, type Outcome } from "./testing/programs.ts";
import { lockingProgram, type LockingProgram } from "./testing/locking-program.ts";

const runtimes = runtimesFound().map(({ name }) => name);
const programs = Array.from({ length: 50 }, (_, index) => lockingProgram(index + 1));
let fluxc: readonly string[];

beforeAll(async () => {
  fluxc = await bundleCommandLine("locking");
});

const watched: readonly string[] = ["--flux-watchdog=2s"];

async function runs(program: LockingProgram, runtime: string, options: readonly string[], words = watched): Promise<Outcome> {
  const folder = join(import.meta.dirname, "locking/build", `${program.name}-${runtime}${options.join("").replaceAll(/\W/g, "")}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(program.files)) writeFileSync(join(folder, name), text);
  const built = await buildProgram(fluxc, { name: program.name, folder, file: join(folder, `${program.name}.flux`) }, runtime, options);
  const outcome = await run([built, ...(runtime === "test" ? [] : words)], { seconds: 120 });
  rmSync(folder, { recursive: true });
  return outcome;
}

const right: Outcome = { stdout: "1500 flows, 0 wrong\n", stderr: "", exit: 0 };

describe.each(runtimes)("%s", (runtime) => {
  // The test runtime is for schedules, which other programs try; here it shows that virtual time makes no difference.
  test.each(runtime === "test" ? programs.slice(0, 5) : programs)("$name", async (program) => {
    expect(await runs(program, runtime, ["--debug"])).toEqual(right);
  });
});

describe.each([...runtimes].filter((name) => name !== "test"))("%s, with ThreadSanitizer", (runtime) => {
  test.each(programs.slice(0, 4))("$name", async (program) => {
    expect(await runs(program, runtime, ["--debug", "--sanitize", "thread"])).toEqual(right);
  });
});

/** Somebody who looks sees every constraint; with nobody there, one loop leaves out those that nothing parks in, and locks the others without atomics. */
describe("event, with one loop that nobody looks at", () => {
  test.each(programs.slice(0, 25))("$name", async (program) => {
    expect(await runs(program, "event", ["--release"], ["--flux-loops=1", "--flux-offence=0s"])).toEqual(right);
  });

  test("of whose constraints some are left out and some are not", async () => {
    const file = join(import.meta.dirname, "locking/build/elisions.flux");
    const elided: boolean[] = [];
    for (const { name, files } of programs.slice(0, 25)) {
      writeFileSync(file, files[`${name}.flux`] ?? "");
      const { stdout } = await run([...fluxc, "locks", file, "--format=json"], { seconds: 20 });
      elided.push(...(JSON.parse(stdout) as { readonly elisions: readonly { readonly elided: boolean }[] }).elisions.map((each) => each.elided));
    }
    rmSync(file);
    expect(elided.filter((each) => each).length).toBeGreaterThan(10);
    expect(elided.filter((each) => !each).length).toBeGreaterThan(10);
  });
});

/** Plain memory is right by luck where nothing protects it, but not in so many programs. */
test("the same programs without their constraints are wrong", async () => {
  const wrong = await Promise.all(
    programs.slice(0, 6).map(async ({ name, files }) => {
      const bare = Object.entries(files).map(([file, text]) => [file, text.replaceAll(/^(?:atomic|pool) .*\n/gm, "")] as const);
      return (await runs({ name, files: Object.fromEntries(bare) }, "thread", ["--release"])).stdout;
    }),
  );
  expect(wrong.filter((text) => /^1500 flows, [1-9]/.test(text)).length).toBeGreaterThanOrEqual(5);
});
