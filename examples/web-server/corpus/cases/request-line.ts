/** Method, target and version: the first line of a request. */
import { answered, choice, get, lines, must, refused, request, served, should, type Case } from "../case.ts";

const grammar = should("9112, 2.2", "a sequence of octets that does not match the HTTP-message grammar: respond with 400 and close the connection");
const invalidLine = should("9112, 3.2", "recipients of an invalid request-line respond with 400 or 301 with the request-target properly encoded");
const oneSpace = choice("9112, 3", "recipients MAY parse on whitespace-delimited word boundaries; that can result in request smuggling");
const lenient = { answers: [answered(200, 400)], then: "either", ours: { status: 400, then: "closes", why: "one space is what the grammar says" } } as const;

function malformed(name: string, bytes: string): Case {
  return { name: `request line/${name}`, send: [bytes], requires: grammar, ...refused };
}

function badTarget(name: string, target: string): Case {
  return { name: `request line/${name}`, send: [get(target)], requires: invalidLine, answers: [answered(400, 301)], then: "either" };
}

export const requestLine: readonly Case[] = [
  { name: "request line/plain", send: [get("/hello.txt")], requires: must("9110, 9.1", "all general-purpose servers MUST support the methods GET and HEAD"), ...served },
  {
    name: "request line/unknown method",
    send: [request("FROBNICATE", "/hello.txt")],
    requires: should("9110, 9.1", "a request method that is unrecognized or not implemented: respond with 501"),
    answers: [answered(501)],
    then: "either",
  },
  {
    name: "request line/method in small letters",
    send: [request("get", "/hello.txt")],
    requires: must("9110, 9.1", "the method token is case-sensitive"),
    answers: [answered(400, 405, 501)],
    then: "either",
  },
  {
    name: "request line/method of a hundred letters",
    send: [request("G".repeat(100), "/hello.txt")],
    requires: should("9112, 3", "a method longer than any that it implements: respond with 501"),
    answers: [answered(501)],
    then: "either",
  },
  malformed("method with a bracket", request("G(ET", "/hello.txt")),
  malformed("method with an at sign", request("G@ET", "/hello.txt")),
  malformed("method with NUL", request("G\0ET", "/hello.txt")),
  malformed("method with a byte of UTF-8", request("G\xc3\x89T", "/hello.txt")),
  malformed("method alone", "GET\r\n\r\n"),
  malformed("no method", lines(" /hello.txt HTTP/1.1", "Host: x")),
  malformed("no target", lines("GET HTTP/1.1", "Host: x")),
  malformed("no target between two spaces", lines("GET  HTTP/1.1", "Host: x")),
  malformed("a start of TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00\r\n\r\n"),
  {
    name: "request line/a response",
    send: [lines("HTTP/1.1 200 OK", "Content-Length: 0")],
    requires: should("9112, 2.1", "a response is interpreted as an unknown or invalid request method"),
    answers: [answered(400, 501)],
    then: "closes",
  },
  { name: "request line/two spaces before the target", send: [lines("GET  /hello.txt HTTP/1.1", "Host: x")], requires: oneSpace, ...lenient },
  { name: "request line/two spaces before the version", send: [lines("GET /hello.txt  HTTP/1.1", "Host: x")], requires: oneSpace, ...lenient },
  { name: "request line/a tab before the target", send: [lines("GET\t/hello.txt HTTP/1.1", "Host: x")], requires: oneSpace, ...lenient },
  { name: "request line/a tab before the version", send: [lines("GET /hello.txt\tHTTP/1.1", "Host: x")], requires: oneSpace, ...lenient },
  { name: "request line/a vertical tab before the version", send: [lines("GET /hello.txt\x0bHTTP/1.1", "Host: x")], requires: oneSpace, ...lenient },
  { name: "request line/a space after the version", send: [lines("GET /hello.txt HTTP/1.1 ", "Host: x")], requires: oneSpace, ...lenient },
  { name: "request line/a space before the method", send: [lines(" GET /hello.txt HTTP/1.1", "Host: x")], requires: oneSpace, ...lenient },
  badTarget("a space in the target", "/with space.txt"),
  badTarget("a fourth word", "/hello.txt HTTP/1.1"),
  {
    name: "request line/a bare CR in the target",
    send: [get("/hello\r.txt")],
    requires: must("9112, 2.2", "a recipient of a bare CR MUST consider that element to be invalid or replace it with SP"),
    answers: [answered(400, 301)],
    then: "either",
  },
  badTarget("NUL in the target", "/hello.txt\0"),
  badTarget("a control character in the target", "/hello\x01.txt"),
  badTarget("DEL in the target", "/hello\x7f.txt"),
  badTarget("bytes of UTF-8 in the target", "/\xc3\xbc.txt"),
  badTarget("a fragment", "/hello.txt#part"),
  badTarget("a percent sign alone", "/%"),
  badTarget("an escape with one digit", "/%4"),
  badTarget("an escape that is no number", "/%zz"),
  badTarget("an escape with a sign", "/%+1"),
  badTarget("no slash at the beginning", "hello.txt"),
  badTarget("a query alone", "?a=b"),
  badTarget("GET of an asterisk", "*"),
  badTarget("GET of an authority", "x:80"),
  {
    name: "request line/an empty line before",
    send: [`\r\n${get("/hello.txt")}`],
    requires: should("9112, 2.2", "a server SHOULD ignore at least one empty line (CRLF) received prior to the request-line"),
    ...served,
  },
  {
    name: "request line/a bare LF before",
    send: [`\n${get("/hello.txt")}`],
    requires: choice("9112, 2.2", "a recipient MAY recognize a single LF as a line terminator"),
    answers: [answered(200, 400)],
    then: "either",
  },
  {
    name: "request line/ends in a bare LF",
    send: ["GET /hello.txt HTTP/1.1\nHost: x\r\n\r\n"],
    requires: choice("9112, 2.2", "a recipient MAY recognize a single LF as a line terminator"),
    answers: [answered(200, 400)],
    then: "either",
  },
  {
    name: "request line/all lines end in a bare LF",
    send: ["GET /hello.txt HTTP/1.1\nHost: x\n\n"],
    requires: choice("9112, 2.2", "a recipient MAY recognize a single LF as a line terminator"),
    answers: [answered(200, 400)],
    then: "either",
  },
  {
    name: "request line/all lines end in a bare CR",
    send: ["GET /hello.txt HTTP/1.1\rHost: x\r\r", "finish"],
    requires: must("9112, 2.2", "a recipient of a bare CR MUST consider that element to be invalid or replace it with SP"),
    answers: [{ status: [400, 505], optional: true }],
    then: "closes",
  },
  malformed("version in small letters", lines("GET /hello.txt http/1.1", "Host: x")),
  malformed("version of another protocol", lines("GET /hello.txt RTSP/1.0", "Host: x")),
  malformed("version HTTPS/1.1", lines("GET /hello.txt HTTPS/1.1", "Host: x")),
  malformed("version with one number", lines("GET /hello.txt HTTP/1", "Host: x")),
  malformed("version without a minor number", lines("GET /hello.txt HTTP/1.", "Host: x")),
  malformed("version with a comma", lines("GET /hello.txt HTTP/1,1", "Host: x")),
  malformed("version with two minor digits", lines("GET /hello.txt HTTP/1.10", "Host: x")),
  malformed("version with two major digits", lines("GET /hello.txt HTTP/01.1", "Host: x")),
  malformed("version with a letter behind", lines("GET /hello.txt HTTP/1.1x", "Host: x")),
  malformed("version with a space inside", lines("GET /hello.txt HTTP/ 1.1", "Host: x")),
  {
    name: "request line/HTTP 0.9",
    send: ["GET /hello.txt\r\n", "finish"],
    requires: choice("9112, 3", "a request-line has three parts; HTTP/0.9 is no part of this specification"),
    answers: [answered(400, 505)],
    then: "closes",
  },
  {
    name: "request line/HTTP 1.0",
    send: ["GET /hello.txt HTTP/1.0\r\n\r\n"],
    requires: choice("9112, 9.3", "(HTTP/1.0 without keep-alive) the connection will close after the current response"),
    answers: [{ status: [200], lacks: ["transfer-encoding"], has: { "content-length": "18" } }],
    then: "closes",
  },
  {
    name: "request line/HTTP 1.2",
    send: [lines("GET /hello.txt HTTP/1.2", "Host: x")],
    requires: should("9110, 6.2", "a minor version higher than what it implements: process the message as if it were in the highest minor version to which the recipient is conformant"),
    ...served,
  },
  ...["0.9", "2.0", "3.0", "9.9"].map(
    (version): Case => ({
      name: `request line/HTTP ${version} with three parts`,
      send: [lines(`GET /hello.txt HTTP/${version}`, "Host: x")],
      requires: choice("9110, 15.6.6", "505: the server does not support, or refuses to support, the major version of HTTP that was used"),
      answers: [answered(400, 505)],
      then: "either",
      ours: { status: 505, then: "closes", why: "the number for it" },
    }),
  ),
  {
    name: "request line/the preface of HTTP 2",
    send: ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    requires: choice("9113, 3.4", "the preface is selected so that a large proportion of HTTP/1.1 servers do not attempt to process further frames"),
    answers: [answered(400, 405, 501, 505)],
    then: "closes",
  },
  {
    name: "request line/target of 7,900 bytes",
    send: [get(`/${"a".repeat(7_900)}`)],
    requires: should("9112, 3", "it is RECOMMENDED that all recipients support request-line lengths of 8000 octets"),
    answers: [answered(404)],
    then: "either",
  },
  ...[9_000, 60_000].map(
    (length): Case => ({
      name: `request line/target of ${length.toLocaleString("en")} bytes`,
      send: [get(`/${"a".repeat(length)}`)],
      requires: must("9112, 3", "a request-target longer than any URI it wishes to parse: the server MUST respond with 414"),
      answers: [answered(414)],
      then: "either",
      ours: { then: "closes", why: "the rest of it is not read" },
    }),
  ),
  {
    name: "request line/query of 9,000 bytes",
    send: [get(`/hello.txt?${"a".repeat(9_000)}`)],
    requires: must("9112, 3", "a request-target longer than any URI it wishes to parse: the server MUST respond with 414"),
    answers: [answered(414)],
    then: "either",
  },
  {
    name: "request line/target that does not end",
    send: [`GET /${"a".repeat(100_000)}`],
    requires: must("9112, 3", "a request-target longer than any URI it wishes to parse: the server MUST respond with 414"),
    answers: [answered(414)],
    then: "closes",
  },
];
