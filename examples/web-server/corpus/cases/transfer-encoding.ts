/** Transfer-Encoding, and bodies in chunks. */
import { answered, choice, defined, get, lines, must, request, should, smuggled, type Case, type Requirement } from "../case.ts";
import { probe } from "../site.ts";

const parse = must("9112, 7.1", "a recipient MUST be able to parse and decode the chunked transfer coding");
const extensions = must("9112, 7.1.1", "a recipient MUST ignore unrecognized chunk extensions");
const overflow = must("9112, 7.1", "recipients MUST anticipate potentially large hexadecimal numerals and prevent parsing errors due to integer conversion overflows");
const notFinal = must("9112, 6.3", "the chunked transfer coding is not the final encoding of a request: the server MUST respond with 400 and then close the connection");
const unknown = should("9112, 6.1", "a transfer coding it does not understand: the server SHOULD respond with 501");
const wholeBody = must("9112, 9.3", "a server MUST read the entire request message body or close the connection; a body whose end nobody can tell cannot be read");
const next = { status: [200], body: probe.body } as const;
const chunkedHead = get("/hello.txt", "Transfer-Encoding: chunked");

/** The body is read, and what stands behind it is the next request. */
function body(name: string, bytes: string, requires: Requirement = parse): Case {
  return { name: `transfer-encoding/${name}`, send: [`${chunkedHead}${bytes}${get(probe.path)}`], requires, answers: [answered(200), { ...next, optional: true }], then: "either", ours: { then: "stays", why: "a short body is read" } };
}

/** The body breaks the grammar: nothing behind the place is a request. */
function broken(name: string, bytes: string, requires: Requirement = wholeBody): Case {
  return {
    name: `transfer-encoding/${name}`,
    send: [`${chunkedHead}${bytes}${smuggled}`, "finish"],
    requires,
    answers: [answered(200, 400, 413)],
    then: "closes",
    ours: { status: 400, why: "the request is not complete before its body is" },
  };
}

/** Chunked is not what the body ends with. 501 is as good: the coding is not understood either (9112, 6.1). */
function coding(name: string, ...fields: readonly string[]): Case {
  return {
    name: `transfer-encoding/${name}`,
    send: [`${get("/hello.txt", ...fields)}0\r\n\r\n${smuggled}`],
    requires: notFinal,
    answers: [answered(400, 501)],
    then: "closes",
  };
}

