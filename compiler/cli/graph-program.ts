/** What `fluxc graph` does: reads, checks, draws, writes. What a picture shows is `compiler/graph`'s business. */
import { extname, resolve } from "node:path";
import { checkOnly } from "../compile.ts";
import { replaceFile } from "../emit/write.ts";
import { drawLocks } from "../graph/draw-locks.ts";
import { drawProgram } from "../graph/draw-program.ts";
import { toDot } from "../graph/dot.ts";
import type { Heat } from "../graph/heat.ts";
import { toJson } from "../graph/json.ts";
import { toMermaid } from "../graph/mermaid.ts";
import type { Picture } from "../graph/picture.ts";
import { toSvg } from "../graph/svg.ts";
import type { Program } from "../check/program.ts";
import { withCommas } from "../graph/marks.ts";
import { planLocks } from "../locks/plan-locks.ts";
import { explainNesting } from "../locks/reasons.ts";
import { printData } from "./console.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { UsageError } from "./failure.ts";
import { graphFormats, type GraphArguments } from "./graph.ts";
import { layOut } from "./graphviz.ts";
import type { ReportChoices } from "./options.ts";
import { readProfile } from "./read-profile.ts";
import { readProgram } from "./read-program.ts";
import { printReport, verdict } from "./reporting.ts";

/** @throws UsageError, Failure something cannot be read or written, or the profile is not of this program */
export async function graphProgram(given: GraphArguments, choices: ReportChoices): Promise<ExitCode> {
  const inputs = [given.file, ...(given.profile === undefined ? [] : [given.profile])];
  const taken = inputs.find((input) => given.output !== undefined && resolve(input) === resolve(given.output));
  if (taken !== undefined) throw new UsageError(`\`${taken}\` would be overwritten by its picture`, "name another place with `-o`");
  const source = readProgram(given.file);
  const { value: program, diagnostics: found } = checkOnly(source);
  const plan = given.locks === true && verdict(found, choices) === exitCode.fine ? planLocks(program) : undefined;
  const diagnostics = [...found, ...(plan?.diagnostics ?? []).filter(({ severity }) => severity === "error")];
  if (verdict(diagnostics, choices) !== exitCode.fine) {
    printReport(diagnostics, source, choices);
    return exitCode.wrong;
  }
  const picture = plan === undefined ? drawProgram(program) : drawLocks(program, plan.value, explainNesting(program, plan.value));
  const heat = given.profile === undefined ? undefined : readProfile(given.profile, program, picture);
  const text = await drawn(given.format ?? formatOf(given.output), program, picture, heat);
  if (given.output === undefined) printData(text);
  else replaceFile(given.output, text);
  return exitCode.fine;
}

/** A minute of layout, and a poster. */
const mostBoxes = 3000;

type Format = (typeof graphFormats)[number];

function formatOf(output: string | undefined): Format {
  const ending = output === undefined ? "" : extname(output).slice(1);
  const meant = ending === "mmd" ? "mermaid" : ending === "gv" ? "dot" : ending;
  return graphFormats.find((format) => format === meant) ?? "svg";
}

async function drawn(format: Format, program: Program, picture: Picture, heat: Heat | undefined): Promise<string> {
  switch (format) {
    case "dot":
      return toDot(picture, heat);
    case "mermaid":
      return toMermaid(picture, heat);
    case "json":
      return toJson(picture, program.source, heat);
    case "svg":
      if (picture.boxes.length > mostBoxes) {
        throw new UsageError(`a picture of ${withCommas(picture.boxes.length)} boxes is one that nobody can read`, "--format dot, mermaid and json have no limit");
      }
      return toSvg(picture, await layOut(toDot(picture, heat)), heat);
  }
}
