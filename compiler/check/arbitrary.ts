/**
 * Random programs that mean something more often than not: few names, so that declarations meet. For tests; text that
 * fits the grammar and means nothing is `grammar/arbitrary.ts`'s. Takes its chance from the caller, to replay and shrink.
 */
import type { Choose } from "../../grammar/arbitrary.ts";

const nodes = ["Na", "Nb", "Nc", "Nd", "Ne", "Nf", "Ng", "Nh"];
const tuples = ["()", "(int s)", "(int s)", "(int s, bool c)", "(int s, char *l)", "(int s, std::string k)"];

/** Declarations, one an element; the same node may be declared twice only if `twice`. */
export function meaningfulProgram(choose: Choose, twice: boolean): readonly string[] {
  const pick = <T>(from: readonly [T, ...T[]] | readonly T[]): T => from[choose(from.length)] as T;
  const declarations: string[] = ['include "x.h";', "source Listen => Na;", "Listen () => (int s);"];
  const node = (): string => pick(nodes);
  const steps = (most: number): string => Array.from({ length: choose(most + 1) }, node).join(" -> ");
  for (const name of nodes) {
    // Concrete most often, so that what is abstract comes to an end.
    switch (choose(6)) {
      case 0:
        declarations.push(`${name} = ${steps(3)};`);
        if (choose(4) === 0) declarations.push(`${name} ${pick(tuples)} => ${pick(tuples)};`);
        break;
      case 1:
        for (let left = 1 + choose(3); left > 0; left--) declarations.push(`${name}:[${pick(["_", "_", "hit", "_, _", ""])}] = ${steps(2)};`);
        break;
      case 2:
        if (choose(4) === 0) break;
        declarations.push(`${name} ${pick(tuples)} => ${pick(tuples)};`);
        break;
      default:
        declarations.push(`${name} (int s) => (int s);`);
    }
  }
  const handled = new Set<string>();
  for (let left = choose(10); left > 0; left--) {
    const extra = further(choose, pick, node);
    const subject = extra.replace(/(?<=^\w+ \w+).*/s, "");
    if (!twice && handled.has(subject)) continue;
    handled.add(subject);
    declarations.push(extra);
  }
  declarations.push("typedef hit InCache;");
  return declarations;
}

function further(choose: Choose, pick: <T>(from: readonly T[]) => T, node: () => string): string {
  const use = (): string => `${pick(["ca", "cb", "cc"])}${pick(["", "?", "!"])}${pick(["", "", "(session)", "[s]", "[k]"])}`;
  switch (choose(9)) {
    case 0:
      return `atomic ${node()}: {${use()}};`;
    case 1:
      return `atomic ${node()}: {${use()}, ${use()}};`;
    case 2:
      return `wait ${node()}: {readable ${pick(["s", "s", "c", "listener"])}};`;
    case 3:
      return `timeout ${pick([node(), node(), "Listen"])}: 5s;`;
    case 4:
      return `blocking ${node()};`;
    case 5:
      return `pool ${pick(["ca", "db"])}: 4;`;
    case 6:
      return `source ${pick(["Tick every 5ms", node(), `${node()} {session: Of}`])} => ${node()};`;
    case 7:
      return `limit ${pick(["Listen", "Tick", node()])}: 5;`;
    default: {
      const path = Array.from({ length: 1 + choose(3) }, () => pick([node(), node(), node(), "*", "Listen"]));
      return `handle error ${path.join(" -> ")} => ${pick(["H", node()])};`;
    }
  }
}

/** Programs of one type that differ only in which node goes on with which: loops in one another, loops entered twice. */
export function loopingProgram(choose: Choose): readonly string[] {
  const count = 2 + choose(6);
  const name = (): string => nodes[choose(count)] ?? "Na";
  const declarations = ['include "x.h";', "source Listen => Na;", "Listen () => (int s);", "R (int s) => (int s);", "typedef hit InCache;"];
  for (let at = 0; at < count; at++) {
    declarations.push(`${nodes[at]}:[hit] = R -> ${name()};`);
    if (choose(2) === 0) declarations.push(`${nodes[at]}:[hit] = R -> ${name()};`);
    declarations.push(`${nodes[at]}:[_] = R;`);
  }
  return declarations;
}