export const transferEncoding: readonly Case[] = [
  body("chunked", "5\r\nabcde\r\n0\r\n\r\n"),
  body("chunked, without content", "0\r\n\r\n"),
  body("many chunks", `${"1\r\na\r\n".repeat(500)}0\r\n\r\n`),
  body("size in capitals", "A\r\n0123456789\r\n0\r\n\r\n"),
  body("size in small letters", "a\r\n0123456789\r\n0\r\n\r\n"),
  body("leading zeros", "0005\r\nabcde\r\n0\r\n\r\n"),
  body("a last chunk of many zeros", "5\r\nabcde\r\n00000\r\n\r\n"),
  body("content that looks like the end", "7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n"),
  body("extension", "5;name\r\nabcde\r\n0\r\n\r\n", extensions),
  body("extension with a value", "5;name=value\r\nabcde\r\n0\r\n\r\n", extensions),
  body("extension with a quoted value", '5;name="a;b c"\r\nabcde\r\n0\r\n\r\n', extensions),
  body("extension with an escaped quote", '5;name="a\\"b"\r\nabcde\r\n0\r\n\r\n', extensions),
  body("two extensions", "5;a;b=c\r\nabcde\r\n0\r\n\r\n", extensions),
  body("extension of the last chunk", "5\r\nabcde\r\n0;last\r\n\r\n", extensions),
  {
    ...body("extension with white space", "5 ; name = value\r\nabcde\r\n0\r\n\r\n", extensions),
    requires: must("9110, 5.6.3", "a recipient MUST parse for such bad whitespace and remove it before interpreting the protocol element"),
  },
  body("trailer", "5\r\nabcde\r\n0\r\nExpires: never\r\n\r\n"),
  body("several trailers", "5\r\nabcde\r\n0\r\nA: 1\r\nB: 2\r\nC:\r\n\r\n"),
  ...["Content-Length: 5", "Transfer-Encoding: chunked", "Host: y", "Connection: close", "Range: bytes=0-0", 'If-None-Match: *'].map((line) =>
    body(`trailer ${line}`, `0\r\n${line}\r\n\r\n`, must("9112, 7.1.2", "a recipient MUST NOT merge a received trailer field into the header section")),
  ),
  {
    name: "transfer-encoding/CHUNKED",
    send: [`${get("/hello.txt", "Transfer-Encoding: CHUNKED")}5\r\nabcde\r\n0\r\n\r\n${get(probe.path)}`],
    requires: defined("9112, 7", "all transfer-coding names are case-insensitive"),
    answers: [answered(200), next],
    then: "stays",
  },
  {
    name: "transfer-encoding/white space around chunked",
    send: [`${get("/hello.txt", "Transfer-Encoding: \t chunked \t ")}0\r\n\r\n${get(probe.path)}`],
    requires: defined("9110, 5.5", "a field value does not include leading or trailing whitespace"),
    answers: [answered(200), next],
    then: "stays",
  },
  coding("unknown", "Transfer-Encoding: unknown"),
  coding("identity", "Transfer-Encoding: identity"),
  coding("gzip", "Transfer-Encoding: gzip"),
  coding("chunked, gzip", "Transfer-Encoding: chunked, gzip"),
  coding("chunked, identity", "Transfer-Encoding: chunked, identity"),
  coding("chunked and identity in two lines", "Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
  coding("xchunked", "Transfer-Encoding: xchunked"),
  coding("chunkedx", "Transfer-Encoding: chunkedx"),
  coding("chunk", "Transfer-Encoding: chunk"),
  coding("chunked in quotes", 'Transfer-Encoding: "chunked"'),
  coding("chunked behind a vertical tab", "Transfer-Encoding: \x0bchunked"),
  coding("chunked with a space inside", "Transfer-Encoding: chu nked"),
  coding("chunked with another word", "Transfer-Encoding: chunked chunked"),
  coding("empty", "Transfer-Encoding:"),
  coding("chunked with a byte above ASCII", "Transfer-Encoding: chunke\xe4"),
  {
    name: "transfer-encoding/gzip, chunked",
    send: [`${get("/hello.txt", "Transfer-Encoding: gzip, chunked")}0\r\n\r\n`],
    requires: unknown,
    answers: [answered(501)],
    then: "either",
  },
  {
    name: "transfer-encoding/unknown, chunked",
    send: [`${get("/hello.txt", "Transfer-Encoding: unknown, chunked")}0\r\n\r\n`],
    requires: unknown,
    answers: [answered(501)],
    then: "either",
  },
  {
    name: "transfer-encoding/unknown and chunked in two lines",
    send: [`${get("/hello.txt", "Transfer-Encoding: unknown", "Transfer-Encoding: chunked")}0\r\n\r\n`],
    requires: unknown,
    answers: [answered(501)],
    then: "either",
  },
  ...["chunked;q=1", "chunked;", "chunked ; a=b"].map(
    (value): Case => ({
      name: `transfer-encoding/${value}`,
      send: [`${get("/hello.txt", `Transfer-Encoding: ${value}`)}0\r\n\r\n${smuggled}`],
      requires: should("9112, 7.1", "the chunked coding does not define any parameters; their presence SHOULD be treated as an error"),
      answers: [answered(400, 501)],
      then: "either",
      ours: { then: "closes", why: "where the body ends is not known" },
    }),
  ),
  ...[
    ["chunked, chunked", ["Transfer-Encoding: chunked, chunked"]],
    ["chunked in two lines", ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"]],
  ].map(
    ([name, all]): Case => ({
      name: `transfer-encoding/${String(name)}`,
      send: [`${get("/hello.txt", ...(all as string[]))}0\r\n\r\n`],
      requires: choice("9112, 6.1", "a sender MUST NOT apply the chunked transfer coding more than once"),
      answers: [answered(200, 400, 501)],
      then: "either",
      ours: { then: "closes", why: "nobody who means well sends it" },
    }),
  ),
  ...[
    ["a comma behind chunked", "Transfer-Encoding: chunked,"],
    ["a comma before chunked", "Transfer-Encoding: ,chunked"],
  ].map(
    ([name, line]): Case => ({
      name: `transfer-encoding/${String(name)}`,
      send: [`${get("/hello.txt", String(line))}0\r\n\r\n`],
      requires: must("9110, 5.6.1.2", "a recipient MUST parse and ignore a reasonable number of empty list elements"),
      answers: [answered(200)],
      then: "either",
    }),
  ),
  {
    name: "transfer-encoding/in HTTP 1.0",
    send: [`${lines("GET /hello.txt HTTP/1.0", "Connection: keep-alive", "Transfer-Encoding: chunked")}0\r\n\r\n${smuggled}`],
    requires: must("9112, 6.1", "an HTTP/1.0 message containing Transfer-Encoding: MUST treat the message as if the framing is faulty and close the connection after processing the message"),
    answers: [answered(200, 400)],
    then: "closes",
    ours: { status: 400, why: "who forwarded it may have seen another end" },
  },
  broken("size 0x5", "0x5\r\nabcde\r\n0\r\n\r\n"),
  broken("size 0x0", "0x0\r\n\r\n"),
  broken("size -1", "-1\r\nabcde\r\n0\r\n\r\n"),
  broken("size +5", "+5\r\nabcde\r\n0\r\n\r\n"),
  broken("size 5.0", "5.0\r\nabcde\r\n0\r\n\r\n"),
  broken("size g", "g\r\nabcde\r\n0\r\n\r\n"),
  broken("size 5h", "5h\r\nabcde\r\n0\r\n\r\n"),
  broken("no size", "\r\nabcde\r\n0\r\n\r\n"),
  broken("an extension and no size", ";a=b\r\nabcde\r\n0\r\n\r\n"),
  broken("a space before the size", " 5\r\nabcde\r\n0\r\n\r\n"),
  broken("two sizes", "5 5\r\nabcde\r\n0\r\n\r\n", choice("9112, 7.1", "chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF")),
  broken("NUL behind the size", "5\0\r\nabcde\r\n0\r\n\r\n"),
  broken("a bare CR behind the size", "5\rabcde\r\n0\r\n\r\n"),
  broken("a bare CR in an extension", "5;a\rb\r\nabcde\r\n0\r\n\r\n"),
  broken("no CRLF behind the data", "5\r\nabcde0\r\n\r\n"),
  broken("data longer than its size", "3\r\nabcde\r\n0\r\n\r\n"),
  broken("data shorter than its size", "8\r\nabcde\r\n0\r\n\r\n"),
  broken("two bytes in place of the CRLF behind the data", "5\r\nabcdeXX0\r\n\r\n"),
  broken("CR alone behind the data", "5\r\nabcde\r0\r\n\r\n"),
  broken("no empty line at the end", "5\r\nabcde\r\n0\r\n"),
  ...[
    ["LF alone behind the size", "5\nabcde\r\n0\r\n\r\n"],
    ["LF alone behind the data", "5\r\nabcde\n0\r\n\r\n"],
    ["LF alone behind the last chunk", "5\r\nabcde\r\n0\n\r\n"],
    ["LF alone behind an extension", "5;a\nabcde\r\n0\r\n\r\n"],
  ].map(([name, bytes]) => broken(String(name), String(bytes), choice("9112, 2.2", "a recipient MAY recognize a single LF as the line terminator for the start-line and fields; of chunks that is not said"))),
  broken("size 2^64", "10000000000000000\r\nabcde\r\n0\r\n\r\n", overflow),
  broken("size 2^64 + 5", "10000000000000005\r\nabcde\r\n0\r\n\r\n", overflow),
  broken("size of forty digits", `${"f".repeat(40)}\r\nabcde\r\n0\r\n\r\n`, overflow),
  { ...broken("size 2^63", "8000000000000000\r\nabcde\r\n0\r\n\r\n", overflow), answers: [{ status: [200, 400, 413], optional: true }], ours: { why: "too large, or a body that ends too early" } },
  { ...broken("size 2^32 + 5", "100000005\r\nabcde\r\n0\r\n\r\n", overflow), answers: [{ status: [200, 400, 413], optional: true }], ours: { why: "too large, or a body that ends too early" } },
  {
    name: "transfer-encoding/more than a server takes",
    send: [chunkedHead, `${"10000\r\n"}${"a".repeat(0x10000)}\r\n`.repeat(40)],
    requires: choice("9110, 15.5.14", "413: the request content is larger than the server is willing or able to process"),
    answers: [answered(200, 413)],
    then: "closes",
    ours: { status: 413, why: "the number for it" },
  },
  {
    name: "transfer-encoding/an extension of 100 KB",
    send: [chunkedHead, `5;${"a".repeat(100_000)}\r\nabcde\r\n0\r\n\r\n`],
    requires: choice("9112, 7.1.1", "a server ought to limit the total length of chunk extensions and generate an appropriate 4xx response if that amount is exceeded"),
    answers: [answered(200, 400, 413, 431)],
    then: "either",
  },
  {
    name: "transfer-encoding/trailers of 100 KB",
    send: [chunkedHead, `0\r\n${"Trailer: value\r\n".repeat(6_250)}\r\n`],
    requires: must("9110, 5.4", "fields larger than it wishes to process: a server MUST respond with an appropriate 4xx status code"),
    answers: [answered(200, 400, 413, 431)],
    then: "either",
  },
  {
    name: "transfer-encoding/the client ends inside a chunk",
    send: [chunkedHead, "5\r\nab", "finish"],
    requires: must("9112, 8", "incomplete if the zero-sized chunk that terminates the encoding has not been received; 6.3: the recipient MUST close the connection"),
    answers: [{ status: [200, 400, 408], optional: true }],
    then: "closes",
  },
  {
    name: "transfer-encoding/every byte alone",
    send: [chunkedHead, ...[..."5;a=b\r\nabcde\r\n0\r\nA: b\r\n\r\n"].flatMap((byte) => [byte, { pause: 3 }] as const), get(probe.path)],
    requires: parse,
    answers: [answered(200), next],
    then: "either",
    ours: { then: "stays", why: "bytes are bytes, however they arrive" },
  },
  {
    name: "transfer-encoding/the body of a refused method",
    send: [`${request("PUT", "/hello.txt", "Transfer-Encoding: chunked")}5\r\nabcde\r\n0\r\n\r\n${get(probe.path)}`],
    requires: wholeBody,
    answers: [answered(405, 501), { ...next, optional: true }],
    then: "either",
  },
];
