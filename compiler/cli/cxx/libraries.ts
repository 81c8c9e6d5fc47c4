/** What `link "libjpeg";` means to the compiler and the linker, asked of pkg-config. */
import type { Source } from "../../../grammar/source.ts";
import { diagnostic, type Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Quoted } from "../../check/program.ts";
import { exitCode } from "../exit-code.ts";
import { Failure } from "../failure.ts";
import { installLine } from "../setup.ts";
import { runTool } from "./processes.ts";

export interface LibraryFlags {
  readonly compile: readonly string[];
  readonly link: readonly string[];
}

/** @throws Failure a library, or pkg-config, is not installed: every missing one is reported */
export async function libraryFlags(links: readonly Quoted[], source: Source): Promise<LibraryFlags> {
  const answers = await Promise.all(links.map(askFor));
  const missing = answers.flatMap((answer) => answer.missing ?? []);
  if (missing.length > 0) throw new Failure(exitCode.toolchain, missing, source);
  return { compile: answers.flatMap(({ compile }) => compile), link: answers.flatMap(({ link }) => link) };
}

async function askFor({ text, span }: Quoted): Promise<LibraryFlags & { readonly missing?: Diagnostic }> {
  // A name that begins with a dash would be an option.
  const [compile, link] = await Promise.all(["--cflags", "--libs"].map((what) => runTool(["pkg-config", what, "--", text])));
  if (compile?.error?.code === "ENOENT") {
    const install = installLine(["pkg-config"]);
    return { ...none, missing: diagnostic("FLX0809", { at: span }, { tool: "pkg-config", install }) };
  }
  if (compile?.code !== 0 || link?.code !== 0) {
    const output = (compile?.stderr ?? "").trim() || "pkg-config does not know it";
    return { ...none, missing: diagnostic("FLX0808", { at: span }, { package: text, output }) };
  }
  return { compile: words(compile.stdout), link: words(link.stdout) };
}

const none: LibraryFlags = { compile: [], link: [] };

/** pkg-config escapes blanks in a path with a backslash. */
function words(line: string): readonly string[] {
  return (line.match(/(?:\\.|\S)+/g) ?? []).map((word) => word.replaceAll(/\\(.)/g, "$1"));
}
