/** FLX01xx: syntax, and what cannot be read at all. */
import type { Entry } from "../diagnostic.ts";
import { t } from "../template.ts";

export const syntax = {
  FLX0101: {
    severity: "error",
    title: t`expected ${"expected"}, found ${"found"}`,
    labels: { at: t`expected ${"expected"}` },
  },
} as const satisfies Record<`FLX01${number}`, Entry>;
