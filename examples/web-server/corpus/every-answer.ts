/** What is required of every answer, whatever was asked. Tried on the answers to all cases. */
import { valueOf, type Response } from "./answers.ts";
import { choice, must, should, type Case, type Requirement } from "./case.ts";
import type { Transcript } from "./transcript.ts";

export interface Rule {
  /** `every answer/what`; a name among the cases' names. */
  readonly name: string;
  readonly requires: Requirement;
  /** True if the server did not keep to it here. */
  readonly isBroken: (transcript: Transcript, one: Case) => boolean;
}

const date = /^(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/;
const singletons = ["accept-ranges", "age", "content-length", "content-range", "content-type", "date", "etag", "last-modified", "location", "server"];

export const rules: readonly Rule[] = [
  rule("Date", must("9110, 6.6.1", "an origin server with a clock MUST generate a Date header field in all 2xx, 3xx and 4xx responses"), (response) => response.status >= 500 || response.status < 200 || valueOf(response, "date") !== undefined),
  rule("dates are IMF-fixdates", must("9110, 5.6.7", "a sender that generates a timestamp in an HTTP field MUST generate it in the IMF-fixdate format"), (response) =>
    response.fields.every(([name, value]) => (name !== "date" && name !== "last-modified" && name !== "expires") || date.test(value)),
  ),
  rule("Last-Modified is not later than Date", must("9110, 8.8.2.1", "an origin server with a clock MUST NOT generate a Last-Modified date that is later than the server's time of message origination (Date)"), (response) =>
    Date.parse(valueOf(response, "last-modified") ?? "1970-01-01") <= Date.parse(valueOf(response, "date") ?? "2970-01-01"),
  ),
  rule("version", should("9110, 6.2", "a server SHOULD send a response version equal to the highest version to which the server is conformant"), ({ version }) => version === "HTTP/1.1"),
  rule("no field twice that is no list", must("9110, 5.3", "a sender MUST NOT generate multiple field lines with the same name unless the definition allows them to be recombined as a list"), ({ fields }) =>
    singletons.every((name) => fields.filter(([each]) => each === name).length <= 1),
  ),
  rule("a length or no content", should("9112, 6.3", "a server SHOULD generate encoding or length-delimited messages whenever possible"), (response) =>
    response.status === 304 || response.status === 204 || response.status < 200 || valueOf(response, "content-length") !== undefined,
  ),
  rule("no Content-Length in 1xx and 204", must("9110, 8.6", "a server MUST NOT send a Content-Length header field in any response with a status code of 1xx or 204"), (response) =>
    (response.status >= 200 && response.status !== 204) || valueOf(response, "content-length") === undefined,
  ),
  rule("content has a type", should("9110, 8.3", "a sender that generates a message containing content SHOULD generate a Content-Type header field"), (response) => response.body === "" || valueOf(response, "content-type") !== undefined),
  rule("405 has Allow", must("9110, 15.5.6", "the origin server MUST generate an Allow header field in a 405 response"), (response) => response.status !== 405 || valueOf(response, "allow") !== undefined),
  rule("206 says which part", must("9110, 15.3.7", "a single part: the server MUST generate a Content-Range header field; multiple parts: a multipart/byteranges content"), (response) =>
    response.status !== 206 || valueOf(response, "content-range") !== undefined || (valueOf(response, "content-type") ?? "").startsWith("multipart/byteranges"),
  ),
  rule("301 has Location", should("9110, 15.4.2", "the server SHOULD generate a Location header field in the response containing a preferred URI reference"), (response) => (response.status !== 301 && response.status !== 308) || valueOf(response, "location") !== undefined),
  {
    name: "every answer/the last before a close says close",
    requires: choice("9112, 9.6", "close is defined for a sender to signal that this connection will be closed after completion of the response"),
    isBroken: ({ closed, responses }, { send }) => {
      const last = responses.at(-1);
      return closed && last !== undefined && last.status >= 200 && !send.includes("finish") && !/\bclose\b/i.test(valueOf(last, "connection") ?? "");
    },
  },
];

function rule(name: string, requires: Requirement, holds: (response: Response) => boolean): Rule {
  return { name: `every answer/${name}`, requires, isBroken: ({ responses }) => !responses.every(holds) };
}

/** The names of the cases in which the rule was not kept. */
export function breaches(one: Rule, cases: readonly Case[], transcripts: ReadonlyMap<string, Transcript>): readonly string[] {
  return cases.flatMap((each) => {
    const transcript = transcripts.get(each.name);
    return transcript !== undefined && one.isBroken(transcript, each) ? [each.name] : [];
  });
}
