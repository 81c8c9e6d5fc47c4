/** Draws a cycle of names, so that it is seen and not only read. */

/**
 * Each name once, in the order of the cycle; a name that follows itself is a cycle of one.
 *
 *     ┌─> Image
 *     │   Handler
 *     └── Retry
 */
export function drawCycle(names: readonly string[]): string {
  const shown = names.length <= most ? names : [...names.slice(0, most - 2), `… ${names.length - most + 1} more …`, names.at(-1) ?? ""];
  if (shown.length === 1) return `┌─> ${shown[0]}\n└───┘`;
  return shown
    .map((name, index) => `${index === 0 ? "┌─> " : index === shown.length - 1 ? "└── " : "│   "}${name}`)
    .join("\n");
}

const most = 12;
