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
  /** Equal for tuples of equal types. */
  readonly inputShape: number;
  readonly outputShape: number;
}

/** Position by position. Constant time for long tuples of signatures, which may be compared as often as they are long. */
export function sameTypes(one: Tuple, other: Tuple): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  if (one.length > short) {
    const [shape, otherShape] = [shapes.get(one), shapes.get(other)];
    if (shape !== undefined && otherShape !== undefined) return shape === otherShape;
  }
  return one.every((variable, at) => variable.type === other[at]?.type);
}

const short = 8;

/** Of the long tuples of signatures: an object that those with the same types have in common. */
const shapes = new WeakMap<Tuple, object>();

/**
 * The signature of every node that has a usable one, by `NodeEntry.id`; `undefined` for others. A signature in error is left out, so that
 * nothing is compared with it. FLX0301 to FLX0305. Linear.
 */
export function readSignatures({ nodes, poisoned }: Declarations): Checked<readonly (Signature | undefined)[]> {
  const diagnostics: Diagnostic[] = [];
  const signatures: (Signature | undefined)[] = [];
  const read = signatureReader(diagnostics);
  for (const entry of nodes.values()) {
    const before = diagnostics.length;
    const signature = entry.signature === undefined ? undefined : read(entry.signature);
    signatures[entry.id] = diagnostics.length === before && !poisoned.has(entry.id) ? signature : undefined;
  }
  return { value: signatures, diagnostics };
}

/** A type as some run of tokens spells it. */
interface Spelling {
  readonly type: string;
  /** The same for the same type. */
  readonly id: number;
  /** What is wrong with it wherever it stands depends on the parameter around it; nothing is, in most. */
  readonly sound: boolean;
  readonly storable: boolean;
}

/** Programs repeat few types and few tuples often, so each is looked at once. */
function signatureReader(diagnostics: Diagnostic[]): (signature: SignatureDecl) => Signature {
  // The parser gives many parameters of one type one list.
  const byTokens = new Map<readonly string[], Spelling>();
  const ids = new Map<string, number>();
  const spell = (tokens: readonly string[]): Spelling => {
    const found = byTokens.get(tokens);
    if (found !== undefined) return found;
    const type = canonicalType(tokens);
    const id = ids.get(type) ?? ids.size;
    ids.set(type, id);
    const sound =
      outerBracket(tokens) === undefined && strayWord(tokens) === undefined && secondWord(tokens) === undefined && valueType(type) !== "void";
    const spelling = { type, id, sound, storable: !isReference(type) && !isTopLevelConst(type) };
    byTokens.set(tokens, spelling);
    return spelling;
  };
  // Shapes as paths through a tree of types: (shape so far, next type) -> shape.
  const longer = new Map<number, number>();
  const objects: object[] = [];
  // Of the list at hand.
  const variables: Variable[] = [];

  const read = (list: ParameterList, side: "input" | "output", node: string): { readonly tuple: Tuple; readonly shape: number } => {
    variables.length = 0;
    // The usual list is short: looking through it costs less than a map.
    const named = list.parameters.length > short ? new Map<string, Variable>() : undefined;
    let shape = 0;
    for (const parameter of list.parameters) {
      const { type, id, sound, storable } = spell(parameter.type.tokens);
      const fine = sound && (storable || side === "input");
      const wrong = (fine ? undefined : wrongType(parameter, type, side)) ?? unnamed(parameter);
      if (wrong !== undefined) {
        diagnostics.push(wrong);
        continue;
      }
      const name = parameter.name?.text ?? "";
      const same = named === undefined ? withName(variables, name) : named.get(name);
      if (same !== undefined) {
        const first = list.parameters.find((other) => other.type === same.written);
        const at = parameter.name?.span ?? parameter.span;
        diagnostics.push(diagnostic("FLX0303", { at, first: first?.name?.span ?? same.span }, { name, side, node }));
        continue;
      }
      const variable: Variable = { name, type, written: parameter.type, span: parameter.span };
      named?.set(name, variable);
      variables.push(variable);
      const step = shape * mostTypes + id;
      shape = longer.get(step) ?? longer.size + 1;
      if (shape > longer.size) longer.set(step, shape);
    }
    const tuple = variables.length === 0 ? none : variables.slice();
    if (tuple.length > short) shapes.set(tuple, (objects[shape] ??= {}));
    return { tuple, shape };
  };
  return ({ name, inputs, outputs }) => {
    const [taken, produced] = [read(inputs, "input", name.text), read(outputs, "output", name.text)];
    return { inputs: taken.tuple, outputs: produced.tuple, inputShape: taken.shape, outputShape: produced.shape };
  };
}

const none: Tuple = [];

function withName(variables: Tuple, name: string): Variable | undefined {
  for (let at = 0; at < variables.length; at++) if (variables[at]?.name === name) return variables[at];
  return undefined;
}

/** More than a file can hold; the product with as many shapes is still exact. */
const mostTypes = 2 ** 26;

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

/** A word that is no part of any value's type. */
function strayWord(tokens: readonly string[]): string | undefined {
  return tokens.find((token) => specifiers.has(token) || token === "...");
}

function wrongType(parameter: Parameter, type: string, side: "input" | "output"): Diagnostic | undefined {
  const { tokens, span } = parameter.type;
  const shape = outerBracket(tokens);
  if (shape !== undefined) {
    const what = shape === "(" ? "function pointer" : "array";
    const example = shape === "(" ? "typedef void (*callback)(int);" : "typedef struct { char bytes[64]; } buffer;";
    return diagnostic("FLX0302", { at: parameter.span }, { what, example });
  }
  const word = strayWord(tokens);
  if (word !== undefined) {
    return diagnostic("FLX0305", { at: span }, { type: tokens.join(" "), why: `has \`${word}\`, which is no part of a value's type` });
  }
  const extra = secondWord(tokens);
  if (extra !== undefined) return missingComma(parameter, extra);
  if (parameter.name !== undefined && valueType(type) === "void") {
    return diagnostic("FLX0305", { at: span }, { type, why: "is no value", hint: "did you mean `void *`?" });
  }
  if (side === "output" && (isReference(type) || isTopLevelConst(type))) {
    const what = isReference(type) ? "reference" : "constant";
    return diagnostic("FLX0304", { at: span }, { what, type, value: valueType(type) });
  }
  return undefined;
}

function missingComma({ type: { tokens }, name, span }: Parameter, extra: number): Diagnostic {
  const first = spellParameter(canonicalType(tokens.slice(0, extra)), tokens[extra] ?? "");
  const rest = tokens.slice(extra + 1);
  const second = name === undefined || rest.length === 0 ? undefined : spellParameter(canonicalType(rest), name.text);
  const hint = second === undefined ? undefined : `write a comma between parameters: \`${first}, ${second}\``;
  return diagnostic("FLX0305", { at: span }, { type: tokens.join(" ").replaceAll(" :: ", "::"), why: "more than a type and a name", hint });
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
