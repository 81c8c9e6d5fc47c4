/**
 * `npm run bench:servers`: the web server against hand-written limits and real servers, on this machine and now.
 * The order of things only; how each is measured stands in the file of its name, and the method in README.md.
 */
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, release } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { able, contenders, type Build, type Contender } from "./contenders.ts";
import { columns, idleConnections, unit } from "./figures.ts";
import { idleClients, measureIdleMemory, type IdleMemory } from "./idle-memory.ts";
import { countInstructions } from "./instructions.ts";
import { measureColumn, type Series } from "./measure.ts";
import { readOptions, usage, type Options, type Part } from "./options.ts";
import { renderPage } from "./page.ts";
import type { Results, Server } from "./results.ts";
import { guardServers, openWorkshop, closeWorkshop, type Workshop } from "./server-process.ts";
import { countSystemCalls, type SystemCalls } from "./system-calls.ts";
import { printResults } from "./tables.ts";

const project = projectFolder();
const options = readOptions(process.argv.slice(2), availableParallelism());
if (options === "help") {
  console.log(usage);
} else if (typeof options === "string") {
  console.error(`bench:servers: ${options}`);
  process.exitCode = 2;
} else {
  const workshop = openWorkshop(join(project, "examples/bench"));
  const release = guardServers(workshop);
  try {
    await run(options, workshop);
  } finally {
    release();
    closeWorkshop(workshop);
  }
}

async function run(chosen: Options, workshop: Workshop): Promise<void> {
  const missing: string[] = [];
  const lack = (line: string): void => {
    missing.push(line);
    console.error(`  ${line}`);
  };
  if (!toolsAreThere(chosen)) return;
  const servers = await prepare(chosen, workshop, lack);
  if (!servers.some(({ name }) => name === unit)) {
    console.error(`bench:servers: without ${unit} there is nothing to measure in`);
    process.exitCode = 1;
    return;
  }
  const cores = { server: chosen.serverCore, load: chosen.loadCore };

  const series: Series[] = [];
  for (const column of chosen.measure.has("cpu") ? chosen.columns : []) {
    console.error(`${column.title}:`);
    const measured = await measureColumn(column, able(servers, column), workshop, { rounds: chosen.rounds, seconds: chosen.seconds, cores }, (line) =>
      console.error(line),
    );
    for (const { server, problem } of measured) if (problem !== undefined) missing.push(`${server}, ${column.title}: ${problem}`);
    series.push(...measured);
  }

  const [first] = columns;
  if (first === undefined) return;
  // One after the other: each is alone with the machine.
  const described: Server[] = [];
  for (const contender of servers) {
    const attempt = async <Value>(part: Part, what: string, measure: () => Promise<Value>): Promise<Value | undefined> => {
      if (!chosen.measure.has(part)) return undefined;
      console.error(`${contender.name}: ${what}`);
      try {
        return await measure();
      } catch (error) {
        lack(`${contender.name}, ${what}: ${error instanceof Error ? error.message.trim() : String(error)}`);
        return undefined;
      }
    };
    const systemCalls = await attempt("calls", "system calls", () => countSystemCalls(contender, first, workshop, cores, 2));
    const userInstructions = contender.native
      ? await attempt("instructions", "user instructions", () => countInstructions(contender, first, workshop, cores, 2))
      : undefined;
    const idleMemory = await attempt("memory", "idle memory", () => measureIdleMemory(contender, first, idleConnections, workshop, cores));
    described.push(describe(contender, systemCalls, userInstructions, idleMemory));
  }

  const results: Results = {
    date: new Date().toISOString().slice(0, 16).replace("T", " "),
    machine: `${cpus()[0]?.model.trim() ?? "processor unknown"}, ${availableParallelism()} cores, Linux ${release()}`,
    rounds: chosen.rounds,
    seconds: chosen.seconds,
    servers: described,
    series,
    missing,
  };
  for (const line of printResults(results)) console.log(line);
  write(results, chosen.output ?? join(project, "build/bench"));
}

function describe(
  { name, title, kind, family, runtime }: Contender,
  systemCalls: SystemCalls | undefined,
  userInstructions: number | undefined,
  idleMemory: IdleMemory | undefined,
): Server {
  return {
    ...{ name, title, kind, family },
    ...(runtime === undefined ? {} : { runtime }),
    ...(systemCalls === undefined ? {} : { systemCalls }),
    ...(userInstructions === undefined ? {} : { userInstructions }),
    ...(idleMemory === undefined ? {} : { idleMemory }),
  };
}

/** What no measurement can do without, and what each kind of measurement takes. */
function toolsAreThere(chosen: Options): boolean {
  const needed: Readonly<Record<string, string>> = {
    taskset: "util-linux",
    wrk: "wrk",
    ...(chosen.measure.has("calls") ? { strace: "strace" } : {}),
    ...(chosen.measure.has("instructions") ? { valgrind: "valgrind" } : {}),
  };
  const lacking = Object.keys(needed).filter((program) => !isInstalled(program));
  if (lacking.length === 0) return true;
  console.error(`bench:servers: ${lacking.join(", ")} missing: apt-get install ${lacking.map((program) => needed[program]).join(" ")}`);
  process.exitCode = 1;
  return false;
}

/** Builds those that were asked for; who cannot be built is told and left out. */
async function prepare(chosen: Options, workshop: Workshop, lack: (line: string) => void): Promise<readonly Contender[]> {
  const wanted = contenders(project, workshop.built).filter(
    ({ name }) => name === unit || chosen.servers.length === 0 || chosen.servers.some((start) => name.startsWith(start)),
  );
  if (chosen.measure.has("memory") || chosen.measure.has("instructions")) await build(idleClients(workshop.bench, workshop.built));
  const ready: Contender[] = [];
  for (const contender of wanted) {
    const lacking = Object.keys(contender.needs).filter((program) => !isInstalled(program));
    if (lacking.length > 0) {
      const packages = lacking.map((program) => contender.needs[program]).join(" ");
      lack(`${contender.title}: ${lacking.join(", ")} not installed; apt-get install ${packages}`);
      continue;
    }
    try {
      if (contender.build !== undefined) {
        console.error(`building ${contender.name}`);
        await build(contender.build);
      }
      ready.push(contender);
    } catch (error) {
      lack(`${contender.title} cannot be built: ${firstLines(error)}`);
    }
  }
  return ready;
}

async function build({ command: [program = "", ...words] }: Build): Promise<void> {
  await promisify(execFile)(program, words, { maxBuffer: 16 * 1024 * 1024 });
}

/** The command is in the first line of what `execFile` throws; why it failed follows. */
function firstLines(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n").slice(1, 4).join(" ");
}

function isInstalled(program: string): boolean {
  return spawnSync("sh", ["-c", 'command -v "$1"', "sh", program]).status === 0;
}

function write(results: Results, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "bench-servers");
  writeFileSync(`${file}.json`, `${JSON.stringify(results, undefined, 2)}\n`);
  writeFileSync(`${file}.html`, renderPage(results, project));
  console.log(`\n${file}.html and .json written`);
}

/** The bundle may stand anywhere inside. @throws outside of the project */
function projectFolder(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file) && readFileSync(file, "utf8").includes('"name": "fluxc"')) return folder;
  }
  throw new Error("bench:servers runs inside the project's folder");
}
