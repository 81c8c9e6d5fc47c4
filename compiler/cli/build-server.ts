/**
 * From a program to a server: generate, compile what changed, link. Each part is elsewhere; this is the order they come in,
 * and what a failure of each leads to.
 */
import { accessSync, constants, utimesSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { makeFolder, WriteError, writeFiles } from "../emit/write.ts";
import type { BuildArguments } from "./build.ts";
import { printMessage } from "./console.ts";
import { findCompiler, flagsFrom, variantFor, type Compiler, type Variant } from "./cxx/compiler.ts";
import { libraryFlags, type LibraryFlags } from "./cxx/libraries.ts";
import { linkServer, placeExecutable } from "./cxx/link.ts";
import { compileUnit, digestOf, type Compiled, type Unit } from "./cxx/objects.ts";
import { inParallel, interruptible } from "./cxx/processes.ts";
import { makeLibrary, planLibrary, writableCache } from "./cxx/runtime-library.ts";
import { compilerFailure, linkerFailure } from "./cxx/tool-failures.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { generate, type GenerateArguments, type Generation } from "./generate.ts";
import { folderOf, isC, protectInputs } from "./node-sources.ts";
import { startProgress, type Progress } from "./progress.ts";
import { printReport, verdict } from "./reporting.ts";
import { anyRuntime, runtimesFolder } from "./runtimes.ts";

/** @param built told where the server is, once it is */
export async function buildServer(given: BuildArguments, built?: (executable: string) => void): Promise<ExitCode> {
  const variant = variantFor(given);
  const generation = generate(given);
  if (verdict(generation.diagnostics, given) !== exitCode.fine) {
    printReport(generation.diagnostics, generation.source, given);
    return exitCode.wrong;
  }
  const target = given.output ?? join(folderOf(given.file), "build", generation.name);
  protectInputs(target, [given.file, ...generation.nodeSources]);
  const begun = performance.now();
  const work = workFolder(generation, given.output);
  const executable = await interruptible("the build", () => makeServer(generation, variant, given.cxx, work));
  // Who runs a server wants no copy of it, where there is no place for one beside the program.
  const isWanted = built === undefined || given.output !== undefined || work === besideProgram(generation);
  if (isWanted) await placeExecutable(executable, target);
  printReport(generation.diagnostics, generation.source, given);
  if (built === undefined && process.stderr.isTTY) {
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    printMessage(`built ${target} (${generation.runtime.manifest.name}, ${variant.name}) in ${seconds} s\n`);
  }
  built?.(executable);
  return exitCode.fine;
}

/** `check --cxx`: everything but the executable. */
export async function checkWithCompiler(given: GenerateArguments): Promise<ExitCode> {
  const generation = generate({ runtime: anyRuntime(), ...given });
  if (generation.files.length > 0) {
    await interruptible("the check", () => makeServer(generation, variantFor({ debug: true }), undefined, workFolder(generation, undefined)));
  }
  printReport(generation.diagnostics, generation.source, given);
  return verdict(generation.diagnostics, given);
}

/** Where generated files and objects belong: a runtime each. */
function besideProgram({ source, runtime, name }: Generation): string {
  return join(folderOf(source.path), "build", `${name}.${runtime.manifest.name}`);
}

/**
 * Beside the program. Where that cannot be written, as in an installed package: in the user's cache, one folder a program;
 * and where there is no cache either, beside the executable.
 */
function workFolder(generation: Generation, output: string | undefined): string {
  const beside = besideProgram(generation);
  if (canWrite(beside)) return beside;
  const cache = writableCache();
  const name = basename(beside);
  if (cache !== undefined) {
    const folder = join(cache, `program-${digestOf(resolve(beside)).slice(0, 24)}`);
    // What is used is not cleared away.
    makeFolder(folder);
    utimesSync(folder, new Date(), new Date());
    return join(folder, name);
  }
  return output === undefined ? beside : join(dirname(output), "build", name);
}

function canWrite(folder: string): boolean {
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    // A full disk is full for a cache as well.
    return error instanceof WriteError && error.reason.code === "ENOSPC";
  }
}

