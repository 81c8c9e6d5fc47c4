/** Graphviz, which comes as WebAssembly with an npm package: loaded only where something is laid out. */
import { createRequire } from "node:module";
import type { Layout } from "../graph/svg.ts";
import { UsageError } from "./failure.ts";

interface Viz {
  renderJSON(dot: string): object;
}

/**
 * By `require`, not by `import`: a megabyte that no other command should load, left out of the bundle.
 *
 * @throws UsageError Graphviz gave up
 */
export async function layOut(dot: string): Promise<Layout> {
  const { instance } = createRequire(import.meta.url)("@viz-js/viz") as { readonly instance: () => Promise<Viz> };
  const viz = await instance();
  try {
    return viz.renderJSON(dot) as Layout;
  } catch (error) {
    throw new UsageError(`Graphviz could not lay this program out: ${String((error as Error).message).split(".")[0]}`, "--format dot, mermaid and json need no layout");
  }
}
