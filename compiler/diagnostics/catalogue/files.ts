/** FLX08xx: files, tools and the machine. */
import type { Entry } from "../diagnostic.ts";
import { t } from "../template.ts";

export const files = {
  FLX0801: {
    severity: "error",
    title: t`cannot read \`${"path"}\`: ${"reason"}`,
    labels: { at: t`cannot be read` },
    hints: [t`did you mean \`${"suggestion"}\`?`],
  },
  FLX0802: {
    severity: "error",
    title: t`\`${"path"}\` is a directory, not a program`,
    labels: { at: t`a directory` },
    hints: [t`name the program in it: \`${"suggestion"}\``],
  },
  FLX0803: {
    severity: "error",
    title: t`cannot write \`${"path"}\`: ${"reason"}`,
    labels: { at: t`cannot be written` },
    hints: [t`name another place with \`-o\``, t`${"advice"}`],
  },
  FLX0804: {
    severity: "error",
    title: t`the C++ compiler \`${"compiler"}\` ${"fault"}`,
    labels: { at: t`needs a C++ compiler` },
    hints: [t`install one with \`${"install"}\``, t`name another with \`--cxx\` or the variable CXX`],
  },
  FLX0805: {
    severity: "error",
    title: t`the C++ compiler failed on \`${"file"}\`: ${"reason"}`,
    text: t`${"output"}`,
    labels: { at: t`compiled here` },
    hints: [t`${"advice"}`],
  },
  FLX0806: {
    severity: "error",
    title: t`several programs stand in \`${"folder"}\``,
    text: t`Every C and C++ source beside a program is taken for its node functions; beside ${"programs"} that would give each the functions of the others.`,
    labels: { at: t`one of several` },
    hints: [t`name the sources of this one: \`--nodes '${"glob"}'\``],
  },
  FLX0807: {
    severity: "error",
    title: t`no file matches \`--nodes ${"glob"}\``,
    labels: { at: t`has no node sources` },
    hints: [t`a glob is relative to the current directory, and is put in quotes: \`--nodes 'src/*.cpp'\``],
  },
  FLX0808: {
    severity: "error",
    title: t`the library \`${"package"}\` is not installed`,
    text: t`${"output"}`,
    labels: { at: t`unknown to pkg-config` },
    hints: [t`find the Debian package that has it: \`apt-file search ${"package"}.pc\``],
  },
  FLX0809: {
    severity: "error",
    title: t`\`${"tool"}\` is not installed`,
    labels: { at: t`needs \`${"tool"}\`` },
    hints: [t`install it with \`${"install"}\``],
  },
  FLX0810: {
    severity: "error",
    title: t`the runtime \`${"runtime"}\` cannot be used: ${"reason"}`,
    labels: { at: t`described here` },
  },
  FLX0811: {
    severity: "error",
    title: t`\`${"path"}\` would be overwritten by the server`,
    labels: { at: t`is an input of the build` },
    hints: [t`name another place with \`-o\``],
  },
} as const satisfies Record<`FLX08${number}`, Entry>;
