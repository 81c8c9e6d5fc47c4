/** FLX05xx: atomicity constraints and deadlock freedom. */
import type { Entry } from "../diagnostic.ts";

export const constraints = {} as const satisfies Record<`FLX05${number}`, Entry>;
