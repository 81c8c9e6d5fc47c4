/** What the thread runtime promises, asked of a real server by real clients, for one variant of the build. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, describe, expect } from "vitest";

import { observing } from "./observing.ts";
import { overload } from "./overload.ts";
import { serving } from "./serving.ts";
import { stopping } from "./stopping.ts";
import { buildTrial, Client, Server, type Trial, type Variant } from "./trial.ts";

export function describeTrial(variant: Variant): void {
  const sanitized = variant.sanitized === true;
  const slower = sanitized ? 5 : 1;

  describe(`thread-per-connection, ${variant.name}`, { timeout: 120_000 * slower, retry: 1 }, () => {
    const folder = mkdtempSync(join(tmpdir(), "flux-thread-"));
    const servers: Server[] = [];
    const clients: Client[] = [];
    let executable = "";
    let files = 0;

    beforeAll(async () => {
      executable = await buildTrial(variant);
    }, 900_000);
    afterAll(() => rmSync(folder, { recursive: true }));
    afterEach(() => {
      for (const client of clients.splice(0)) client.close();
      for (const server of servers.splice(0)) server.process.kill("SIGKILL");
    });

    const trial: Trial = {
      sanitized,
      slower,
      clients,
      temporary: (name) => join(folder, `${files++}-${name}`),
      start: (args, limit) => {
        const server = new Server(executable, variant.blocksBriefly === true ? [...args, "blocks-briefly"] : args, limit);
        servers.push(server);
        return server;
      },
      connect: async (port) => {
        const client = await Client.connect(port);
        clients.push(client);
        return client;
      },
      endsWell: async (server) => {
        const { code } = await server.stop();
        expect(server.stderr).toBe("");
        expect(code).toBe(0);
        expect(server.stdout).toContain("finished\n");
      },
    };
    serving(trial);
    stopping(trial);
    overload(trial);
    observing(trial);
  });
}
