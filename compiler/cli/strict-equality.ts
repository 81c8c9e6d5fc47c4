/**
 * Stands in the bundle for Node's `assert`, of which yargs uses these two: the real one looks for colours of the terminal
 * and loads all of Node's streams for that, 8 ms at every start.
 */
export function strictEqual(actual: unknown, expected: unknown, message?: string | Error): void {
  if (!Object.is(actual, expected)) throw asError(message ?? `${String(actual)} is not ${String(expected)}`);
}

export function notStrictEqual(actual: unknown, unexpected: unknown, message?: string | Error): void {
  if (Object.is(actual, unexpected)) throw asError(message ?? `${String(actual)} is what it must not be`);
}

function asError(message: string | Error): Error {
  return message instanceof Error ? message : new Error(message);
}
