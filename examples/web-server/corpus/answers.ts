/** Takes what a server sent apart into answers, strictly: what is not the grammar of RFC 9112 is left over. */

export interface Response {
  readonly status: number;
  readonly version: string;
  /** In the order they came, names in small letters. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** How many 1xx answers came before it. */
  readonly informational: number;
}

export interface Stream {
  /** The final answers. */
  readonly responses: readonly Response[];
  /** A 1xx answer that no final answer follows, where nothing else is left over. */
  readonly waiting: Response | undefined;
  /** The bytes from the first place on that is not a complete answer. */
  readonly rest: string;
}

/** @param isHead whether the final answer of this number answers HEAD. */
export function parseAnswers(bytes: string, isHead: (index: number) => boolean): Stream {
  const responses: Response[] = [];
  let at = 0;
  let next = at;
  let informational = 0;
  let waiting: Response | undefined;
  for (;;) {
    const head = parseHead(bytes, next);
    if (head === undefined) break;
    if (head.status < 200) {
      informational++;
      next = head.end;
      waiting = { ...head, body: "", informational: 0 };
      continue;
    }
    const empty = isHead(responses.length) || head.status === 204 || head.status === 304;
    const length = empty ? 0 : Number(valueOf(head, "content-length") ?? Number.NaN);
    // Both servers give every answer with content its length; without one it would run to the end.
    if (!(head.end + length <= bytes.length)) break;
    at = head.end + length;
    next = at;
    const { status, version, fields } = head;
    responses.push({ status, version, fields, informational, body: bytes.slice(head.end, at) });
    informational = 0;
    waiting = undefined;
  }
  const isWaiting = waiting !== undefined && next === bytes.length;
  return { responses, waiting: isWaiting ? waiting : undefined, rest: isWaiting ? "" : bytes.slice(at) };
}

/** The value of the first field of this name. */
export function valueOf(response: Pick<Response, "fields">, name: string): string | undefined {
  return response.fields.find(([each]) => each === name)?.[1];
}

const statusLine = /^(HTTP\/\d\.\d) (\d{3}) [\t\x20-\x7e\x80-\xff]*$/;
const fieldLine = /^([!#$%&'*+\-.^_`|~\w]+):[\t ]*((?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?)[\t ]*$/;

interface Head extends Pick<Response, "status" | "version" | "fields"> {
  readonly end: number;
}

function parseHead(bytes: string, from: number): Head | undefined {
  const end = bytes.indexOf("\r\n\r\n", from);
  if (end < 0) return undefined;
  const [first = "", ...lines] = bytes.slice(from, end).split("\r\n");
  const [, version, status] = statusLine.exec(first) ?? [];
  if (version === undefined) return undefined;
  const fields: (readonly [string, string])[] = [];
  for (const line of lines) {
    const [, name, value] = fieldLine.exec(line) ?? [];
    if (name === undefined || value === undefined) return undefined;
    fields.push([name.toLowerCase(), value]);
  }
  return { status: Number(status), version, fields, end: end + 4 };
}
