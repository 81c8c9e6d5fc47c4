/** Tests of `fluxc locks` as a person uses it. What it says of programs is in the golden files of `compiler/target`. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageFolder } from "./installed.ts";

function locks(words: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(packageFolder(), "dist/fluxc.js"), "locks", ...words], {
    cwd: packageFolder(), input, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" },
  });
  return { code: status, stdout, stderr };
}

const paper = "compiler/target/testdata/paper-example/input.flux";

test("says the order and the certificate", () => {
  const { code, stdout, stderr } = locks([paper]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^order: x < y\n[^]*\ncertificate: 4 acquisitions and 3 calls in 17 blocks: none comes against the order/);
});

test("is JSON for programs, also where the program is wrong", () => {
  const { order, nodes, diagnostics } = JSON.parse(locks([paper, "--format", "json"]).stdout) as Record<string, readonly { node?: string; code?: string }[]>;
  expect(order).toEqual(["x", "y"]);
  expect(nodes?.find(({ node }) => node === "C")).toEqual({
    node: "C",
    acquires: [{ constraint: "x", mode: "write", scope: "program", early: true, for: "D" }, { constraint: "y", mode: "write", scope: "program" }],
  });
  expect(diagnostics?.map(({ code }) => code)).toEqual(["FLX0530"]);

  const wrong = locks(["-", "--format", "json"], "source Nobody => Nothing;\n");
  expect(wrong.code).toBe(1);
  expect(JSON.parse(wrong.stdout)).toMatchObject({ order: [], nodes: [] });
  expect((JSON.parse(wrong.stdout) as { readonly diagnostics: readonly unknown[] }).diagnostics.length).toBeGreaterThan(0);
});

test("is a model for Spin", () => {
  expect(locks([paper, "--promela"]).stdout).toMatch(/^\/\* spin -search FILE[^]*proctype flow_of_Listen_1\(\)[^]*\ninit \{/);
});

test("reports what is wrong with a program", () => {
  const { code, stdout, stderr } = locks(["-"], "source Nobody => Nothing;\n");
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("error[FLX");
});
