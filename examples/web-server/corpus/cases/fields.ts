/** The syntax of header fields, and how much of them there may be. */
import { answered, choice, defined, get, lines, must, refusedByStatus, served, should, smuggled, type Case } from "../case.ts";

const colon = must("9112, 5.1", "a server MUST reject, with 400, any request message that contains whitespace between a header field name and colon");
const fold = must("9112, 5.2", "a server that receives an obs-fold MUST either reject the message with 400 or replace each obs-fold with SP");
const beforeFirst = must("9112, 2.2", "whitespace between the start-line and the first header field: MUST either reject the message or consume each such line without processing it");
const grammar = should("9112, 2.2", "a sequence of octets that does not match the HTTP-message grammar: respond with 400 and close the connection");
const dangerous = must("9110, 5.5", "a recipient of CR, LF, or NUL within a field value MUST either reject the message or replace each of those characters with SP");
const tooLarge = must("9110, 5.4", "fields larger than it wishes to process: a server MUST respond with an appropriate 4xx status code");
const strict = { status: 400, then: "closes", why: "who replaces reads another message than who does not" } as const;
const eitherWay = { answers: [answered(200, 400)], then: "either", ours: strict } as const;

function malformed(name: string, line: string): Case {
  return { name: `fields/${name}`, send: [get("/hello.txt", line)], requires: grammar, answers: [answered(400)], then: "closes" };
}

function accepted(name: string, ...all: readonly string[]): Case {
  return { name: `fields/${name}`, send: [get("/hello.txt", ...all)], requires: defined("9110, 5.5", 'field-line = field-name ":" OWS field-value OWS'), ...served };
}

function large(name: string, fields: string): Case {
  return {
    name: `fields/${name}`,
    send: [`GET /hello.txt HTTP/1.1\r\nHost: x\r\n${fields}\r\n`],
    requires: tooLarge,
    answers: [answered(400, 431)],
    then: "either",
    ours: { status: 431, then: "closes", why: "the number for it, and the rest is not read" },
  };
}

