/** FLX04xx: the shape of the flow graph. */
import type { Entry } from "../diagnostic.ts";

export const graph = {} as const satisfies Record<`FLX04${number}`, Entry>;
