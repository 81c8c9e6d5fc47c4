/** `npm run demo`: builds the web server of the examples and serves the project's own pages with it. */
import { createServer } from "node:net";
import { join } from "node:path";
import { printMessage } from "./console.ts";
import { runCommandLine } from "./command-line.ts";
import { exitCode } from "./exit-code.ts";
import { UsageError } from "./failure.ts";
import { packageFolder } from "./installed.ts";
import { setUp } from "./setup.ts";

process.exitCode = await demo(process.argv.slice(2));

/** @param words further options of the server, `--port 9000` among them */
async function demo(words: readonly string[]): Promise<number> {
  if (!setUp("demo", (line) => printMessage(`${line}\n`))) return exitCode.toolchain;
  process.chdir(packageFolder());
  const program = "examples/web-server/web-server.flux";
  const port = words.includes("--port") ? [] : ["--port", (await isFree(8080)) ? "8080" : "0"];
  const command = ["run", program, "-r", "thread", "--", "--root", join("docs"), ...port, ...words];
  printMessage(`npx fluxc ${command.join(" ")}\n(Ctrl-C stops it)\n`);
  try {
    return await runCommandLine(command);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    printMessage(`demo: ${error.message}\n`);
    return exitCode.usage;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
