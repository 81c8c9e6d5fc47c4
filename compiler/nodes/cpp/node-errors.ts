/**
 * What the C++ compiler said, as diagnostics of ours: at the line of the program where a node function is wrong, in the C++
 * file where that is. Where the first is wrong the rest of what it said is usually a consequence, and is left out.
 */
import type { ConcreteNode, Program, Variable } from "../../check/program.ts";
import { diagnostic, type Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Span } from "../../../grammar/span.ts";
import { position, type Source } from "../../../grammar/source.ts";
import { closest } from "../../text/closest.ts";
import { cxxErrors, type CxxError, type CxxPlace } from "./cxx-output.ts";
import { handlerBeginnings, handlerShape, nodeShape, predicateShape, sessionShape } from "./function-shapes.ts";
import { misfitWords, parametersOf, readMisfit, tidyType, type Misfit } from "./misfit.ts";
import { predicatePrototype, prototypes, type FunctionShape } from "./prototypes.ts";
import { nameIn, spanAt } from "./span-at.ts";

export interface CompilerFailure {
  readonly program: Program;
  /** Of one compilation or of several, in any order: plain text, in the C locale. */
  readonly output: string;
  /** Generated files, and those of the runtimes. */
  readonly isOurs: (path: string) => boolean;
  /** A file of the user, as the compiler named it, or a header as the program names it. */
  readonly read: (path: string) => string | undefined;
  /** Names of the files beside the program. */
  readonly beside?: readonly string[];
}

export interface Explained {
  readonly diagnostics: readonly Diagnostic[];
  /** False if there were errors that none of them stands for. */
  readonly complete: boolean;
}

/** Never throws, whatever the output. Linear in it. */
export function compileErrors(failure: CompilerFailure): Explained {
  const inProgram: Diagnostic[] = [];
  const inSources: Diagnostic[] = [];
  const vague: Diagnostic[] = [];
  let unplaced = 0;
  for (const error of cxxErrors(failure.output)) {
    const found = explain(error, failure);
    if (found === undefined) unplaced++;
    else if (found.code === "FLX0614") inSources.push(found);
    else if (found.code === "FLX0617") vague.push(found);
    else inProgram.push(found);
  }
  // What is known exactly explains what is not; a type that is not declared, what is said of functions that take one.
  const unknown = inProgram.flatMap(({ code, title }) => (code === "FLX0606" ? [/`(.+?)`/.exec(title)?.[1] ?? ""] : []));
  const follows = ({ code, text = "" }: Diagnostic): boolean =>
    /^FLX060[1-5]$|^FLX0609$/.test(code) && unknown.some((type) => new Set(text.match(/\w+/g)).has(type));
  // A node source that includes what the program includes lacks the same header.
  const absent = inProgram.flatMap(({ code, title }) => (code === "FLX0613" ? [/`(.+)`/.exec(title)?.[1] ?? ""] : []));
  const lacksHeader = ({ title }: Diagnostic): boolean => absent.some((path) => title.startsWith(`C++: ${path}: `) || title.startsWith(`C++: '${path}' `));
  const sure = onePerPlace([...inProgram.filter((one) => !follows(one)), ...inSources.filter((one) => !lacksHeader(one))]);
  const diagnostics = sure.length > 0 ? sure : onePerPlace(vague);
  return { diagnostics, complete: diagnostics.length > 0 || unplaced === 0 };
}

function explain(error: CxxError, failure: CompilerFailure): Diagnostic | undefined {
  const { program } = failure;
  if (error.file === program.source.path) return explainInProgram(error, failure);
  if (isOfUser(error.file, failure)) return inSource(error, error, failure);
  // In a header of ours or of the system: for whose sake it was looked into.
  const users = error.requiredFrom.find(({ file }) => file === program.source.path || isOfUser(file, failure));
  if (users === undefined) return undefined;
  return users.file === program.source.path ? vagueError(error, users.line, failure) : inSource(error, users, failure);
}

function isOfUser(path: string, { isOurs, program }: CompilerFailure): boolean {
  return path !== program.source.path && !isOurs(path) && !/^\/usr\/|^<|\/include\/c\+\+\/|\/lib\/gcc\//.test(path);
}

