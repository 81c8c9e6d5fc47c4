/**
 * Signatures as tuples of typed variables, and what a single signature can get wrong. Compares no two nodes: that is
 * `tuple-agreement.ts`.
 */
import type { Parameter, ParameterList, SignatureDecl } from "../../grammar/ast.ts";
import type { Checked } from "../diagnostics/checked.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { canonicalType, isReference, isTopLevelConst, valueType } from "./canonical-type.ts";
import { isTypeWord } from "./cxx-words.ts";
import type { Declarations } from "./declarations.ts";
import type { Variable } from "./program.ts";

export type Tuple = readonly Variable[];

/** What a signature says. */
export interface Signature {
  readonly inputs: Tuple;
  readonly outputs: Tuple;
}

/** Position by position. Constant time for long tuples of signatures, which may be compared as often as they are long. */
export function sameTypes(one: Tuple, other: Tuple): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  const [shape, otherShape] = [shapes.get(one), shapes.get(other)];
  if (shape !== undefined && otherShape !== undefined) return shape === otherShape;
  return one.every((variable, at) => variable.type === other[at]?.type);
}

/** Tuples with the same types have the same shape; only long ones have any. */
const shapes = new WeakMap<Tuple, object>();

function shapeRegister(): (tuple: Tuple) => Tuple {
  const byTypes = new Map<string, object>();
  return (tuple) => {
    if (tuple.length <= 8) return tuple;
    const types = tuple.map((variable) => variable.type).join("; ");
    const shape = byTypes.get(types) ?? {};
    byTypes.set(types, shape);
    shapes.set(tuple, shape);
    return tuple;
  };
}

/**
 * The signature of every node that has a usable one, by `NodeEntry.id`. A signature in error is left out, so that
 * nothing is compared with it. FLX0301 to FLX0305. Linear.
 */
export function readSignatures({ nodes, poisoned }: Declarations): Checked<ReadonlyMap<number, Signature>> {
  const diagnostics: Diagnostic[] = [];
  const signatures = new Map<number, Signature>();
  const spell = spellings();
  const register = shapeRegister();
  for (const entry of nodes.values()) {
    if (entry.signature === undefined) continue;
    const before = diagnostics.length;
    const signature = readSignature(entry.signature, spell, diagnostics);
    if (diagnostics.length > before || poisoned.has(entry.id)) continue;
    signatures.set(entry.id, { inputs: register(signature.inputs), outputs: register(signature.outputs) });
  }
  return { value: signatures, diagnostics };
}

/** Programs repeat few types often. */
function spellings(): (tokens: readonly string[]) => string {
  const known = new Map<string, string>();
  return (tokens) => {
    const key = tokens.join(" ");
    const found = known.get(key);
    if (found !== undefined) return found;
    const spelled = canonicalType(tokens);
    known.set(key, spelled);
    return spelled;
  };
}

function readSignature(
  signature: SignatureDecl,
  spell: (tokens: readonly string[]) => string,
  diagnostics: Diagnostic[],
): Signature {
  const read = (list: ParameterList, side: "input" | "output"): Tuple => {
    const variables: Variable[] = [];
    const named = new Map<string, Parameter>();
    for (const parameter of list.parameters) {
      const wrong = wrongType(parameter, spell, side) ?? unnamed(parameter);
      if (wrong !== undefined) {
        diagnostics.push(wrong);
        continue;
      }
      const name = parameter.name?.text ?? "";
      const first = named.get(name);
      if (first !== undefined) {
        const at = parameter.name?.span ?? parameter.span;
        diagnostics.push(diagnostic("FLX0303", { at, first: first.name?.span ?? first.span }, { name, side, node: signature.name.text }));
        continue;
      }
      named.set(name, parameter);
      variables.push({ name, type: spell(parameter.type.tokens), written: parameter.type, span: parameter.span });
    }
    return variables;
  };
  return { inputs: read(signature.inputs, "input"), outputs: read(signature.outputs, "output") };
}

/** `int`, `unsigned int` (whose last word is no name). */
function unnamed(parameter: Parameter): Diagnostic | undefined {
  if (parameter.name !== undefined && !isTypeWord(parameter.name.text)) return undefined;
  const tokens = [...parameter.type.tokens, ...(parameter.name === undefined ? [] : [parameter.name.text])];
  const type = canonicalType(tokens);
  if (type === "void") return diagnostic("FLX0305", { at: parameter.span }, { type, why: "is no value", hint: "write `()` for the empty tuple" });
  return diagnostic("FLX0301", { at: parameter.span }, { type, example: `${type}${/[*&]$/.test(type) ? "" : " "}value` });
}

