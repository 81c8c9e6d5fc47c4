/** For tests: a php-fpm of its own, in a folder of its own. Knows nothing of the web server. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const program = "/usr/sbin/php-fpm8.2";

export interface PhpFpm {
  /** Of its Unix socket. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts it in `folder`, with as many processes as the web server asks at once, and waits until it listens. @throws where it is not installed */
export async function startPhpFpm(folder: string, processes = 5): Promise<PhpFpm> {
  if (!existsSync(program)) throw new Error(`${program} is missing: sudo apt-get install php8.2-fpm`);
  const address = join(folder, "php.sock");
  const config = join(folder, "php-fpm.conf");
  writeFileSync(
    config,
    `[global]
error_log = ${join(folder, "php-fpm.log")}
daemonize = no
[pages]
listen = ${address}
listen.mode = 0666
pm = static
pm.max_children = ${String(processes)}
php_admin_flag[log_errors] = on
php_flag[display_errors] = off
`,
  );
  // Root starts it as nobody.
  const isRoot = process.getuid?.() === 0;
  chmodSync(folder, 0o755);
  if (isRoot) chownSync(folder, 65534, 65534);
  const nobody = isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : ["env"];
  const [first = "", ...words] = [...nobody, program, "-n", "-F", "-y", config];
  const child = spawn(first, words, { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const ended = once(child, "exit");
  for (let tries = 0; !(await listens(address)); tries++) {
    if (tries > 300 || child.exitCode !== null) throw new Error(`php-fpm does not listen: ${printed}`);
    await sleep(50);
  }
  return {
    address,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function listens(address: string): Promise<boolean> {
  const socket = connect(address);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