/**
 * Makes the executable below `generated`, in one folder a variant, so that nothing is compiled again because another
 * variant was built in between.
 *
 * @throws Failure the compiler or the linker failed; what they said is in it
 */
async function makeServer(generation: Generation, variant: Variant, cxx: string | undefined, generated: string): Promise<string> {
  const { source, runtime, name, files } = generation;
  const compiler = await findCompiler(cxx);
  const libraries = await libraryFlags(generation.program.links, source);
  const folder = join(generated, variant.name);
  writeFiles(files, generated);
  makeFolder(folder);

  const progress = startProgress();
  try {
    const units = unitsOf(generation, generated, folder, compiler, variant, libraries);
    const flags = [...variant.flags, ...flagsFrom("CPPFLAGS"), ...flagsFrom("CXXFLAGS")];
    const library = planLibrary(runtime, runtimesFolder(), compiler, flags, folder);
    // The program first: its mistakes are the ones a person waits for.
    const compiled = await compileAll(units, progress);
    const failed = compiled.filter(({ worked }) => !worked);
    if (failed.length > 0) throw compilerFailure(failed, generation, generated);
    const made = await makeLibrary(library, (sources) => compileAll(sources, progress, `the runtime ${runtime.manifest.name}: `));
    const broken = made.compiled.filter(({ worked }) => !worked);
    if (broken.length > 0) throw compilerFailure(broken, generation, generated);
    if (made.archived !== undefined && made.archived.code !== 0) throw linkerFailure(made.archived, generation);

    progress.show("linking");
    const executable = join(folder, name);
    const objects = units.map(({ object }) => object);
    const words = [...compiler.words, ...variant.flags, ...objects, library.library, ...libraries.link, ...flagsFrom("LDFLAGS")];
    const linked = await linkServer(words, [...objects, library.library], executable);
    if (linked !== undefined && linked.code !== 0) throw linkerFailure(linked, generation);
    return executable;
  } finally {
    progress.end();
  }
}

/** The generated unit and the node sources. C is compiled as C. */
function unitsOf(
  { source, files, nodeSources }: Generation,
  generated: string,
  folder: string,
  compiler: Compiler,
  variant: Variant,
  libraries: LibraryFlags,
): readonly Unit[] {
  const root = runtimesFolder();
  // Plain lines, one an error; what they say of a node is put in our own form.
  const plain = compiler.family === "clang" ? ["-fno-caret-diagnostics"] : ["-fno-diagnostics-show-caret"];
  const include = [folderOf(source.path), generated, root, join(root, "include")].flatMap((path) => ["-I", path]);
  const shared = [...plain, ...variant.flags, ...include, ...libraries.compile, ...flagsFrom("CPPFLAGS")];
  const cxx = [...compiler.words, "-std=c++20", ...shared, ...flagsFrom("CXXFLAGS")];
  const c = [...compiler.words, "-x", "c", "-std=gnu17", ...shared, ...flagsFrom("CFLAGS")];
  const unit = (path: string, words: readonly string[]): Unit => ({
    source: path,
    // Two folders may hold sources of one name.
    object: join(folder, `${basename(path)}-${digestOf(path).slice(0, 8)}.o`),
    words,
    identity: compiler.identity,
  });
  // Generated files call themselves by their bare names in `#line`; a debugger needs to know where they are.
  const places = files.map(({ path }) => `-fdebug-prefix-map=${path}=${resolve(generated, path)}`);
  const generatedUnits = files.filter(({ path }) => path.endsWith(".cpp"));
  return [
    ...generatedUnits.map(({ path }) => unit(join(generated, path), [...cxx, ...places])),
    ...nodeSources.map((path) => unit(path.includes("/") ? path : `./${path}`, isC(path) ? c : cxx)),
  ];
}

function compileAll(units: readonly Unit[], progress: Progress, what = ""): Promise<readonly Compiled[]> {
  let begun = 0;
  return inParallel(
    units.map((unit) => async () => {
      begun += 1;
      progress.show(`compiling ${what}${basename(unit.source)} (${begun} of ${units.length})`);
      return await compileUnit(unit);
    }),
  );
}