const specifiers: ReadonlySet<string> = new Set([
  "auto", "register", "static", "extern", "typedef", "inline", "mutable", "constexpr", "consteval", "constinit", "thread_local",
  "virtual", "explicit", "friend", "operator", "template", "using", "return", "goto", "if", "else", "for", "while", "do",
]);

function wrongType(
  parameter: Parameter,
  spell: (tokens: readonly string[]) => string,
  side: "input" | "output",
): Diagnostic | undefined {
  const { tokens, span } = parameter.type;
  const shape = outerBracket(tokens);
  if (shape !== undefined) {
    const what = shape === "(" ? "function pointer" : "array";
    const example = shape === "(" ? "typedef void (*callback)(int);" : "typedef struct { char bytes[64]; } buffer;";
    return diagnostic("FLX0302", { at: parameter.span }, { what, example });
  }
  const word = tokens.find((token) => specifiers.has(token) || token === "...");
  if (word !== undefined) {
    return diagnostic("FLX0305", { at: span }, { type: tokens.join(" "), why: `has \`${word}\`, which is no part of a value's type` });
  }
  const extra = secondWord(tokens);
  if (extra !== undefined) {
    const rest = [...tokens.slice(extra + 1), parameter.name?.text ?? ""];
    const first = `${spellParameter(spell(tokens.slice(0, extra)), tokens[extra] ?? "")}`;
    const second = spellParameter(spell(rest.slice(0, -1)), rest.at(-1) ?? "");
    const hint = rest.length > 1 && parameter.name !== undefined ? `write a comma between parameters: \`${first}, ${second}\`` : undefined;
    return diagnostic("FLX0305", { at: parameter.span }, { type: tokens.join(" ").replaceAll(" :: ", "::"), why: "more than a type and a name", hint });
  }
  const type = spell(tokens);
  if (parameter.name !== undefined && valueType(type) === "void") {
    return diagnostic("FLX0305", { at: span }, { type, why: "is no value", hint: "did you mean `void *`?" });
  }
  if (side === "output" && (isReference(type) || isTopLevelConst(type))) {
    const what = isReference(type) ? "reference" : "constant";
    return diagnostic("FLX0304", { at: span }, { what, type, value: valueType(type) });
  }
  return undefined;
}

/** `char *name` */
export function spellParameter(type: string, name: string): string {
  return `${type}${/[*&]$/.test(type) ? "" : " "}${name}`;
}

/** Where a type has a word too many, as where a comma is missing: `flux::socket client bool` of `close`. Words of a compiler (`__int128`) are let pass. */
function secondWord(tokens: readonly string[]): number | undefined {
  let depth = 0;
  let based: "arithmetic" | "name" | undefined;
  for (const [at, token] of tokens.entries()) {
    if (token === "<") depth++;
    else if (token === ">") depth--;
    if (depth > 0 || !/^\w/.test(token) || neutral.has(token) || token.startsWith("__") || tokens[at - 1] === "::") continue;
    const kind = isTypeWord(token) && !alone.has(token) ? "arithmetic" : "name";
    // Behind `*` and `&` no word belongs to the type any more.
    if (tokens[at - 1] === "*" || tokens[at - 1] === "&" || (based !== undefined && (kind !== "arithmetic" || based !== "arithmetic"))) return at;
    based = kind;
  }
  return undefined;
}

const neutral: ReadonlySet<string> = new Set(["const", "volatile", "struct", "class", "union", "enum", "typename", "decltype", "restrict"]);
/** Keywords that are a whole type. */
const alone: ReadonlySet<string> = new Set(["bool", "void", "wchar_t", "char8_t", "char16_t", "char32_t"]);

/** A bracket outside `<…>`: `(` of a function, `[` of an array; the one behind `decltype` is no such thing. */
function outerBracket(tokens: readonly string[]): "(" | "[" | undefined {
  let angles = 0;
  let inner = 0;
  for (const [at, token] of tokens.entries()) {
    if (token === "<") angles++;
    else if (token === ">") angles--;
    else if (token === ">>") angles -= 2;
    else if (token === ")" || token === "]") inner--;
    else if (token === "(" || token === "[") {
      if (angles === 0 && inner === 0 && tokens[at - 1] !== "decltype") return token;
      inner++;
    }
  }
  return undefined;
}
