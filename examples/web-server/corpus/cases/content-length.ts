/** Content-Length: which values are lengths, and what becomes of a connection where they are not. */
import { answered, choice, defined, get, lines, must, refused, request, served, smuggled, type Case } from "../case.ts";
import { probe } from "../site.ts";

const invalid = must("9112, 6.3", "an invalid Content-Length: the server MUST respond with 400 and then close the connection");
const sameTwice = choice("9110, 8.6", "duplicated field values: MUST either reject the message as invalid or replace them with a single valid field");
const overflow = must("9110, 8.6", "a recipient MUST anticipate potentially large decimal numerals and prevent parsing errors due to integer conversion overflows");
const wholeBody = must("9112, 9.3", "a server MUST read the entire request message body or close the connection after sending its response");
const next = { status: [200], body: probe.body } as const;

/** Five bytes that are no request follow, and then one: whoever finds another end than the client answers them. */
function withBody(head: string): string {
  return `${head}abcde${get(probe.path)}`;
}

function wrong(name: string, ...fields: readonly string[]): Case {
  return { name: `content-length/${name}`, send: [withBody(get("/hello.txt", ...fields))], requires: invalid, ...refused };
}

function right(name: string, line: string): Case {
  return {
    name: `content-length/${name}`,
    send: [withBody(get("/hello.txt", line))],
    requires: defined("9110, 8.6", "Content-Length = 1*DIGIT"),
    answers: [answered(200), next],
    then: "stays",
  };
}

export const contentLength: readonly Case[] = [
  { name: "content-length/a body that GET does not need", send: [withBody(get("/hello.txt", "Content-Length: 5"))], requires: wholeBody, answers: [answered(200), { ...next, optional: true }], then: "either" },
  { name: "content-length/zero", send: [get("/hello.txt", "Content-Length: 0")], requires: defined("9110, 8.6", "Content-Length = 1*DIGIT"), ...served },
  right("leading zeros", "Content-Length: 005"),
  right("forty leading zeros", `Content-Length: ${"0".repeat(40)}5`),
  right("white space around it", "Content-Length: \t 5 \t "),
  right("no white space", "Content-Length:5"),
  right("name in small letters", "content-length: 5"),
  ...[
    ["two lines that are the same", ["Content-Length: 5", "Content-Length: 5"]],
    ["a list of the same", ["Content-Length: 5, 5"]],
    ["a comma behind it", ["Content-Length: 5,"]],
    ["a comma before it", ["Content-Length: ,5"]],
  ].map(
    ([name, all]): Case => ({
      name: `content-length/${String(name)}`,
      send: [withBody(get("/hello.txt", ...(all as string[])))],
      requires: sameTwice,
      answers: [answered(200, 400), { ...next, optional: true }],
      then: "either",
      ours: { status: 400, then: "closes", why: "nobody who means well sends it" },
    }),
  ),
  wrong("two lines that differ", "Content-Length: 5", "Content-Length: 6"),
  wrong("two lines that differ, the first longer", "Content-Length: 6", "Content-Length: 5"),
  wrong("two lines, one of them zero", "Content-Length: 0", "Content-Length: 5"),
  wrong("two lines of one number written in two ways that differ", "Content-Length: 5", "Content-Length: 5x"),
  wrong("a list that differs", "Content-Length: 5, 6"),
  wrong("-1", "Content-Length: -1"),
  wrong("-0", "Content-Length: -0"),
  wrong("+5", "Content-Length: +5"),
  wrong("0x5", "Content-Length: 0x5"),
  wrong("5.0", "Content-Length: 5.0"),
  wrong("5e0", "Content-Length: 5e0"),
  wrong("a letter behind it", "Content-Length: 5a"),
  wrong("two numbers", "Content-Length: 5 5"),
  wrong("a space between digits", "Content-Length: 0 5"),
  wrong("a parameter", "Content-Length: 5;q=1"),
  wrong("in quotes", 'Content-Length: "5"'),
  wrong("a word", "Content-Length: five"),
  wrong("digits of another script", "Content-Length: \xd9\xa5"),
  wrong("a vertical tab before it", "Content-Length: \x0b5"),
  wrong("empty", "Content-Length:"),
  wrong("-1 in HTTP 1.1 with Connection: close", "Connection: close", "Content-Length: -1"),
  { name: "content-length/wrong in HTTP 1.0", send: [withBody(lines("GET /hello.txt HTTP/1.0", "Connection: keep-alive", "Content-Length: 5x"))], requires: invalid, ...refused },
  ...[
    ["2^31 + 5", "2147483653"],
    ["2^32 + 5", "4294967301"],
    ["2^63 + 5", "9223372036854775813"],
    ["2^64", "18446744073709551616"],
    ["2^64 + 5", "18446744073709551621"],
    ["2^128 + 5", "340282366920938463463374607431768211461"],
    ["four hundred nines", "9".repeat(400)],
  ].map(
    ([name, length]): Case => ({
      name: `content-length/${String(name)}`,
      send: [withBody(get("/hello.txt", `Content-Length: ${String(length)}`)), "finish"],
      requires: overflow,
      answers: [{ status: [200, 400, 413], optional: true }],
      then: "closes",
    }),
  ),
  {
    name: "content-length/more than a server takes",
    send: [request("GET", "/hello.txt", "Content-Length: 2000000"), "abcde"],
    requires: choice("9110, 15.5.14", "413: the request content is larger than the server is willing or able to process"),
    answers: [answered(200, 413)],
    then: "closes",
    ours: { status: 413, why: "nginx says it too" },
  },
  {
    name: "content-length/the client ends before its body does",
    send: [get("/hello.txt", "Content-Length: 50"), "abcde", "finish"],
    requires: must("9112, 6.3", "the sender closes the connection before the indicated number of octets are received: the recipient MUST consider the message to be incomplete and close the connection"),
    answers: [{ status: [200, 400, 408], optional: true }],
    then: "closes",
  },
  {
    name: "content-length/a body in pieces",
    send: [get("/hello.txt", "Content-Length: 5"), { pause: 20 }, "ab", { pause: 20 }, "cde", { pause: 20 }, get(probe.path)],
    requires: wholeBody,
    answers: [answered(200), { ...next, optional: true }],
    then: "either",
    ours: { then: "stays", why: "a short body is read" },
  },
  {
    name: "content-length/the body of a refused method",
    send: [withBody(request("POST", "/hello.txt", "Content-Length: 5"))],
    requires: wholeBody,
    answers: [answered(405, 501), { ...next, optional: true }],
    then: "either",
  },
  {
    name: "content-length/a body that looks like a request",
    send: [`${get("/hello.txt", `Content-Length: ${smuggled.length}`)}${smuggled}`],
    requires: wholeBody,
    answers: [answered(200)],
    then: "either",
  },
];
