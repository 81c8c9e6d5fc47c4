/**
 * What g++ or clang prints, as data: plain text without excerpts of source (`-fno-diagnostics-show-caret`, clang
 * `-fno-caret-diagnostics`; with them too, they are passed over). Judges nothing.
 */

export interface CxxPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface CxxError extends CxxPlace {
  readonly text: string;
  /** What it adds, in order. */
  readonly notes: readonly (CxxPlace & { readonly text: string })[];
  /** Where templates were asked for, from the inside out. */
  readonly requiredFrom: readonly CxxPlace[];
}

const message = /^(.+?):(\d+):(?:(\d+):)? (fatal error|error|warning|note): (.*)$/;
const required = /^(.+?):(\d+):(\d+): {3}(?:recursively )?required (?:from|by)/;
const instantiated = /\brequested here$/;

/** Every error, in the order printed. */
export function cxxErrors(output: string): readonly CxxError[] {
  const errors: { -readonly [Key in keyof CxxError]: CxxError[Key] }[] = [];
  let context: CxxPlace[] = [];
  let inWarning = false;
  for (const line of output.split("\n")) {
    const from = required.exec(line);
    if (from !== null) {
      context.push(placeOf(from[1], from[2], from[3]));
      continue;
    }
    const found = message.exec(line);
    if (found === null) continue;
    const [, file, row, column, severity, text = ""] = found;
    const place = placeOf(file, row, column);
    const last = errors.at(-1);
    if (severity === "note") {
      if (last === undefined || inWarning) continue;
      if (instantiated.test(text)) last.requiredFrom = [...last.requiredFrom, place];
      else last.notes = [...last.notes, { ...place, text: plainQuotes(text) }];
      continue;
    }
    inWarning = severity === "warning";
    // With -Werror a warning is an error, and says so itself.
    if (!inWarning) errors.push({ ...place, text: plainQuotes(text), notes: [], requiredFrom: context });
    context = [];
  }
  return errors;
}

/** The symbols a linker looked for in vain, each once: `ReadRequest(int, bool&)`, or `ReadRequest` if it is C. */
export function undefinedSymbols(output: string): readonly string[] {
  const plain = plainQuotes(output);
  const found = [...plain.matchAll(/undefined (?:reference to [`']([^'\n]+)'|symbol: ([^\n]+))/g)];
  return [...new Set(found.map(([, ld, lld]) => (ld ?? lld ?? "").trim()))];
}

function placeOf(file = "", line = "", column = "1"): CxxPlace {
  return { file, line: Number(line), column: Number(column) };
}

function plainQuotes(text: string): string {
  return text.replaceAll(/[\u2018\u2019]/g, "'");
}
