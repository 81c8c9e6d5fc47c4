/**
 * Programs at random that are all constraints: of the program, of a session, of keys, pools; nested, shared, in dispatches, loops,
 * handlers, under limits. Each counts what its constraints protect in plain memory, and says at the end whether that is right.
 */
export interface LockingProgram {
  /** `p17` */
  readonly name: string;
  /** By file name. */
  readonly files: Readonly<Record<string, string>>;
}

type Kind = "program" | "session" | "keyed" | "pool";

interface Constraint {
  readonly name: string;
  readonly kind: Kind;
  readonly units: number;
}

interface Use {
  readonly of: Constraint;
  readonly reads: boolean;
  /** `undefined`: the constraint, or the whole class. */
  readonly key?: "left" | "right";
}

interface Made {
  readonly name: string;
  readonly uses: readonly Use[];
  /** Nodes inside, in order; none for a function. */
  readonly inside: readonly Made[];
  readonly lines: readonly string[];
  /** What a function changes of its tuple. */
  readonly changes?: "left" | "rounds";
}

const flows = 1500;
const tuple = "int number, int left, int right, int rounds";

/** The same seed gives the same program. */
export function lockingProgram(seed: number): LockingProgram {
  const next = linear(seed);
  const chance = (of: number): boolean => next() < of;
  const any = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T;
  const constraints = [..."abcde"].slice(0, 2 + Math.floor(next() * 4)).map((name): Constraint => {
    const kind = any<Kind>(["program", "program", "session", "keyed", "keyed", "pool"]);
    return { name, kind, units: 1 + Math.floor(next() * 3) };
  });
  const usesOf = (most: number): readonly Use[] =>
    constraints
      .filter(() => chance(0.45))
      .slice(0, most)
      .flatMap((of): readonly Use[] => {
        const reads = of.kind !== "pool" && chance(0.3);
        if (of.kind !== "keyed") return [{ of, reads }];
        if (chance(0.2)) return [{ of, reads: false }];
        const first: Use = { of, reads, key: any(["left", "right"] as const) };
        return chance(0.2) ? [first, { of, reads: chance(0.5), key: first.key === "left" ? "right" : "left" }] : [first];
      });
  const made: Made[] = [];
  const add = (one: Made): Made => (made.push(one), one);

  const count = 5 + Math.floor(next() * 4);
  for (let index = 0; index < count; index++) {
    const changes = chance(0.15) ? "left" : undefined;
    const out = changes === "left" ? "int number, int renewed, int right, int rounds" : tuple;
    const lines = [`N${index} (${tuple}) => (${out});`, ...(chance(0.2) ? [`blocking N${index};`] : []), ...(chance(0.15) ? [`timeout N${index}: 2ms;`] : [])];
    add({ name: `N${index}`, uses: usesOf(3), inside: [], lines, ...(changes === undefined ? {} : { changes }) });
  }
  const abstract = 4 + Math.floor(next() * 4);
  for (let index = 0; index < abstract; index++) {
    const recent = made.slice(-6);
    const steps = Array.from({ length: 1 + Math.floor(next() * 3) }, () => any(recent));
    const names = (all: readonly Made[]): string => all.map((each) => each.name).join(" -> ");
    const name = `A${index}`;
    if (chance(0.3)) {
      const other = [any(recent)];
      add({ name, uses: usesOf(2), inside: [...steps, ...other], lines: [`${name}:[_, ${any(["even", "_"])}, even, _] = ${names(steps)};`, `${name}:[_, _, _, _] = ${chance(0.3) ? "" : names(other)};`] });
    } else if (chance(0.25)) {
      const round = add({ name: `R${index}`, uses: usesOf(1), inside: [], lines: [`R${index} (${tuple}) => (${tuple});`], changes: "rounds" });
      add({
        ...{ name, uses: usesOf(1), inside: [round, ...steps] },
        lines: [`${name} = R${index} -> ${names(steps)} -> ${name}Next;`, `${name}Next:[_, _, _, enough] = ;`, `${name}Next:[_, _, _, _] = ${name};`],
      });
    } else add({ name, uses: usesOf(2), inside: steps, lines: [`${name} = ${names(steps)};`] });
  }
  const handled = constraints.filter(({ kind }) => (kind === "program" || kind === "pool") && chance(0.4)).map((of): Use => ({ of, reads: false }));
  const mentioned = new Set(made.flatMap(({ inside }) => inside));
  const top = made.filter((each) => !mentioned.has(each));
  const name = `p${seed}`;
  return { name, files: { [`${name}.flux`]: fluxText(constraints, made, top, handled), "nodes.hpp": header(made), "nodes.cpp": functions(constraints, made, top, handled) } };
}

function fluxText(constraints: readonly Constraint[], made: readonly Made[], top: readonly Made[], handled: readonly Use[]): string {
  const asks = (node: string, uses: readonly Use[]): readonly string[] =>
    uses.length === 0 ? [] : [`atomic ${node}: {${uses.map(({ of, reads, key }) => `${of.name}${key === undefined ? "" : `[${key}]`}${of.kind === "session" ? "(session)" : ""}${reads ? "?" : ""}`).join(", ")}};`];
  const used = new Set([...made.flatMap(({ uses }) => uses), ...handled].map(({ of }) => of));
  const lines = [
    'include "nodes.hpp";',
    ...["source Feed {session: SessionOf} => Top;", "wait Feed: {readable silent};", "limit Feed: 40;", `Feed () => (${tuple});`],
    ...[`Top = Begin -> ${top.map(({ name }) => name).join(" -> ")} -> End;`, `Begin (${tuple}) => (${tuple});`, `End (${tuple}) => ();`],
    ...["typedef even IsEven;", "typedef enough IsEnough;", "handle error * => Failed;", "Failed (int error) => ();"],
    ...constraints.filter((each) => each.kind === "pool" && used.has(each)).map(({ name, units }) => `pool ${name}: ${units};`),
    ...made.flatMap(({ name, uses, lines: own }) => [...own, ...asks(name, uses)]),
    ...asks("Failed", handled),
  ];
  return `${lines.join("\n")}\n`;
}