const tag = /\b(FLX06\d\d|FLX0505) ([^:"]*(?:::[^:"]*)*)/;

function explainInProgram(error: CxxError, failure: CompilerFailure): Diagnostic | undefined {
  const { program } = failure;
  const [, code, subject = ""] = tag.exec(error.text) ?? [];
  switch (code) {
    case "FLX0602":
    case "FLX0603":
    case "FLX0604":
    case "FLX0605":
      return wrongFunction(code, subject, error, failure);
    case "FLX0606":
    case "FLX0607":
    case "FLX0608":
    case "FLX0619":
      return wrongType(code, subject, error, program);
    case "FLX0505":
      return pointerKey(subject, program);
    case "FLX0609":
      return wrongCall(subject, error, program);
    case "FLX0611":
      return diagnostic("FLX0611", { at: waitSpan(program, subject, error.line) }, { input: subject });
    default:
      return plainError(error, failure);
  }
}

// ---- Functions ----

interface Subject {
  readonly shape: FunctionShape;
  readonly what: string;
  readonly span: Span;
}

/** `Sorry of Greet`, `TestInCache on image *`, `ReadRequest` */
function findSubject(text: string, program: Program): Subject | undefined {
  const [, name = "", of, on] = /^(\w+)(?: of (\w+)| on (.+))?$/.exec(text.trim()) ?? [];
  if (on !== undefined) {
    const predicate = [...program.predicates.values()].find((one) => one.predicate === name);
    return predicate && { shape: predicateShape(name, on, predicate.span), what: "predicate", span: nameIn(program.source, predicate.span, name) };
  }
  if (of !== undefined) {
    const handler = program.handlers.find((one) => one.handler === name);
    if (handler !== undefined) return { shape: handlerShape(program, name, of), what: "handler", span: nameIn(program.source, handler.span, name) };
    const source = program.sources.find(({ session, target }) => session === name && target === of);
    return source && { shape: sessionShape(program, name, of), what: "session function", span: nameIn(program.source, source.span, name) };
  }
  const node = program.nodes.get(name);
  if (node?.kind !== "concrete") return undefined;
  return { shape: nodeShape(program, node, handlerBeginnings(program)), what: node.role === "handler" ? "handler" : "node", span: node.nameSpan };
}

