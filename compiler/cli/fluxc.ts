#!/usr/bin/env node
/** The executable: loads the program, which is `main.ts`, and runs it. */
import { loadMain } from "./load-main.ts";

process.exitCode = await loadMain(import.meta.url).main(process.argv.slice(2));
