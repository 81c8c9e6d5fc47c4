/** Tests of `fluxc doctor`: what it says of machines that are not this one, and that it says the truth of this one. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { painter } from "../../diagnostics/paint.ts";
import { packageFolder } from "../installed.ts";
import { debianPackages } from "../setup.ts";
import { fail, ok, warn } from "./finding.ts";
import { kernelFindings } from "./kernel.ts";
import { limitFindings } from "./limits.ts";
import { findingsJson, findingsText } from "./report-findings.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fluxc-doctor-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function doctor(words: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const { NO_COLOR, FORCE_COLOR, CXX, ...plain } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(packageFolder(), "dist/fluxc.js"), "doctor", ...words], {
    encoding: "utf8", env: { ...plain, XDG_CACHE_HOME: join(folder, "cache"), ...environment },
  });
  return { code: status, stdout, stderr };
}

describe("limits", () => {
  const shell = (soft: string, hard: string): string => `Limit  Soft Limit  Hard Limit  Units\nMax processes  ${soft}  ${hard}  processes\nMax open files  ${soft}  ${hard}  files\n`;

  test("that are wide are fine", () => {
    const findings = limitFindings({ processLimits: shell("65536", "65536"), overcommit: "0\n", backlog: "4096\n", threadsMax: "100000\n", pidMax: "32768\n", mapCount: "65530\n" });
    expect(findings.map(({ level }) => level)).toEqual(["ok", "ok", "ok", "ok"]);
    expect(findings[1]?.text).toContain("32,765 threads");
  });

  test("that are narrow come with the line that widens them", () => {
    const findings = limitFindings({ processLimits: shell("1024", "524288"), overcommit: "2\n", backlog: "128\n", threadsMax: "100000\n", pidMax: "32768\n", mapCount: "2000\n" });
    expect(findings.map(({ level, fix }) => [level, fix])).toEqual([
      ["warn", "ulimit -n 65536"],
      ["warn", "sudo sysctl -w vm.max_map_count=262144"],
      ["warn", "sudo sysctl -w vm.overcommit_memory=0"],
      ["warn", "sudo sysctl -w net.core.somaxconn=4096"],
    ]);
  });

  test("without a hard one to raise to need another way", () => {
    expect(limitFindings({ processLimits: shell("1024", "1024") })[0]?.fix).toContain("/etc/security/limits.d");
    expect(limitFindings({ processLimits: shell("unlimited", "unlimited") })[0]).toMatchObject({ level: "ok" });
    expect(limitFindings({})).toEqual([]);
  });
});

test("a kernel is told apart: what is needed, what is better, what nothing suffers from", () => {
  const findings = kernelFindings("epoll 38\nopenat2 38\nepoll_pwait2 1\nio_uring 1\nSO_REUSEPORT 0\n");
  expect(findings.map(({ level, text }) => `${level} ${text.split(":")[0]}`)).toEqual([
    "fail epoll is not there",
    "warn epoll_pwait2 is not allowed",
    "ok SO_REUSEPORT",
    "warn openat2 is not there",
    "ok io_uring is not allowed",
  ]);
  expect(findings[1]?.fix).toContain("seccomp");
  expect(findings[3]?.fix).toBe("boot Linux 5.6 or newer");
});

test("findings are read by people and by programs", () => {
  const findings = [ok("compiler", "a"), warn("limits", "b", "mend b"), fail("limits", "c", "mend c")];
  expect(findingsText(findings, painter(false))).toBe(
    "compiler\n  ok    a\n\nlimits\n  warn  b\n        mend b\n  fail  c\n        mend c\n\n1 of 3 fails; what stands below each mends it.\n",
  );
  expect(JSON.parse(findingsJson(findings))).toMatchObject({ format: "flux-doctor", healthy: false, findings: [{ level: "ok", fix: null }, {}, { fix: "mend c" }] });
  expect(findingsText([ok("cache", "a")], painter(false))).toContain("All is well.");
});

describe("this machine", () => {
  test("builds servers, as other tests show", () => {
    const { code, stdout } = doctor(["--format", "json"]);
    expect(code).toBe(0);
    const { healthy, findings } = JSON.parse(stdout) as { readonly healthy: boolean; readonly findings: readonly { readonly area: string; readonly level: string; readonly text: string }[] };
    expect(healthy).toBe(true);
    expect(findings.filter(({ area }) => area === "kernel").length).toBeGreaterThan(5);
    expect(findings.map(({ text }) => text).join()).toContain("compiles C++20");
  });

  test("without a compiler fails, with the line that installs one; --dev names every package of the tests", () => {
    mkdirSync(join(folder, "empty"));
    const { code, stdout } = doctor(["--dev"], { PATH: join(folder, "empty") });
    expect(code).toBe(1);
    expect(stdout).toMatch(/fail {2}the C\+\+ compiler `g\+\+` is not installed\n {8}sudo apt-get install g\+\+\n/);
    for (const { name, has } of debianPackages) if ("command" in has) expect(stdout).toContain(`${name} is not installed`);
  });

  test("with a compiler of another time fails with what that said", () => {
    const old = join(folder, "old");
    writeFileSync(old, '#!/bin/sh\n[ "$1" = --version ] && { echo "old 4.8"; exit 0; }\necho "error: unrecognized option -std=c++20" >&2\nexit 1\n');
    chmodSync(old, 0o755);
    const { code, stdout } = doctor([], { CXX: old });
    expect(code).toBe(1);
    expect(stdout).toContain("(old 4.8) does not compile C++20: error: unrecognized option");
  });

  test("with a cache that cannot be written still builds, only slower", () => {
    const { code, stdout } = doctor([], { XDG_CACHE_HOME: "/proc" });
    expect(code).toBe(0);
    expect(stdout).toMatch(/warn {2}\/proc\/fluxc cannot be written/);
  });
});
