/** FLX06xx: node functions and the C++ compiler. */
import type { Entry } from "../diagnostic.ts";

export const nodes = {} as const satisfies Record<`FLX06${number}`, Entry>;
