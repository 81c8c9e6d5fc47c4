/** `node dist/set-up.mjs demo|tests|bench`: makes sure that what those need is on this machine, before they start. */
import { printMessage } from "./console.ts";
import { exitCode } from "./exit-code.ts";
import { setUp, type Need } from "./setup.ts";

const need = process.argv[2];
const isNeed = (word: string | undefined): word is Need => word === "server" || word === "demo" || word === "tests" || word === "bench";
if (isNeed(need)) {
  process.exitCode = setUp(need, (line) => printMessage(`${line}\n`)) ? exitCode.fine : exitCode.toolchain;
} else {
  printMessage("set-up: for what? server, demo, tests or bench\n");
  process.exitCode = exitCode.usage;
}