function wrongFunction(
  code: "FLX0602" | "FLX0603" | "FLX0604" | "FLX0605",
  text: string,
  error: CxxError,
  failure: CompilerFailure,
): Diagnostic | undefined {
  const subject = findSubject(text, failure.program);
  const misfit = readMisfit(error);
  if (subject === undefined) return plainError(error, failure);
  const { shape, what, span } = subject;
  const { name } = shape;
  const expected = expectedText(shape);
  if (misfit === undefined) return plainError(error, failure);
  if (misfit.kind === "undeclared") {
    const { includes } = failure.program;
    const declared = includes.flatMap(({ text: path }) => [...(failure.read(path) ?? "").matchAll(/\b([A-Za-z_]\w*)\s*\(/g)]).map(([, one = ""]) => one);
    const headers = includes.map(({ text: path }) => `\`${path}\``).join(" and ");
    const where = includes.length === 0 ? "the generated header" : headers;
    return diagnostic("FLX0601", { at: span }, { what, name, where, expected, suggestion: closest(name, [...new Set(declared)]) });
  }
  const { fault, label, advice } = misfitWords(misfit, shape);
  return diagnostic(code, { at: span }, { name, fault, label, found: foundText(name, misfit), expected, advice });
}

function expectedText(shape: FunctionShape): string {
  if (shape.role === "predicate") return `  ${predicatePrototype(shape.name, shape.inputs[0]?.type ?? "")}`;
  const { cxx, c, structs } = prototypes(shape);
  // What C can say.
  const isC = parametersOf(shape).every(({ type }) => !/[:<&]/.test(type));
  return [...new Set([cxx, ...(isC ? [c] : []), structs])].map((one) => `  ${one}`).join("\n");
}

function foundText(name: string, { found }: Misfit): string {
  return found === undefined ? `${name}, of no single type` : `${found.result} ${name}(${found.parameters.join(", ")})`;
}

/** The function fits, but not with what it is given here. */
function wrongCall(text: string, error: CxxError, program: Program): Diagnostic | undefined {
  const subject = findSubject(text, program);
  const misfit = readMisfit(error);
  if (subject === undefined || misfit === undefined) return undefined;
  const { shape, span } = subject;
  const parameter = parametersOf(shape)[misfit.position];
  const at = shape.role === "predicate" ? span : callSpan(program, shape.name, error.line, span);
  const holes = {
    name: shape.name,
    input: shape.role === "predicate" ? "its value" : `\`${parameter?.name ?? ""}\``,
    type: parameter?.type ?? "",
    found: foundText(shape.name, misfit),
  };
  return diagnostic(misfit.kind === "changes_constant" ? "FLX0610" : "FLX0609", { at }, holes);
}

/** The mention of a node on that line. */
function callSpan(program: Program, name: string, line: number, otherwise: Span): Span {
  for (const node of program.nodes.values()) {
    const sequences = node.kind === "sequence" ? [node.steps] : node.kind === "dispatch" ? node.cases.map(({ steps }) => steps) : [];
    for (const step of sequences.flat()) if (step.node === name && lineOf(program, step.span) === line) return step.span;
  }
  return otherwise;
}

// ---- Types ----

function wrongType(code: "FLX0606" | "FLX0607" | "FLX0608" | "FLX0619", type: string, error: CxxError, program: Program): Diagnostic {
  const at = typeSpan(program, (one) => one.type === type, error.line) ?? lineSpan(program, error.line);
  const isIncomplete = error.notes.some(({ text }) => /complete_type|sizeof/.test(text));
  if (code === "FLX0607" && !isIncomplete) return diagnostic("FLX0607", { at }, { type });
  if (code === "FLX0608" && !isIncomplete) return diagnostic("FLX0608", { at }, { type });
  if (code === "FLX0619" && !isIncomplete) {
    const keyed = [...program.constraints.values()].find(({ kind }) => kind.kind === "keyed" && kind.keyType === type);
    return diagnostic("FLX0619", { at }, { type, constraint: keyed?.name ?? "" });
  }
  return diagnostic("FLX0606", { at }, { type, fault: "is incomplete", label: "declared, but not defined", advice: "include the header that defines it" });
}

/** A pointer that `check` could not see, as the type has a name. */
function pointerKey(type: string, program: Program): Diagnostic | undefined {
  for (const { acquires, inputs } of program.nodes.values()) {
    for (const { key, span } of acquires) {
      const input = key === undefined ? undefined : inputs[key];
      if (input?.type === type) return diagnostic("FLX0505", { at: span, input: input.written.span }, { key: input.name, type });
    }
  }
  return undefined;
}

function typeSpan(program: Program, has: (variable: Variable) => boolean, line: number): Span | undefined {
  for (const node of program.nodes.values()) {
    for (const variable of [...node.inputs, ...node.outputs]) {
      if (has(variable) && lineOf(program, variable.written.span) === line) return variable.written.span;
    }
  }
  return undefined;
}

// ---- Whatever else is said of a line of the program ----

function plainError(error: CxxError, failure: CompilerFailure): Diagnostic | undefined {
  const { program } = failure;
  const { text, line } = error;
  const header = /^'?([^':\n]+)'?(?:: No such file or directory| file not found)/.exec(text)?.[1];
  const include = header === undefined ? undefined : program.includes.find((one) => one.text === header);
  if (include !== undefined) {
    return diagnostic("FLX0613", { at: include.span }, { path: include.text, suggestion: closest(include.text, failure.beside ?? []) });
  }
  const unknown = /'(?:::)?(?:[\w:]+::)?(\w+)' (?:does not name a type|was not declared|has not been declared|is not a member|is not a template|in namespace)/.exec(text)
    ?? /(?:unknown type name|undeclared identifier|no (?:type|member|template) named) '(?:[\w:]+::)?(\w+)'/.exec(text);
  const name = unknown?.[1];
  // Names that generated code made are unknown only because their own line was wrong.
  if (name === undefined || /^(?:type_\d+|flux_\w+|absent)$/.test(name)) return vagueError(error, line, failure);
  const waited = globalWaits(program).find((one) => lineOf(program, one.span) === line && one.text.split("::").includes(name));
  if (waited !== undefined) return diagnostic("FLX0618", { at: waited.span }, { name: waited.text, suggestion: suggested(text) });
  const isIn = ({ type }: Variable): boolean => [...type.matchAll(/\w+/g)].some(([word]) => word === name);
  const at = typeSpan(program, isIn, line);
  // Elsewhere it is a variable that is missing because its type is.
  if (at === undefined) return vagueError(error, line, failure);
  return diagnostic("FLX0606", { at }, { type: name, fault: "is not declared", label: "no such type", suggestion: suggested(text) });
}