function header(made: readonly Made[]): string {
  const lines = [
    ...["#pragma once", '#include "../../load.hpp"', "extern locking::silence silent;", "int init(int argc, char** argv);", "void finish();"],
    ...["int Feed(int& number, int& left, int& right, int& rounds);", "std::int64_t SessionOf(int number, int left, int right, int rounds);"],
    ...["int Begin(int number, int left, int right, int rounds);", "int End(int number, int left, int right, int rounds);", "void Failed(int error);"],
    ...["inline bool IsEven(int value) { return value % 2 == 0; }", "inline bool IsEnough(int rounds) { return rounds % 3 == 0; }"],
    ...made.filter(({ inside }) => inside.length === 0).map((one) => `${signature(one)};`),
  ];
  return `${lines.join("\n")}\n`;
}

function signature({ name, changes }: Made): string {
  if (changes === "left") return `int ${name}(int number, int left, int right, int rounds, int& renewed)`;
  return `int ${name}(int number, int left, int right, int${changes === "rounds" ? "&" : ""} rounds)`;
}

function functions(constraints: readonly Constraint[], made: readonly Made[], top: readonly Made[], handled: readonly Use[]): string {
  const lines = [
    '#include "nodes.hpp"',
    "using locking::visit;",
    "locking::silence silent;",
    "static int fed = 0;",
    "static std::atomic<int> ended{0};",
    ...constraints.map(({ name, kind, units }) => (kind === "pool" ? `static locking::units of_${name}{"${name}", ${units}};` : `static locking::guarded of_${name}{"${name}"};`)),
    "int init(int, char**) { return ::pipe2(silent.ends, O_NONBLOCK | O_CLOEXEC); }",
    `static void one_ended() { if (++ended == ${flows}) flux::stop(); }`,
    "int Feed(int& number, int& left, int& right, int& rounds) {",
    `  if (fed == ${flows}) return flux::again;`,
    "  number = fed++;",
    "  left = number * 7 % 5 % locking::kValues;",
    "  right = number % locking::kValues;",
    "  rounds = 0;",
    "  return 0;",
    "}",
    "std::int64_t SessionOf(int number, int, int, int) { return number % locking::kValues; }",
    "int Begin(int, int, int, int) { return 0; }",
    "int End(int, int, int, int) { one_ended(); return 0; }",
    `void Failed(int) { locking::work(0, 100, {${handled.map((use) => visitText(use)).join(", ")}}); one_ended(); }`,
    ...made.flatMap((one, index) => (one.inside.length === 0 ? functionText(one, index, made, top) : [])),
    "void finish() {",
    ...constraints.filter(({ kind }) => kind !== "pool").map(({ name }) => `  of_${name}.check();`),
    '  std::printf("%d flows, %d wrong\\n", ended.load(), locking::wrong.load());',
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function functionText(one: Made, index: number, made: readonly Made[], top: readonly Made[]): readonly string[] {
  const changed = one.changes === "left" ? ["  renewed = (left + 1) % locking::kValues;"] : one.changes === "rounds" ? ["  ++rounds;"] : [];
  const visits = strongest([...one.uses, ...around(one, made, top)]).map(visitText);
  const unused = ["left", "right", "rounds"].map((name) => `  static_cast<void>(${name});`);
  return [`${signature(one)} {`, ...unused, ...changed, `  return locking::work(number, ${index}, {${visits.join(", ")}});`, "}"];
}

/** What the nodes around it ask for, as far as there is one way to it: all but keys, whose variable may be another there. */
function around(one: Made, made: readonly Made[], top: readonly Made[]): readonly Use[] {
  const uses: Use[] = [];
  for (let at: Made | undefined = one; at !== undefined; ) {
    const inner: Made = at;
    const mentions: Made[] = made.flatMap((each) => each.inside.filter((step) => step === inner).map(() => each));
    const only: Made | undefined = mentions.length === 1 && !top.includes(inner) ? mentions[0] : undefined;
    uses.push(...(only?.uses.filter(({ key }) => key === undefined) ?? []));
    at = only;
  }
  return uses;
}

/** One visit for each constraint and value: who has all of a class needs no key, who writes needs not read. */
function strongest(uses: readonly Use[]): readonly Use[] {
  const kept: Use[] = [];
  for (const use of uses) {
    const whole = uses.some((other) => other.of === use.of && other.key === undefined);
    if (use.key !== undefined && whole) continue;
    const same = kept.findIndex((other) => other.of === use.of && other.key === use.key);
    if (same < 0) kept.push(use);
    else if (!use.reads) kept[same] = use;
  }
  return kept;
}

function visitText({ of, reads, key }: Use): string {
  if (of.kind === "pool") return `visit::takes(of_${of.name})`;
  if (of.kind === "keyed" && key === undefined) return `visit::writes_all(of_${of.name})`;
  const value = of.kind === "session" ? "number % locking::kValues" : (key ?? "0");
  return `visit::${reads ? "reads" : "writes"}(of_${of.name}, ${value})`;
}

/** Numbers from 0 up to 1 (Park and Miller's generator). */
function linear(seed: number): () => number {
  let state = ((seed * 7_368_787) % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state - 1) / 2_147_483_646;
  };
}
