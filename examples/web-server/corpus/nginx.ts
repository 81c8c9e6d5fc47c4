/** Runs nginx beside our server: from a temporary folder, on a free port, as nobody, and no part of the system's own nginx. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface Nginx {
  readonly port: number;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** "1.22.1", or nothing where nginx is not installed. It writes its version to the standard error. */
export function nginxVersion(): string | undefined {
  return /nginx\/([\d.]+)/.exec(spawnSync("nginx", ["-v"], { encoding: "utf8" }).stderr)?.[1];
}

/** Starts nginx for the files under `site`. @throws with what it printed if it does not listen. */
export async function startNginx(site: string): Promise<Nginx> {
  const state = mkdtempSync(join(tmpdir(), "flux-nginx-"));
  chmodSync(state, 0o755);
  mkdirSync(join(state, "logs"));
  const port = await freePort();
  const configuration = join(state, "nginx.conf");
  const filled = readFileSync(join(import.meta.dirname, "nginx.conf"), "utf8")
    .replaceAll("{port}", String(port))
    .replaceAll("{site}", site)
    .replaceAll("{state}", state)
    .replaceAll("{user}", process.getuid?.() === 0 ? unprivileged() : "");
  writeFileSync(configuration, filled);

  const child = spawn("nginx", ["-p", state, "-c", configuration, "-e", join(state, "error.log")], { stdio: ["ignore", "ignore", "pipe"] });
  let printed = "";
  child.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const ended = once(child, "exit");
  for (let tries = 0; !(await accepts(port)); tries++) {
    if (child.exitCode !== null || tries > 200) throw new Error(`nginx does not listen: ${printed}`);
    await sleep(25);
  }
  return {
    port,
    process: child,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function unprivileged(): string {
  return `user nobody ${execFileSync("id", ["-gn", "nobody"], { encoding: "utf8" }).trim()};`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
