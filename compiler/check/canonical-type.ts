/**
 * One spelling for every C++ type, so that equal types have equal text: `char*` is `char *`, `> >` is `>>`,
 * `T const` is `const T`, `struct T` is `T`, `long unsigned` is `unsigned long`. Compares spellings: no typedef is
 * looked through, no C++ is compiled.
 */

/** `const char *`, `std::vector<std::pair<int, char *>>`. Idempotent. Linear, but for the nesting of template brackets. */
export function canonicalType(tokens: readonly string[]): string {
  return spellType(splitArrows(tokens));
}

/** Qualified with `const` as a whole: `const int`, `char *const`; not `const char *`, which points at one. */
export function isTopLevelConst(canonical: string): boolean {
  const tail = afterBase(canonical);
  return tail.includes("*") ? /\*(?:const|const volatile)$/.test(tail) : canonical.startsWith("const ") && !isReference(canonical);
}

/** `T &`, `T &&`. */
export function isReference(canonical: string): boolean {
  return canonical.endsWith("&");
}

/** `T *`, also `T *const`. */
export function isPointer(canonical: string): boolean {
  return !isReference(canonical) && afterBase(canonical).includes("*");
}

/** The type of the value itself: without references and without a `const` of its own. */
export function valueType(canonical: string): string {
  const value = canonical.replace(/ ?&+$/, "");
  if (afterBase(value).includes("*")) return value.replace(/(?<=\*)(?:const|volatile| )+$/, "");
  return value.replace(/^(?:(?:const|volatile) )+/, "");
}

const qualifiers: ReadonlySet<string> = new Set(["const", "volatile"]);
const elaborators: ReadonlySet<string> = new Set(["struct", "class", "union", "enum", "typename"]);
const arithmetic: ReadonlySet<string> = new Set(["signed", "unsigned", "short", "long", "int", "char", "double", "float"]);

/** Every `>>`, however it came, as two tokens. */
function splitArrows(tokens: readonly string[]): readonly string[] {
  return tokens.some((token) => token === ">>" || token === "&&")
    ? tokens.flatMap((token) => (token === ">>" ? [">", ">"] : token === "&&" ? ["&", "&"] : [token]))
    : tokens;
}

/** Everything behind the last template bracket and name: the pointers and what qualifies them. */
function afterBase(canonical: string): string {
  return canonical.slice(canonical.lastIndexOf(">") + 1);
}

function spellType(tokens: readonly string[]): string {
  const found = new Set<string>();
  const words: string[] = [];
  let base = "";
  let at = 0;
  // The specifiers: qualifiers, words of arithmetic and one name, in any order, up to the first `*`, `&` or bracket.
  for (; at < tokens.length; at++) {
    const token = tokens[at] ?? "";
    if (qualifiers.has(token)) found.add(token);
    else if (elaborators.has(token) && isWord(tokens[at + 1] ?? "")) continue;
    else if (arithmetic.has(token)) words.push(token);
    else if (token === "<") {
      const close = closing(tokens, at);
      base += `<${separated(tokens.slice(at + 1, close))}>`;
      at = close;
    } else if (isWord(token) || token === "::") base = join(base, token);
    else break;
  }
  const parts = [...qualifiers].filter((qualifier) => found.has(qualifier));
  if (words.length > 0) parts.push(spellArithmetic(words));
  if (base !== "") parts.push(base);
  return declarator(parts.join(" "), tokens.slice(at));
}

/** The specifiers are done: `*`, `&`, what qualifies a pointer, and whatever else somebody wrote. */
function declarator(specifiers: string, tokens: readonly string[]): string {
  let text = specifiers;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? "";
    if (token === "*" || token === "&") {
      text += /[*&]$/.test(text) || text === "" ? token : ` ${token}`;
    } else if (qualifiers.has(token)) {
      const own = new Set<string>();
      while (qualifiers.has(tokens[at] ?? "")) own.add(tokens[at++] ?? "");
      at--;
      const spelled = [...qualifiers].filter((qualifier) => own.has(qualifier)).join(" ");
      text += /[*&]$/.test(text) ? spelled : ` ${spelled}`;
    } else if (token === "(" || token === "[" || token === "<") {
      const close = closing(tokens, at);
      const inside = separated(tokens.slice(at + 1, close));
      text += `${token}${inside}${tokens[close] ?? ""}`;
      at = close;
    } else text = join(text, token);
  }
  return text;
}

/** What stands between commas, each a type of its own. */
function separated(tokens: readonly string[]): string {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const [at, token] of tokens.entries()) {
    if (token === "<" || token === "(" || token === "[") depth++;
    else if (token === ">" || token === ")" || token === "]") depth--;
    else if (token === "," && depth === 0) {
      parts.push(spellType(tokens.slice(start, at)));
      start = at + 1;
    }
  }
  if (tokens.length > 0) parts.push(spellType(tokens.slice(start)));
  return parts.join(", ");
}

/** The index of the bracket that closes the one at `open`, or of the last token where none does. */
function closing(tokens: readonly string[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const token = tokens[at] ?? "";
    if (token === "<" || token === "(" || token === "[") depth++;
    else if (token === ">" || token === ")" || token === "]") {
      depth--;
      if (depth === 0) return at;
    }
  }
  return tokens.length - 1;
}

/** `long unsigned int` is `unsigned long`; what is no type (`long float`) keeps its words, sorted. */
function spellArithmetic(words: readonly string[]): string {
  const count = (word: string): number => words.filter((other) => other === word).length;
  const rest = words.filter((word) => word !== "int" && word !== "signed" && word !== "unsigned");
  const unsigned = count("unsigned") > 0;
  if (count("int") > 1 || (unsigned && count("signed") > 0) || rest.length > 2) return [...words].sort().join(" ");
  const kind = [...rest].sort().join(" ");
  switch (kind) {
    case "":
      return unsigned ? "unsigned int" : "int";
    case "char":
      if (count("int") > 0) return [...words].sort().join(" ");
      return unsigned ? "unsigned char" : count("signed") > 0 ? "signed char" : "char";
    case "short":
    case "long":
    case "long long":
      return unsigned ? `unsigned ${kind}` : kind;
    case "double":
    case "float":
      return words.length === 1 ? kind : [...words].sort().join(" ");
    case "double long":
      return words.length === 2 ? "long double" : [...words].sort().join(" ");
    default:
      return [...words].sort().join(" ");
  }
}

function isWord(token: string): boolean {
  return /^\w/.test(token);
}

/** Two words need a blank between them, a symbol needs none. */
function join(text: string, token: string): string {
  return /\w$/.test(text) && isWord(token) ? `${text} ${token}` : text + token;
}
