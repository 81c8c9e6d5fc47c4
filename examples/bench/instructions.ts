/**
 * How many user instructions a request takes: those of a run under callgrind with load, less those of one in which as
 * many connections asked once each, so that the start and the connections themselves cancel out.
 * The processor's own counters would disturb less, but virtual machines seldom have them.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkAnswers } from "./answers.ts";
import { fileOf, type Contender } from "./contenders.ts";
import type { Column } from "./figures.ts";
import { connectIdle } from "./idle-memory.ts";
import { expectEnough, runLoad } from "./load.ts";
import type { Cores } from "./measure.ts";
import { startServer, type Workshop } from "./server-process.ts";

const callgrind = ["valgrind", "--tool=callgrind", "--trace-children=yes", "--callgrind-out-file=/dev/null"];

export async function countInstructions(
  contender: Contender,
  column: Column,
  workshop: Workshop,
  cores: Cores,
  seconds: number,
): Promise<number> {
  const idle = await run(contender, column, workshop, cores, 0);
  const loaded = await run(contender, column, workshop, cores, seconds);
  return (loaded.instructions - idle.instructions) / (loaded.requests - idle.requests);
}

async function run(
  contender: Contender,
  column: Column,
  workshop: Workshop,
  cores: Cores,
  seconds: number,
): Promise<{ readonly instructions: number; readonly requests: number }> {
  const server = await startServer(contender, column, workshop, { cores: [cores.server], under: callgrind });
  let requests = 0;
  try {
    const expected = readFileSync(join(workshop.root, fileOf(column)));
    const wrong = await checkAnswers(server.port, `/${fileOf(column)}`, expected, column.close);
    if (wrong !== undefined) throw new Error(wrong);
    if (seconds === 0) {
      await (await connectIdle(workshop, server, column.connections, cores)).leave();
      requests = column.connections;
    } else {
      const load = await runLoad(server.port, column, seconds, cores.load);
      expectEnough(load, column);
      ({ requests } = load);
    }
  } catch (error) {
    await server.stop();
    throw error;
  }
  const instructions = parseCallgrind(await server.stop());
  if (instructions === undefined) throw new Error("callgrind did not come to its end");
  return { instructions, requests };
}

/** The sum over all processes, each of which prints its own line when it ends. */
export function parseCallgrind(text: string): number | undefined {
  const counts = [...text.matchAll(/^==\d+== Collected : (\d+)/gm)].map(([, count]) => Number(count));
  return counts.length === 0 ? undefined : counts.reduce((total, count) => total + count, 0);
}
