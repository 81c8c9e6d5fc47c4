/** FLX03xx: types of tuples. */
import type { Entry } from "../diagnostic.ts";

export const types = {} as const satisfies Record<`FLX03${number}`, Entry>;
