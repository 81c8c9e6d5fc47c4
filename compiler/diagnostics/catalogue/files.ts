/** FLX08xx: files, tools and the machine. */
import type { Entry } from "../diagnostic.ts";

export const files = {} as const satisfies Record<`FLX08${number}`, Entry>;
