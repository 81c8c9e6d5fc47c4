/** The door of `check`: from an Ast to a Program. */
export { check } from "./check.ts";
export { dumpProgram } from "./dump.ts";
