/** The grammar as EBNF (ISO 14977), read off the parser, so that it cannot say anything else. Parses nothing. */
import type { ISerializedGast, TokenType } from "chevrotain";
import { FluxParser } from "./parser.ts";
import { allTokens, declarationKeywords, innerKeywords, InnerTypeWord, spelling, TypeWord } from "./tokens.ts";

/** The text of `flux.ebnf`. */
export function ebnf(): string {
  const rules = inReadingOrder(new FluxParser("described").getSerializedGastProductions());
  const blocks = rules.map((rule) => `${kebab(nameOf(rule))} = ${sequence(definitionOf(rule))} ;`);
  return `${[head, ...blocks, lexical()].join("\n\n")}\n`;
}

const head = `(* The grammar of Flux, generated from the parser by grammar/ebnf.ts. White space and comments may stand
   between any two tokens. Keywords are contextual: each is an identifier too, and \`name (\`, \`name =\` and
   \`name : [\` begin a signature, a sequence and a case whatever the name. *)`;

/** What the lexer decides, which the parser's rules do not show. */
function lexical(): string {
  const classes = [TypeWord, InnerTypeWord].map((category) => {
    const members = allTokens.filter((token) => token.CATEGORIES?.includes(category));
    return `${kebab(category.name)} = ${members.map(({ name }) => terminal(name)).join(" | ")} ;`;
  });
  const keywords = [...declarationKeywords, ...innerKeywords].map((keyword) => `"${spelling(keyword)}"`).join(" | ");
  return [
    ...classes,
    `identifier = ( letter | "_" ), { letter | digit | "_" } ;`,
    `keyword = ${keywords} ;`,
    `integer = digit, { digit } ;`,
    `quantity = integer, ( letter | "_" ), { letter | digit | "_" } ; (* a duration: its unit is ms, s or m *)`,
    `string-literal = '"', { ? any character but '"' and a line end ? }, '"' ;`,
    `line-comment = "//", { ? any character but a line end ? } ;`,
    `block-comment = "/*", ? the shortest text that ends here ?, "*/" ;`,
    `letter = ? A to Z, a to z ? ;`,
    `digit = ? 0 to 9 ? ;`,
  ].join("\n\n");
}

/** Chevrotain's own shape, as far as this reads it. */
interface Production extends ISerializedGast {
  readonly name?: string;
  readonly separator?: Production;
}

/** From `program` on, each rule soon after the first that mentions it. */
function inReadingOrder(rules: readonly Production[]): readonly Production[] {
  const byName = new Map(rules.map((rule) => [nameOf(rule), rule]));
  const ordered = new Set<Production>();
  const visit = (production: Production): void => {
    if (production.type !== "NonTerminal") definitionOf(production).forEach(visit);
    const rule = byName.get(nameOf(production));
    if (rule === undefined || ordered.has(rule)) return;
    ordered.add(rule);
    definitionOf(rule).forEach(visit);
  };
  const program = byName.get("program");
  if (program !== undefined) {
    ordered.add(program);
    visit({ ...program, name: "" });
  }
  return [...ordered, ...rules.filter((rule) => !ordered.has(rule))];
}

function nameOf(production: Production): string {
  return production.name ?? "";
}

function definitionOf(production: Production): readonly Production[] {
  return production.definition ?? [];
}

function sequence(productions: readonly Production[]): string {
  return productions.map((production) => one(production, productions.length > 1)).join(", ");
}

function one(production: Production, inSequence: boolean): string {
  const inner = (): string => sequence(definitionOf(production));
  const separator = (): string => (production.separator === undefined ? "" : one(production.separator, true));
  switch (production.type) {
    case "Terminal":
      return terminal(nameOf(production));
    case "NonTerminal":
      return kebab(nameOf(production));
    case "Option":
      return `[ ${inner()} ]`;
    case "Repetition":
      return `{ ${inner()} }`;
    case "RepetitionMandatory":
      return `( ${inner()} ), { ${inner()} }`;
    case "RepetitionWithSeparator":
      return `[ ${inner()}, { ${separator()}, ${inner()} } ]`;
    case "RepetitionMandatoryWithSeparator":
      return `${inner()}, { ${separator()}, ${inner()} }`;
    case "Alternation": {
      const alternatives = definitionOf(production).map((alternative) => sequence(definitionOf(alternative)));
      const text = alternatives.join(alternatives.length > 4 ? "\n  | " : " | ");
      return inSequence ? `( ${text} )` : text;
    }
    default:
      throw new Error(`compiler bug: expected that EBNF is known for ${production.type}`);
  }
}

/** As written, where a token is always written the same. */
function terminal(name: string): string {
  const token = allTokens.find((type: TokenType) => type.name === name);
  return typeof token?.PATTERN === "string" ? `"${token.PATTERN}"` : kebab(name);
}

function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
}
