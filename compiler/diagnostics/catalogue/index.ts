/** Every code, once. FLX01xx syntax, 02xx names, 03xx types, 04xx graph, 05xx constraints, 06xx node functions, 08xx files and tools. */
import { constraints } from "./constraints.ts";
import { files } from "./files.ts";
import { graph } from "./graph.ts";
import { names } from "./names.ts";
import { nodes } from "./nodes.ts";
import { syntax } from "./syntax.ts";
import { types } from "./types.ts";

export const catalogue = { ...syntax, ...names, ...types, ...graph, ...constraints, ...nodes, ...files } as const;
