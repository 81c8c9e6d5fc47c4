/** FLX02xx: names that are not declared, declared twice, or cannot be names. */
import type { Entry } from "../diagnostic.ts";
import { t } from "../template.ts";

export const names = {
  FLX0201: {
    severity: "error",
    title: t`no node is named \`${"name"}\``,
    labels: { at: t`not declared` },
    hints: [t`did you mean \`${"suggestion"}\`?`, t`if it is a C++ function, declare it: \`${"undeclared"} (…) => (…);\``],
  },
  FLX0202: {
    severity: "error",
    title: t`\`${"name"}\` has two ${"thing"}`,
    labels: { at: t`declared again`, first: t`first declared here` },
  },
  FLX0203: {
    severity: "error",
    title: t`node \`${"name"}\` has a sequence and cases`,
    text: t`A node is a sequence (\`A = B -> C;\`) or a dispatch (\`A:[_] = B;\`), not both.`,
    labels: { at: t`declared again, in the other form`, first: t`first declared here` },
  },
  FLX0204: {
    severity: "error",
    title: t`no predicate type is named \`${"name"}\``,
    labels: { at: t`no \`typedef\` declares it` },
    hints: [t`did you mean \`${"suggestion"}\`?`, t`declare it: \`typedef ${"undeclared"} Test;\`, where \`Test\` is the C++ predicate`],
  },
  FLX0205: {
    severity: "error",
    title: t`no source is named \`${"name"}\``,
    text: t`A \`limit\` bounds how many flows of a source are in flight.`,
    labels: { at: t`${"is"}` },
    hints: [t`did you mean \`${"suggestion"}\`?`],
  },
  FLX0206: {
    severity: "error",
    title: t`node \`${"name"}\` has no signature, no sequence and no cases`,
    text: t`A node without a sequence or cases is a C++ function, and its signature says what it takes and produces.`,
    labels: { at: t`not declared`, use: t`also named here` },
    hints: [t`did you mean \`${"suggestion"}\`?`, t`declare it: \`${"undeclared"} (…) => (…);\``],
  },
  FLX0207: {
    severity: "error",
    title: t`timer source \`${"name"}\` is used as a node`,
    text: t`A timer source has no function: nothing runs in it that could be a step, hold a constraint, wait or fail.`,
    labels: { at: t`a node is needed here`, timer: t`declared as a timer` },
    hints: [t`name the timer's target: \`${"target"}\``],
  },
  FLX0208: {
    severity: "error",
    title: t`\`${"name"}\` cannot be a name`,
    labels: { at: t`${"why"}` },
    hints: [t`write \`${"instead"}\``],
  },
  FLX0209: {
    severity: "error",
    title: t`\`${"name"}\` names ${"one"} and ${"other"}`,
    text: t`${"why"}.`,
    labels: { at: t`${"one"}`, first: t`${"other"}` },
  },
} as const satisfies Record<`FLX02${number}`, Entry>;