/** What the compiler itself would have written. */
function suggested(text: string): string | undefined {
  const [, name] = /did you mean '(?:::)?([^']+)'\?/.exec(text) ?? [];
  return name === undefined || /^type_\d+$/.test(name) ? undefined : name;
}

function vagueError(error: CxxError, line: number, failure: CompilerFailure): Diagnostic {
  const { program } = failure;
  return withNotes(diagnostic("FLX0617", { at: lineSpan(program, line) }, { message: oneLine(error.text), notes: notesText(error, failure) }));
}

/** In a C++ file, at the place that the user wrote. */
function inSource(error: CxxError, place: CxxPlace, failure: CompilerFailure): Diagnostic {
  const text = failure.read(place.file);
  const source: Source = { path: text === undefined ? `${place.file}:${place.line}:${place.column}` : place.file, text: text ?? "" };
  const at = text === undefined ? { start: 0, end: 0 } : spanAt(source, place.line, place.column);
  return { ...withNotes(diagnostic("FLX0614", { at }, { message: oneLine(error.text), notes: notesText(error, failure) })), source };
}

function withNotes({ text, ...rest }: Diagnostic): Diagnostic {
  return text === undefined || text === "" ? rest : { ...rest, text };
}

const mostNotes = 4;

/** What it adds about files of the user; of the insides of libraries and runtimes it adds too much. */
function notesText({ notes }: CxxError, failure: CompilerFailure): string {
  const shown = notes.filter(({ file }) => file === failure.program.source.path || isOfUser(file, failure)).slice(0, mostNotes);
  return shown.map(({ file, line, text }) => `${file}:${line}: ${text}`).join("\n");
}

/** A title has one line, and ends in no full stop. */
function oneLine(text: string): string {
  return tidyType(text.replace(/\s*\[-W[\w=+-]+\]$/, "").replace(/^static assertion failed: |^static_assert failed\s*/, "")).replace(/\.$/, "");
}

// ---- Places ----

interface GlobalWait {
  readonly text: string;
  readonly span: Span;
}

function globalWaits(program: Program): readonly GlobalWait[] {
  const concrete = [...program.nodes.values()].filter((node): node is ConcreteNode => node.kind === "concrete");
  return concrete.flatMap(({ wait }) => wait.flatMap(({ on, span }) => (on.kind === "global" ? [{ text: on.text, span }] : [])));
}

function waitSpan(program: Program, subject: string, line: number): Span {
  for (const node of program.nodes.values()) {
    if (node.kind !== "concrete") continue;
    for (const { on, span } of node.wait) {
      const name = on.kind === "global" ? on.text : node.inputs[on.index]?.name;
      if (name === subject && lineOf(program, span) === line) return span;
    }
  }
  return lineSpan(program, line);
}

function lineOf({ source }: Program, span: Span): number {
  return position(source, span.start).line;
}

function lineSpan({ source }: Program, line: number): Span {
  const { start } = spanAt(source, line, 1);
  const end = source.text.indexOf("\n", start);
  const text = source.text.slice(start, end < 0 ? undefined : end).trimEnd();
  return { start: start + (text.length - text.trimStart().length), end: start + text.length };
}

/** The first of several errors at one place: the others follow from it. */
function onePerPlace(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ source, labels: [{ span }] }) => {
    const key = `${source?.path ?? ""} ${span.start}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
