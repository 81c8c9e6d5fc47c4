/** FLX02xx: names that are not declared, or declared twice. */
import type { Entry } from "../diagnostic.ts";
import { t } from "../template.ts";

export const names = {
  FLX0201: {
    severity: "error",
    title: t`no node is named \`${"name"}\``,
    labels: { at: t`not declared` },
    hints: [t`did you mean \`${"suggestion"}\`?`],
  },
} as const satisfies Record<`FLX02${number}`, Entry>;
