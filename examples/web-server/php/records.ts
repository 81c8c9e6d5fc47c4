/** The records of FastCGI, for tests: written as it allows and as it forbids. Shares nothing with the server's own. */
export const types = { begin: 1, end: 3, variables: 4, input: 5, output: 6, error: 7, getValuesResult: 10 } as const;

export interface Odd {
  readonly version?: number;
  readonly id?: number;
  readonly padding?: number;
}

export function record(type: number, content: string | Buffer = "", { version = 1, id = 1, padding = 0 }: Odd = {}): Buffer {
  const bytes = Buffer.from(content as string, "latin1");
  const head = Buffer.from([version, type, id >> 8, id & 255, bytes.length >> 8, bytes.length & 255, padding, 0]);
  return Buffer.concat([head, bytes, Buffer.alloc(padding, "p")]);
}

/** As many records as it takes. */
export function output(content: string | Buffer, each = 65_535): Buffer {
  const bytes = Buffer.from(content as string, "latin1");
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += each) parts.push(record(types.output, bytes.subarray(at, at + each)));
  return Buffer.concat(parts);
}

export function end(protocolStatus = 0): Buffer {
  return record(types.end, Buffer.from([0, 0, 0, 0, protocolStatus, 0, 0, 0]));
}

/** What PHP would send for this, and no more. */
export function whole(text: string): Buffer {
  return Buffer.concat([output(text), record(types.output), end()]);
}

/** Name-value pairs. */
export function variablesOf(bytes: Buffer): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  let at = 0;
  const length = (): number => {
    const first = bytes.readUInt8(at);
    at += first < 128 ? 1 : 4;
    return first < 128 ? first : bytes.readUInt32BE(at - 4) & 0x7fff_ffff;
  };
  while (at < bytes.length) {
    const [name, value] = [length(), length()];
    variables.set(bytes.toString("latin1", at, at + name), bytes.toString("latin1", at + name, at + name + value));
    at += name + value;
  }
  return variables;
}
