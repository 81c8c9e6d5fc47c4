/** A tree as text, one declaration a line with its parts below: for golden files and for people. Reads no text. */
import type {
  Ast, ConstraintUse, Declaration, Duration, Name, Parameter, ParameterList, PathElement, Pattern,
} from "./ast.ts";
import { position, type Source } from "./source.ts";
import type { Span } from "./span.ts";

/** Everything the tree holds. Each line begins with where it stands: `3:1-5:9`, the end being past the last character. */
export function* printAst(ast: Ast, source: Source): Generator<string> {
  const place = ({ start, end }: Span): string => {
    const [from, to] = [position(source, start), position(source, end)];
    return `${from.line}:${from.column}-${to.line}:${to.column}`;
  };
  for (const declaration of ast.declarations) {
    yield `${declaration.kind} ${place(declaration.span)}`;
    for (const [label, text, span] of partsOf(declaration)) yield `  ${label} ${text} ${place(span)}`;
  }
  for (const comment of ast.comments) yield `${comment.kind} comment ${place(comment.span)} ${JSON.stringify(comment.text)}`;
  for (const name of ast.broken) yield `broken ${name.text} ${place(name.span)}`;
}

type Part = readonly [label: string, text: string, span: Span];

function* partsOf(declaration: Declaration): Generator<Part> {
  switch (declaration.kind) {
    case "signature":
      yield namePart("name", declaration.name);
      yield* tuple("input", declaration.inputs);
      yield* tuple("output", declaration.outputs);
      return;
    case "source":
      yield namePart("name", declaration.name);
      if (declaration.session !== undefined) yield namePart("session", declaration.session);
      if (declaration.every !== undefined) yield durationPart("every", declaration.every);
      yield namePart("target", declaration.target);
      return;
    case "sequence":
      yield namePart("name", declaration.name);
      yield* steps(declaration.steps);
      return;
    case "typedef":
      yield namePart("type", declaration.type);
      yield namePart("predicate", declaration.predicate);
      return;
    case "case":
      yield namePart("name", declaration.name);
      yield ["patterns", String(declaration.patterns.length), declaration.patternSpan];
      for (const pattern of declaration.patterns) yield ["pattern", matched(pattern), pattern.span];
      yield* steps(declaration.steps);
      return;
    case "atomic":
      yield namePart("node", declaration.node);
      for (const constraint of declaration.constraints) yield* constraintParts(constraint);
      return;
    case "handle":
      yield ["path", String(declaration.path.length), declaration.pathSpan];
      for (const element of declaration.path) yield ["element", matched(element), element.span];
      yield namePart("handler", declaration.handler);
      return;
    case "include":
      yield ["header", JSON.stringify(declaration.path.text), declaration.path.span];
      return;
    case "link":
      yield ["package", JSON.stringify(declaration.package.text), declaration.package.span];
      return;
    case "wait":
      yield namePart("node", declaration.node);
      for (const { readiness, on, span } of declaration.interests) {
        yield [readiness, on.text, span];
        yield namePart("  on", on);
      }
      return;
    case "timeout":
      yield namePart("node", declaration.node);
      yield durationPart("after", declaration.duration);
      return;
    case "blocking":
      yield namePart("node", declaration.node);
      return;
    case "pool":
      yield namePart("name", declaration.name);
      yield ["size", String(declaration.size.value), declaration.size.span];
      return;
    case "limit":
      yield namePart("source", declaration.source);
      yield ["limit", String(declaration.limit.value), declaration.limit.span];
      return;
  }
}

function namePart(label: string, { text, span }: Name): Part {
  return [label, text, span];
}

function durationPart(label: string, { text, milliseconds, span }: Duration): Part {
  return [label, `${text} = ${milliseconds} ms`, span];
}

function* tuple(label: string, { parameters, span }: ParameterList): Generator<Part> {
  yield [`${label}s`, String(parameters.length), span];
  for (const parameter of parameters) yield* parameterParts(label, parameter);
}

function* parameterParts(label: string, { type, name, span }: Parameter): Generator<Part> {
  yield [label, name?.text ?? "without a name", span];
  yield ["  type", type.tokens.join(" "), type.span];
  if (name !== undefined) yield namePart("  name", name);
}

function* steps(names: readonly Name[]): Generator<Part> {
  for (const name of names) yield namePart("step", name);
}

function matched(one: Pattern | PathElement): string {
  return one.kind === "any" ? "anything" : one.name.text;
}

function* constraintParts({ name, mode, modeSpan, scope, scopeSpan, key, span }: ConstraintUse): Generator<Part> {
  yield ["constraint", name.text, span];
  yield namePart("  name", name);
  if (mode !== undefined && modeSpan !== undefined) yield ["  mode", mode, modeSpan];
  if (scope !== undefined && scopeSpan !== undefined) yield ["  scope", scope, scopeSpan];
  if (key !== undefined) yield namePart("  key", key);
}