export const fields: readonly Case[] = [
  { name: "fields/space before the colon", send: [get("/hello.txt", "Accept : */*")], requires: colon, ...refusedByStatus },
  { name: "fields/tab before the colon", send: [get("/hello.txt", "Accept\t: */*")], requires: colon, ...refusedByStatus },
  { name: "fields/space before the colon of Host", send: [lines("GET /hello.txt HTTP/1.1", "Host : x")], requires: colon, ...refusedByStatus },
  { name: "fields/space before the colon of Content-Length", send: [`${get("/hello.txt", "Content-Length : 5")}abcde${smuggled}`], requires: colon, ...refusedByStatus },
  { name: "fields/space before the colon of Transfer-Encoding", send: [`${get("/hello.txt", "Transfer-Encoding : chunked")}0\r\n\r\n${smuggled}`], requires: colon, ...refusedByStatus },
  { name: "fields/space before the colon of an unknown field", send: [get("/hello.txt", "Anything : x")], requires: colon, ...refusedByStatus },
  { name: "fields/folded with a space", send: [get("/hello.txt", "Accept: a,", " b")], requires: fold, ...eitherWay },
  { name: "fields/folded with a tab", send: [get("/hello.txt", "Accept: a,", "\tb")], requires: fold, ...eitherWay },
  { name: "fields/folded with white space alone", send: [get("/hello.txt", "Accept: a", " \t ")], requires: fold, ...eitherWay },
  { name: "fields/folded before its value", send: [get("/hello.txt", "Accept:", " a")], requires: fold, ...eitherWay },
  { name: "fields/Host folded", send: [lines("GET /hello.txt HTTP/1.1", "Host: x", " y")], requires: fold, answers: [answered(400)], then: "either", ours: strict },
  {
    name: "fields/Transfer-Encoding folded",
    send: [`${get("/hello.txt", "Transfer-Encoding:", " chunked")}0\r\n\r\n${get("/probe.txt")}`],
    requires: fold,
    answers: [answered(200, 400), { status: [200], optional: true }],
    then: "either",
    ours: strict,
  },
  { name: "fields/white space before the first", send: [lines("GET /hello.txt HTTP/1.1", " Accept: a", "Host: x")], requires: beforeFirst, ...eitherWay },
  { name: "fields/white space before the first, which is Host", send: [lines("GET /hello.txt HTTP/1.1", " Host: x")], requires: beforeFirst, answers: [answered(400)], then: "either", ours: strict },
  { name: "fields/white space before the first of two Hosts", send: [lines("GET /hello.txt HTTP/1.1", "\tHost: y", "Host: x")], requires: beforeFirst, ...eitherWay },
  malformed("no name", ": value"),
  malformed("no colon", "Nonsense"),
  malformed("a space in a name", "Not a name: x"),
  malformed("a bracket in a name", "Na(me: x"),
  malformed("a slash in a name", "Na/me: x"),
  malformed("a quoted name", '"Name": x'),
  malformed("a byte above ASCII in a name", "N\xe4me: x"),
  malformed("NUL in a name", "Na\0me: x"),
  malformed("a control character in a name", "Na\x02me: x"),
  malformed("an at sign in a name", "@Name: x"),
  { name: "fields/NUL in a value", send: [get("/hello.txt", "Accept: a\0b")], requires: dangerous, ...eitherWay },
  { name: "fields/NUL at the end of a value", send: [get("/hello.txt", "Accept: a\0")], requires: dangerous, ...eitherWay },
  { name: "fields/bare CR in a value", send: [get("/hello.txt", "Accept: a\rb")], requires: dangerous, ...eitherWay },
  { name: "fields/bare CR before a field", send: [get("/hello.txt", "Accept: a\rHost: y")], requires: dangerous, ...eitherWay },
  { name: "fields/CR before CRLF", send: [get("/hello.txt", "Accept: a\r")], requires: dangerous, ...eitherWay },
  {
    name: "fields/bare LF between two",
    send: ["GET /hello.txt HTTP/1.1\r\nHost: x\nAccept: */*\r\n\r\n"],
    requires: choice("9112, 2.2", "a recipient MAY recognize a single LF as a line terminator"),
    answers: [answered(200, 400)],
    then: "either",
  },
  ...(["\x01", "\x08", "\x1b", "\x7f"] as const).map(
    (control): Case => ({
      name: `fields/control character ${control.charCodeAt(0)} in a value`,
      send: [get("/hello.txt", `Accept: a${control}b`)],
      requires: choice("9110, 5.5", "other CTL characters are also invalid; recipients MAY retain such characters within a safe context"),
      answers: [answered(200, 400)],
      then: "either",
    }),
  ),
  {
    name: "fields/byte above ASCII in a value",
    send: [get("/hello.txt", "User-Agent: caf\xe9")],
    requires: should("9110, 5.5", "a recipient SHOULD treat other allowed octets in field content (obs-text) as opaque data"),
    ...served,
  },
  accepted("no white space behind the colon", "Accept:*/*"),
  accepted("tabs around a value", "Accept:\t*/*\t"),
  accepted("a tab inside a value", "User-Agent: a\tb"),
  accepted("no value", "Accept:"),
  accepted("a value of white space", "Accept: \t "),
  accepted("a colon in a value", "User-Agent: a:b: c"),
  accepted("every character of a token in a name", "!#$%&'*+-.^_`|~09azAZ: x"),
  {
    name: "fields/unknown, twice",
    send: [get("/hello.txt", "Unheard-Of: 1", "Unheard-Of: 2")],
    requires: should("9110, 5.1", "recipients SHOULD ignore unrecognized header and trailer fields"),
    ...served,
  },
  {
    name: "fields/100 of them",
    send: [get("/hello.txt", ...Array.from({ length: 100 }, (_, index) => `Field-${index}: ${index}`))],
    requires: choice("9110, 5.4", "HTTP does not place a predefined limit on the length of each field or of the section as a whole"),
    ...served,
  },
  {
    name: "fields/one of 7,000 bytes",
    send: [get("/hello.txt", `Cookie: ${"c".repeat(7_000)}`)],
    requires: choice("9110, 5.4", "HTTP does not place a predefined limit on the length of each field or of the section as a whole"),
    ...served,
  },
  large("64 KB in one value", `Cookie: ${"c".repeat(65_536)}\r\n`),
  large("64 KB in one name", `${"n".repeat(65_536)}: x\r\n`),
  large("64 KB of white space before a value", `Accept: ${" ".repeat(65_536)}x\r\n`),
  large("64 KB in many fields", Array.from({ length: 1_000 }, (_, index) => `Field-${index}: ${"v".repeat(54)}\r\n`).join("")),
  large("20,000 fields without a value", "A:\r\n".repeat(20_000)),
];
