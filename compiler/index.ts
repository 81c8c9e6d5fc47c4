/** The door of the compiler: what a tool that is not ours may use. Nothing else is promised to stay. */
export type { Source } from "../grammar/source.ts";
export type { Span } from "../grammar/span.ts";
export type { Program } from "./check/program.ts";
export { checkOnly, compile } from "./compile.ts";
export type { Checked } from "./diagnostics/checked.ts";
export type { Code, Diagnostic, Label } from "./diagnostics/diagnostic.ts";
export { report } from "./diagnostics/report.ts";
export type { EmittedFile } from "./emit/emitted-file.ts";
export { quotedIncludes, type NodeSource, type Surroundings } from "./nodes/cpp/surroundings.ts";
export type { RuntimeManifest } from "./target/manifest.ts";
