/** `fluxc doctor [--dev]`: what of this machine works, and the line that mends what does not. */
import type { Argv } from "yargs";
import { exitCode, type ExitCode } from "./exit-code.ts";

interface DoctorArguments {
  readonly dev: boolean;
  readonly format: "human" | "json";
  readonly color?: boolean;
}

export const doctorCommand = {
  command: "doctor",
  describe: "say whether this machine can build and run servers",
  builder: (yargs: Argv) =>
    yargs
      .options({
        dev: { type: "boolean", default: false, describe: "look for what the tests of fluxc itself need, too" },
        format: { choices: ["human", "json"], default: "human", describe: "for a person or for a program", requiresArg: true },
        color: { type: "boolean", describe: "colour, or --no-color" },
      })
      .example("$0 doctor", "each thing with ok, warn or fail, and the line that mends it")
      .example("$0 doctor --dev", "before `npm test`")
      .epilogue("The exit code is 1 where something that is needed fails."),
  run: async ({ dev, format, color }: DoctorArguments): Promise<ExitCode> => {
    const [{ examine }, { findingsText, findingsJson }, { printData, wantsColor }, { painter }] = await Promise.all([
      import("./doctor/examine.ts"),
      import("./doctor/report-findings.ts"),
      import("./console.ts"),
      import("../diagnostics/paint.ts"),
    ]);
    const findings = await examine({ dev });
    printData(format === "json" ? findingsJson(findings) : findingsText(findings, painter(wantsColor(color, process.stdout))));
    return findings.some(({ level }) => level === "fail") ? exitCode.wrong : exitCode.fine;
  },
};
