/**
 * Problems of syntax -> diagnostics: which code each has, and the words that depend on what somebody was writing. Looks
 * at no text: what a message needs the grammar has put into the problem.
 */
import type { Form, NumberRole, SyntaxProblem } from "../../grammar/syntax-problem.ts";
import { closest } from "../text/closest.ts";
import { describeCharacters, type Characters } from "./characters.ts";
import { diagnostic, type Diagnostic } from "./diagnostic.ts";

export function fromSyntax(problem: SyntaxProblem): Diagnostic {
  const { span } = problem;
  const at = { at: span };
  switch (problem.kind) {
    case "unexpected": {
      const { expected, found, form } = problem;
      return diagnostic("FLX0101", at, { expected, found, form: form && howWritten[form] });
    }
    case "missing-semicolon":
      return diagnostic("FLX0102", at, { after: problem.after });
    case "wrong-connector": {
      const { found, expected, form, name } = problem;
      const rule = expected === "::" ? namesOfNamespaces : (connects[form] ?? howWritten[form]);
      return diagnostic("FLX0103", at, { found, expected, rule, source: name });
    }
    case "missing-separator": {
      const { separator, before, after, form } = problem;
      return diagnostic("FLX0104", at, { separator, before, after, form: howWritten[form] });
    }
    case "unclosed": {
      const { bracket, closing, found, opened } = problem;
      return diagnostic("FLX0105", { at: span, opened }, { bracket, closing, found });
    }
    case "unknown-declaration": {
      const { word, next, keywords, isCxx } = problem;
      if (isCxx) return diagnostic("FLX0106", at, { word, next, cxx: cxxElsewhere });
      const suggestion = closest(word, keywords);
      // `Image ReadRequest -> …`: no keyword is near, so it may be another form that lacks a sign.
      const otherwise = suggestion === undefined ? { forms: declares, keywords: listed(keywords, "and") } : {};
      return diagnostic("FLX0106", at, { word, next, suggestion, ...otherwise });
    }
    case "unknown-word": {
      const { word, words, form } = problem;
      const holes = { word, words: listed(words, "or"), suggestion: closest(word, words), form: howWritten[form] };
      return diagnostic("FLX0107", at, holes);
    }
    case "repeated-part": {
      const { part, first } = problem;
      return diagnostic("FLX0108", { at: span, first }, { part, rule: once[part] });
    }
    case "unquoted": {
      const { form, found } = problem;
      return diagnostic("FLX0109", at, { what: quotedThing[form], found, form: howWritten[form] });
    }
    case "empty-string":
      return diagnostic("FLX0110", at, { what: quotedThing[problem.form], form: howWritten[problem.form] });
    case "number-range": {
      const { role, text, least, most } = problem;
      const tooSmall = /^0*(?!\d)/.test(text);
      return diagnostic("FLX0111", at, { role, text, least, most, instead: tooSmall ? insteadOfZero[role] : undefined });
    }
    case "missing-unit":
      return diagnostic("FLX0112", at, { text: problem.text, seconds: `${problem.text}s` });
    case "unknown-unit": {
      const { text, digits, unit } = problem;
      return diagnostic("FLX0113", at, { text, unit, suggestion: durationMeant(digits, unit) });
    }
    case "malformed-number": {
      const { role, text } = problem;
      return diagnostic("FLX0114", at, { role, text, suggestion: numberMeant(text) });
    }
    case "unterminated-comment":
      return diagnostic("FLX0115", at, {});
    case "unterminated-string":
      return diagnostic("FLX0116", at, {});
    case "unknown-character":
      return diagnostic("FLX0117", at, withFraction(problem.number) ?? describeCharacters(problem.text));
    case "too-deep":
      return diagnostic("FLX0118", at, { limit: String(problem.limit), level: String(problem.limit + 1) });
    case "not-utf8":
      return diagnostic("FLX0120", at, { byte: String(problem.byteOffset) });
    case "nul":
      return diagnostic("FLX0121", at, {});
    case "too-large":
      return diagnostic("FLX0122", at, { size: megabytes(problem.bytes), most: megabytes(problem.most) });
    case "empty":
      return diagnostic("FLX0123", at, {});
  }
}

