/** Requests hidden behind a request whose end two servers would not agree on. */
import { answered, get, must, request, smuggled, type Case } from "../case.ts";

const both = must("9112, 6.1", "both Content-Length and Transfer-Encoding: the server MAY reject or process in accordance with the Transfer-Encoding; regardless, it MUST close the connection after responding");
const notFinal = must("9112, 6.3", "the chunked transfer coding is not the final encoding of a request: the server MUST respond with 400 and then close the connection");
const colon = must("9112, 5.1", "a server MUST reject, with 400, any request message that contains whitespace between a header field name and colon");

/** One answer, of what kind the RFC allows, and nothing is read behind it. */
function hidden(name: string, bytes: string, requires = both, ...statuses: readonly number[]): Case {
  return {
    name: `smuggling/${name}`,
    send: [bytes],
    requires,
    answers: [answered(...(statuses.length === 0 ? [200, 400, 405] : statuses))],
    then: "closes",
    ours: { status: 400, why: "such a message ought to be handled as an error (9112, 6.3)" },
  };
}

const end = "0\r\n\r\n";
const fields = (...lines: readonly string[]): string => get("/hello.txt", ...lines);

export const smuggling: readonly Case[] = [
  hidden("CL.TE", fields(`Content-Length: ${end.length + smuggled.length}`, "Transfer-Encoding: chunked") + end + smuggled),
  hidden("TE.CL", `${fields("Transfer-Encoding: chunked", "Content-Length: 4")}${smuggled.length.toString(16)}\r\n${smuggled}\r\n${end}`),
  hidden("CL 0 and TE", fields("Content-Length: 0", "Transfer-Encoding: chunked") + end + smuggled),
  hidden("CL exactly as long as the chunks", fields(`Content-Length: ${end.length}`, "Transfer-Encoding: chunked") + end + smuggled),
  hidden("TE first", fields("Transfer-Encoding: chunked", `Content-Length: ${end.length}`) + end + smuggled),
  hidden("with POST", request("POST", "/hello.txt", "Content-Length: 5", "Transfer-Encoding: chunked") + end + smuggled),
  hidden("names in small letters", fields("content-length: 5", "transfer-encoding: chunked") + end + smuggled),
  hidden("an invalid CL and TE", fields("Content-Length: x", "Transfer-Encoding: chunked") + end + smuggled),
  hidden("two CLs and TE", fields("Content-Length: 5", "Content-Length: 6", "Transfer-Encoding: chunked") + end + smuggled),
  hidden("TE.TE: identity behind chunked, and CL", fields("Content-Length: 5", "Transfer-Encoding: chunked", "Transfer-Encoding: identity") + end + smuggled, notFinal, 400, 501),
  hidden("TE.TE: xchunked, and CL", fields("Content-Length: 5", "Transfer-Encoding: xchunked") + end + smuggled, notFinal, 400, 501),
  hidden("TE.TE: chunked behind a control character, and CL", fields("Content-Length: 5", "Transfer-Encoding: \x0bchunked") + end + smuggled, notFinal, 400, 501),
  hidden("TE.TE: a quoted chunked, and CL", fields("Content-Length: 5", "Transfer-Encoding: 'chunked'") + end + smuggled, notFinal, 400, 501),
  hidden("space before the colon of TE, and CL", fields("Content-Length: 5", "Transfer-Encoding : chunked") + end + smuggled, colon, 400),
  hidden("space before the colon of CL, and TE", fields("Content-Length : 5", "Transfer-Encoding: chunked") + end + smuggled, colon, 400),
  {
    name: "smuggling/a name that is nearly Transfer-Encoding, and CL",
    send: [fields("Content-Length: 5", "Transfer_Encoding: chunked") + end + get("/probe.txt")],
    requires: must("9112, 6.3", "a valid Content-Length without Transfer-Encoding: its decimal value defines the expected message body length"),
    answers: [answered(200), { ...answered(200), optional: true }],
    then: "either",
  },
  hidden(
    "NUL in the name of TE, and CL",
    fields(`Content-Length: ${end.length + smuggled.length}`, "Transfer-Encoding\0: chunked") + end + smuggled,
    must("9112, 9.3", "a server MUST read the entire request message body or close the connection"),
    200,
    400,
  ),
  hidden(
    "bare CR before TE",
    fields("Accept: a\rTransfer-Encoding: chunked", "Content-Length: 5") + end + smuggled,
    must("9112, 2.2", "a recipient of a bare CR MUST consider that element to be invalid or replace it with SP"),
    400,
  ),
  {
    name: "smuggling/a second request in a body after Connection: close",
    send: [get("/hello.txt", "Connection: close") + smuggled],
    requires: must("9112, 9.6", "a server that receives close MUST NOT process any further requests received on that connection"),
    answers: [answered(200)],
    then: "closes",
  },
  {
    name: "smuggling/behind a request line that ends in two CRs",
    send: [`GET /hello.txt HTTP/1.1\r\r\nHost: x\r\n\r\n${smuggled}`],
    requires: must("9112, 2.2", "a recipient of a bare CR MUST consider that element to be invalid or replace it with SP"),
    answers: [answered(400, 200), { ...answered(200), optional: true }],
    then: "either",
    ours: { status: 400, then: "closes", why: "invalid" },
  },
  {
    name: "smuggling/behind a head that ends in LF CR LF",
    send: [`GET /hello.txt HTTP/1.1\r\nHost: x\r\n\n\r\n${get("/probe.txt")}`],
    requires: must("9112, 9.3.2", "it MUST send the corresponding responses in the same order that the requests were received"),
    answers: [answered(200, 400), { ...answered(200), optional: true }],
    then: "either",
  },
];
