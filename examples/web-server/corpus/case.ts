/**
 * What a case of the corpus is: bytes that a client sends, and what RFC 9110 or 9112 requires of the answers.
 * Cases are data; `testing/exchange.ts` plays them, `judge.ts` compares.
 */

/**
 * How strong a requirement is. `definition`: the RFC says without a key word what something means, so that a server
 * which answers otherwise has read another message. `ours`: the RFC leaves it open, and this is what we chose.
 */
export type Level = "MUST" | "SHOULD" | "definition" | "ours";

export interface Requirement {
  /** "RFC 9112, 3.2". */
  readonly section: string;
  readonly level: Level;
  /** The sentence of the RFC, shortened; or our own, for `ours`. */
  readonly says: string;
}

/**
 * Bytes, one a code unit (latin1); `{etag}` and `{weak etag}` in them stand for the entity-tag that the server under
 * test gives /letters.txt. Or a pause in milliseconds, or the end of what the client sends (half-close).
 */
export type Step = string | { readonly pause: number } | "finish";

/** What one final answer must look like. */
export interface Answer {
  /** One of these. */
  readonly status: readonly number[];
  /** Fields by name in small letters: the value, or what it must match. */
  readonly has?: Readonly<Record<string, string | RegExp>>;
  readonly lacks?: readonly string[];
  /** All of the content, or what it must match. Not compared where it is not given. */
  readonly body?: string | RegExp;
  /** It answers HEAD, so no content follows whatever Content-Length says. */
  readonly head?: true;
  /** A 100 (Continue) comes first, or may come. Without this none may. */
  readonly continues?: "must" | "may";
  /** This answer, and so all behind it, may be missing: the server was allowed to close before. */
  readonly optional?: true;
  /** Answers that are as good. */
  readonly or?: readonly Answer[];
}

/** What becomes of the connection: `stays` is tried with a further request, `either` too where it is still open. */
export type Afterwards = "closes" | "stays" | "either";

export interface Case {
  /** `topic/what is sent`; unique. */
  readonly name: string;
  readonly send: readonly Step[];
  readonly requires: Requirement;
  /** The final answers, all of them, in order. */
  readonly answers: readonly Answer[];
  readonly then: Afterwards;
  /** Where the requirement leaves a choice: what our server does. Nginx is not judged by it. */
  readonly ours?: { readonly status?: number; readonly then?: Afterwards; readonly why: string };
  /** Nginx refuses this request and our server does not: why that is right. */
  readonly laxer?: string;
}

export function must(section: string, says: string): Requirement {
  return { section: `RFC ${section}`, level: "MUST", says };
}

export function should(section: string, says: string): Requirement {
  return { section: `RFC ${section}`, level: "SHOULD", says };
}

export function defined(section: string, says: string): Requirement {
  return { section: `RFC ${section}`, level: "definition", says };
}

export function choice(section: string, says: string): Requirement {
  return { section: `RFC ${section}`, level: "ours", says };
}

/** A request of HTTP/1.1 with a Host. `fields` are whole lines without their ends. */
export function request(method: string, target: string, ...fields: readonly string[]): string {
  return lines(`${method} ${target} HTTP/1.1`, "Host: x", ...fields);
}

export function get(target: string, ...fields: readonly string[]): string {
  return request("GET", target, ...fields);
}

/** A head: each line with its CRLF, and the empty line. */
export function lines(...all: readonly string[]): string {
  return `${all.map((line) => `${line}\r\n`).join("")}\r\n`;
}

/** What stands behind a request that spoils the framing, and must never be answered. */
export const smuggled = get("/probe.txt", "Smuggled: yes");

export function answered(...status: readonly number[]): Answer {
  return { status };
}

/** All of a file, by its content. */
export function whole(body: string | RegExp): Answer {
  return { status: [200], body };
}

/** The one answer of a request that is refused, and the connection with it. */
export const refused = { answers: [answered(400)], then: "closes" } as const;

/** Must be refused with 400; whether the connection stays is not said there. Ours closes it. */
export const refusedByStatus = {
  answers: [answered(400)],
  then: "either",
  ours: { then: "closes", why: "after bytes that are no request nothing is trusted" },
} as const;

export const served = { answers: [answered(200)], then: "stays" } as const;
