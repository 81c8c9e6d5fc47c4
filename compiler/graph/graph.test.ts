/** Tests of pictures: what stands in the golden files, what holds for every program, and what a real profile comes to. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Program } from "../check/program.ts";
import { checkOnly } from "../compile.ts";
import { buildFlowGraph } from "../flow/build-flow-graph.ts";
import type { FlowGraph } from "../flow/flow-graph.ts";
import { everything, randomProgram } from "../flow/testing/random-program.ts";
import { planLocks } from "../locks/plan-locks.ts";
import { explainNesting } from "../locks/reasons.ts";
import { toDot } from "./dot.ts";
import { drawLocks } from "./draw-locks.ts";
import { drawProgram } from "./draw-program.ts";
import { toJson } from "./json.ts";
import { measure, mismatch } from "./measure.ts";
import { toMermaid } from "./mermaid.ts";
import { palette } from "./palette.ts";
import { parseProfile, type Profile } from "./profile.ts";

const data = (name: string): string => join(import.meta.dirname, "testdata", name);

function programIn(name: string): Program {
  const { value, diagnostics } = checkOnly({ path: name, text: readFileSync(data(name), "utf8") });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return value;
}

function graphOf(program: Program): FlowGraph {
  return buildFlowGraph(program, planLocks(program).value);
}

function profileIn(name: string): Profile {
  const profile = parseProfile(readFileSync(data(name), "utf8"));
  if (typeof profile === "string") throw new Error(profile);
  return profile;
}

describe("a program with everything", () => {
  const program = programIn("everything.flux");
  const picture = drawProgram(program);

  test.each([
    ["dot", toDot(picture)],
    ["mmd", toMermaid(picture)],
    ["json", toJson(picture, program.source)],
  ])("as %s", async (ending, text) => {
    await expect(text).toMatchFileSnapshot(data(`everything.${ending}`));
  });

  test("shows a shared abstract node once, and every mention of it", () => {
    expect(picture.groups.filter(({ node }) => node === "Reply")).toMatchObject([{ shared: true }]);
    expect(picture.boxes.filter(({ kind, title }) => kind === "use" && title === "Reply")).toHaveLength(3);
    expect(picture.lines.filter(({ kind }) => kind === "use")).toHaveLength(3);
  });

  test("leads failures to their handlers", () => {
    const failures = picture.lines.filter(({ kind }) => kind === "failure").map(({ from, to, label }) => [from, to, label]);
    expect(failures).toEqual([["Sweep", "Note", ""], ["any other failure", "Note", ""], ["Read", "Explain", ""], ["Fetch", "Explain", "in Serve -> Look"]]);
  });
});

describe("constraints", () => {
  const folder = join(import.meta.dirname, "../locks/testdata");
  const sound = readdirSync(folder).flatMap((name) => {
    const { value: program } = checkOnly({ path: `${name}.flux`, text: readFileSync(join(folder, name, "input.flux"), "utf8") });
    const { value: plan, diagnostics } = planLocks(program);
    return diagnostics.some(({ severity }) => severity === "error") ? [] : [{ name, program, plan }];
  });

  test.each(sound)("of $name: a line up the order only where something is acquired early for it", ({ program, plan }) => {
    const { boxes, lines } = drawLocks(program, plan, explainNesting(program, plan));
    expect(boxes.map(({ id }) => id)).toEqual(plan.order);
    const place = (id: string): number => plan.order.indexOf(id);
    for (const { from, to, kind } of lines) expect(kind).toBe(place(from) < place(to) ? "nesting" : "against");
    const early = [...plan.acquires.values()].flat().some(({ movedFor }) => movedFor !== undefined);
    expect(lines.some(({ kind }) => kind === "against")).toBe(early);
  });
});

describe("every program", () => {
  const programs = Array.from({ length: 60 }, (_, seed) => randomProgram(seed + 1, { ...everything, locks: 0 }));

  test("is drawn with lines between boxes that are there, boxes in groups that are there, and ids that are unique", () => {
    for (const program of programs) {
      const { boxes, groups, lines } = drawProgram(program);
      const ids = boxes.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { from, to } of lines) expect([ids.includes(from), ids.includes(to)]).toEqual([true, true]);
      const known = new Set<string>();
      for (const { id, parent } of groups) {
        if (parent !== undefined) expect(known.has(parent)).toBe(true);
        known.add(id);
      }
      for (const { group } of boxes) if (group !== undefined) expect(known.has(group)).toBe(true);
    }
  });

  test("is drawn with every case of every dispatch that a flow reaches, once", () => {
    for (const program of programs) {
      const { boxes, lines } = drawProgram(program);
      for (const box of boxes.filter(({ kind }) => kind === "dispatch")) {
        const node = program.nodes.get(box.node ?? "");
        const cases = node?.kind === "dispatch" ? node.cases.map((_, index) => index) : [];
        expect(lines.filter(({ from, kind }) => from === box.id && kind !== "failure").map(({ caseIndex }) => caseIndex).toSorted()).toEqual(cases);
      }
    }
  });

  test("is drawn with every mention that the flow graph calls", () => {
    for (const program of programs) {
      const drawn = new Set(drawProgram(program).boxes.flatMap(({ node }) => node ?? []));
      const called = graphOf(program).blocks.flatMap(({ exit }) => (exit.kind === "call" ? [exit.node] : exit.kind === "call-handler" ? [exit.handler] : []));
      expect(called.filter((node) => !drawn.has(node))).toEqual([]);
    }
  });

  test("is said in DOT and Mermaid whose lines are whole, and the same each time", () => {
    for (const program of programs) {
      const picture = drawProgram(program);
      const [dot, mermaid] = [toDot(picture), toMermaid(picture)];
      for (const line of [...dot.split("\n"), ...mermaid.split("\n")]) expect(line.replaceAll('\\"', "").split('"').length % 2).toBe(1);
      expect([...dot].filter((letter) => letter === "{").length).toBe([...dot].filter((letter) => letter === "}").length);
      expect([toDot(drawProgram(program)), toMermaid(drawProgram(program))]).toEqual([dot, mermaid]);
    }
  });
});

describe("a profile", () => {
  const program = programIn("lines.flux");
  const graph = graphOf(program);
  const picture = drawProgram(program);
  const profile = profileIn("lines.profile.json");
  const heat = measure(picture, graph, profile);

  test("paints where the time went", async () => {
    expect(mismatch(program, graph, profile)).toBeUndefined();
    await expect(toDot(picture, heat)).toMatchFileSnapshot(data("lines.hot.dot"));
    const shares = [...heat.boxes.values()].reduce((sum, { share }) => sum + share, 0);
    expect(shares).toBeCloseTo(1, 6);
  });

  // The server was asked by hand: 13 lines of which 3 were `quit`, one talk hung up, one said too much.
  test("tells how often each way was taken", () => {
    const counts = Object.fromEntries(picture.lines.map((line) => [`${line.from} ${line.kind} ${line.to}`, heat.lines.get(line)?.count]));
    expect(counts).toMatchObject({
      "Listen start ReadLine": 5,
      "ReadLine flow Answer": 13,
      "Answer case SayGoodbye": 3,
      "Answer case Echo": 10,
      "Send 2 round ReadLine": 10,
      "ReadLine failure Explain": 2,
      "Send flow HangUp": 3,
    });
  });

  test("of what goes into a box as much comes out, where nothing failed", () => {
    for (const box of picture.boxes.filter(({ kind }) => kind === "dispatch")) {
      const sum = (lines: typeof picture.lines): number => lines.reduce((all, line) => all + (heat.lines.get(line)?.count ?? 0), 0);
      expect(sum(picture.lines.filter(({ from }) => from === box.id))).toBe(sum(picture.lines.filter(({ to }) => to === box.id)));
    }
  });

  test("of another program, or of another version, is told apart", () => {
    const other = programIn("everything.flux");
    expect(mismatch(other, graph, profile)).toMatch(/^it knows a node `/);
    const [first] = profile.paths;
    expect(mismatch(program, graph, { ...profile, paths: [{ unit: first?.unit ?? "", path: 10n ** 9n, count: 1 }] })).toMatch(/ways/);
    expect(mismatch(program, graph, { ...profile, sources: [] })).toBe("it does not know the source `Listen`");
  });

  test("with ways that are not known still paints boxes, and says so", () => {
    const blind = measure(picture, graph, { ...profile, otherPaths: 1000 });
    expect(blind.lines.size).toBe(0);
    expect(blind.boxes.size).toBeGreaterThan(5);
    expect(blind.about).toMatch(/^Measured over 5 flows; how often each line was taken is not known \(1 % /);
  });

  test.each([
    ["text", "hello", "it is no JSON"],
    ["other JSON", "[]", "its `format` is not `flux-profile`"],
    ["a later version", '{"format":"flux-profile","version":2}', "its version is 2, and this fluxc reads version 1"],
    ["half of one", '{"format":"flux-profile","version":1,"program":"a","file":"b","paths":{}}', "parts of it are missing"],
    ["wrong counts", '{"format":"flux-profile","version":1,"program":"a","file":"b","sources":[{"source":"S","started":-1}],"nodes":[],"paths":{"counts":[],"other":{"count":0}}}', "a count in it is no number"],
  ])("that is %s is none", (_, text, reason) => {
    expect(parseProfile(text)).toBe(reason);
  });
});

describe("colours", () => {
  const luminance = (color: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one: string, other: string): number => {
    const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  test("of text can be read on every ground it stands on, by day and by night", () => {
    const texts = {
      ink: ["node", "source", "dispatch", "use", "handler", "group", "heat1", "heat2", "heat3", "heat4", "heat5"],
      quiet: ["ground", "group", "node", "source", "handler"],
      constraint: ["node", "source", "handler", "group"],
      waiting: ["node", "source", "handler"],
      blocking: ["node", "handler"],
      dispatchLine: ["ground", "group"],
      round: ["ground", "group"],
      failure: ["ground", "group"],
    } as const;
    const poor = Object.entries(texts).flatMap(([text, grounds]) =>
      grounds.flatMap((ground) =>
        (["light", "dark"] as const)
          .map((page) => ({ text, ground, page, contrast: contrast(palette[text as keyof typeof palette][page], palette[ground][page]) }))
          .filter((one) => one.contrast < 4.5),
      ),
    );
    expect(poor).toEqual([]);
  });

  test("are unique by day, so that each has one of its own by night", () => {
    const light = Object.values(palette).map((shade) => shade.light);
    expect(new Set(light).size).toBe(light.length);
  });
});