/** One example of each form says more than its grammar. */
const howWritten: Readonly<Record<Form, string>> = {
  signature: "a signature is written `Compress (int socket, image_tag *request) => (int socket);`",
  source: "a source is written `source Listen => Image;` or `source Tick every 50ms => UpdateWorld;`",
  sequence: "a sequence is written `Image = ReadRequest -> CheckCache -> Write;`",
  typedef: "a predicate type is written `typedef hit TestInCache;`",
  case: "a case is written `Handler:[_, _, hit] = ReadInFromDisk -> Compress;`",
  atomic: "a constraint is written `atomic CheckCache: {cache?, bucket[key]};`",
  handle: "a handler is written `handle error ReadInFromDisk => FourOhFour;`",
  include: 'a header is written `include "image_server.h";`',
  link: 'a library is written `link "libjpeg";`',
  wait: "a wait is written `wait ReadRequest: {readable socket};`",
  timeout: "a time limit is written `timeout ReadRequest: 15s;`",
  blocking: "a blocking node is written `blocking ReadInFromDisk;`",
  pool: "a pool is written `pool db: 8;`",
  limit: "a limit is written `limit Listen: 10000;`",
};

/** Which arrow stands where, in a sentence. */
const connects: Readonly<Partial<Record<Form, string>>> = {
  signature: "`=>` stands between the inputs and the outputs of a node",
  source: "a source is connected to its target with `=>`",
  handle: "a path is connected to its handler with `=>`",
  case: "a case and its nodes are connected with `=`, as in `Handler:[_, hit] = Compress;`",
};

const namesOfNamespaces = "`::` stands between a namespace and a name in it, as in `std::string`";

const cxxElsewhere = "C++ stands in files beside the program; of a node only the signature stands here: `Write (int socket) => ();`";

const declares = "a node is declared like `Write (int socket) => ();`, a sequence like `Image = Read -> Write;`";

const quotedThing = { include: "header", link: "library" } as const;

const once: Readonly<Record<Extract<SyntaxProblem, { kind: "repeated-part" }>["part"], string>> = {
  mode: "A constraint has one mode: `?` is a reader, `!` or nothing a writer",
  scope: "A constraint has one scope: `(session)`, or `(program)`, which is the default",
  key: "A constraint has one key at most: `[key]` names an input of the node",
  "session function": "A source has one session function at most",
  period: "A timer source has one period",
};

const insteadOfZero: Readonly<Record<NumberRole, string>> = {
  duration: "to wait without a limit, leave the declaration out",
  "pool size": "a pool of `1` lets one flow in at a time",
  limit: "to start no flows, leave the source out",
};

/** Other languages' units; the first that fits counts. */
const unitsMeant: readonly (readonly [RegExp, (digits: string) => string])[] = [
  [/^(?:ms|msecs?|millis(?:econds?)?|milliseconds?)$/i, (digits) => `${digits}ms`],
  [/^m$|^min(?:ute)?s?$/i, (digits) => `${digits}m`],
  [/^s(?:ec(?:ond)?s?)?$/i, (digits) => `${digits}s`],
  [/^h(?:(?:ou)?rs?)?$/i, (digits) => `${Number(digits) * 60}m`],
  [/^d(?:ays?)?$/i, (digits) => `${Number(digits) * 24 * 60}m`],
];

function durationMeant(digits: string, unit: string): string | undefined {
  // Beyond this a product is not printed as digits.
  if (digits.length > 12) return undefined;
  return unitsMeant.find(([spelling]) => spelling.test(unit))?.[1](digits);
}

/** `1.5s` is `1500ms`. */
function withFraction(number: string | undefined): Characters | undefined {
  const [, whole = "", fraction = "", unit = ""] = /^(\d+)\.(\d{1,3})(s|m)$/.exec(number ?? "") ?? [];
  if (whole === "") return undefined;
  const thousandths = Number(whole) * 1000 + Number(fraction.padEnd(3, "0"));
  const milliseconds = unit === "s" ? thousandths : thousandths * 60;
  return { ...describeCharacters("."), rule: `a duration is a whole number: write \`${milliseconds}ms\`` };
}

/** `10_000`, `0x10`, `8s`. */
function numberMeant(text: string): string | undefined {
  if (/^\d[\d_]*$/.test(text)) return text.replaceAll("_", "");
  if (/^0x[\da-f]{1,8}$/i.test(text)) return String(Number.parseInt(text, 16));
  if (/^\d{1,6}k$/i.test(text)) return `${text.slice(0, -1)}000`;
  return /^(\d+)(?:ms?|s|u|l|ul)$/i.exec(text)?.[1];
}

function listed(words: readonly string[], last: "and" | "or"): string {
  const quoted = words.map((word) => `\`${word}\``);
  const [end = ""] = quoted.slice(-1);
  return quoted.length < 2 ? end : `${quoted.slice(0, -1).join(", ")} ${last} ${end}`;
}

/** Rounded up: a byte over the limit is over the limit. */
function megabytes(bytes: number): string {
  return `${Math.ceil((bytes / 1024 / 1024) * 10) / 10} MB`;
}
