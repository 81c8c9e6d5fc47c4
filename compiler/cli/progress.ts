/** Tells a person who waits what is going on: on a terminal only, and only once it has taken a second. */
import { printMessage } from "./console.ts";

export interface Progress {
  /** What is being done now, in a few words. */
  show(doing: string): void;
  /** Takes the line away. */
  end(): void;
}

export function startProgress(isTerminal: boolean = process.stderr.isTTY === true): Progress {
  if (!isTerminal) return { show: () => undefined, end: () => undefined };
  let visible = false;
  let latest = "";
  const draw = (): void => {
    visible = true;
    printMessage(`\r\x1b[K  ${latest.slice(0, Math.max(20, (process.stderr.columns ?? 80) - 4))}`);
  };
  const patience = setTimeout(draw, 1000);
  return {
    show: (doing) => {
      latest = doing;
      if (visible) draw();
    },
    end: () => {
      clearTimeout(patience);
      if (visible) printMessage("\r\x1b[K");
      visible = false;
    },
  };
}
