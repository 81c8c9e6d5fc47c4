/** How findings look, to a person and to a program. */
import type { Paint } from "../../diagnostics/paint.ts";
import type { Finding, Level } from "./finding.ts";

export function findingsText(findings: readonly Finding[], paint: Paint): string {
  const areas = [...new Set(findings.map(({ area }) => area))];
  const styles = { ok: "plain", warn: "warning", fail: "error" } as const satisfies Record<Level, string>;
  const lines = areas.flatMap((area) => [
    paint("title", area),
    ...findings
      .filter((one) => one.area === area)
      .flatMap(({ level, text, fix }) => [`  ${paint(styles[level], level.padEnd(4))}  ${text}`, ...(fix === undefined ? [] : [`        ${paint("help", fix)}`])]),
    "",
  ]);
  return `${[...lines, summary(findings)].join("\n")}\n`;
}

function summary(findings: readonly Finding[]): string {
  const count = (level: Level): number => findings.filter((one) => one.level === level).length;
  const [fails, warnings] = [count("fail"), count("warn")];
  if (fails > 0) return `${fails} of ${findings.length} ${fails === 1 ? "fails" : "fail"}; what stands below each mends it.`;
  return warnings > 0 ? `All that is needed is here; ${warnings} could be better.` : "All is well.";
}

export function findingsJson(findings: readonly Finding[]): string {
  const healthy = !findings.some(({ level }) => level === "fail");
  const plain = findings.map(({ area, level, text, fix }) => ({ area, level, text, fix: fix ?? null }));
  return `${JSON.stringify({ format: "flux-doctor", version: 1, healthy, findings: plain }, undefined, 2)}\n`;
}
