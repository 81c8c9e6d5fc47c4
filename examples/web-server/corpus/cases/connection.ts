/** How long a connection lives, several requests on one, bytes that come slowly, and Expect. */
import { answered, choice, defined, get, lines, must, request, served, should, smuggled, type Answer, type Case, type Step } from "../case.ts";
import { hello, probe } from "../site.ts";

const close = must("9112, 9.6", "a server that receives a close connection option MUST initiate closure of the connection after it sends the final response");
const noMore = must("9112, 9.6", "a server that receives close MUST NOT process any further requests received on that connection");
const persists = defined("9112, 9.3", "if the received protocol is HTTP/1.1 (or later), the connection will persist after the current response");
const inOrder = must("9112, 9.3.2", "it MUST send the corresponding responses in the same order that the requests were received");
const slow = defined("9112, 2.2", "if a message body has been indicated, then it is read as a stream until an amount of octets equal to the length is read");
const continueOrFinal = must("9110, 10.1.1", "a 100-continue expectation: an origin server MUST send either an immediate final response or an immediate 100 (Continue)");
const unexpected = choice("9110, 10.1.1", "an Expect field value containing a member other than 100-continue: a server MAY respond with 417");

const helloAnswer: Answer = { status: [200], body: hello };
const probeAnswer: Answer = { status: [200], body: probe.body };
const bytewise = (text: string): readonly Step[] => [...text].flatMap((byte) => [byte, { pause: 2 }]);

function closing(name: string, ...fields: readonly string[]): Case {
  return { name: `connection/${name}`, send: [get("/hello.txt", ...fields)], requires: close, answers: [helloAnswer], then: "closes" };
}

function keeping(name: string, ...fields: readonly string[]): Case {
  return { name: `connection/${name}`, send: [get("/hello.txt", ...fields)], requires: persists, answers: [helloAnswer], then: "stays" };
}

export const connection: readonly Case[] = [
  closing("close", "Connection: close"),
  closing("Close in capitals", "Connection: CLOSE"),
  closing("close in a list", "Connection: foo, close"),
  closing("close in a list without white space", "Connection: foo,close,bar"),
  closing("close in a second line", "Connection: foo", "Connection: close"),
  closing("keep-alive and close", "Connection: keep-alive, close"),
  keeping("none"),
  keeping("keep-alive", "Connection: keep-alive"),
  keeping("a word that contains close", "Connection: closed"),
  keeping("another option", "Connection: foo"),
  keeping("empty", "Connection:"),
  {
    name: "connection/close is answered with close",
    send: [get("/hello.txt", "Connection: close")],
    requires: should("9112, 9.6", "the server SHOULD send a close connection option in its final response on that connection"),
    answers: [{ ...helloAnswer, has: { connection: /\bclose\b/i } }],
    then: "closes",
  },
  { name: "connection/a request behind close", send: [get("/hello.txt", "Connection: close") + smuggled], requires: noMore, answers: [helloAnswer], then: "closes" },
  { name: "connection/a request behind close, later", send: [get("/hello.txt", "Connection: close"), { pause: 100 }, smuggled], requires: noMore, answers: [helloAnswer], then: "closes" },
  {
    name: "connection/HTTP 1.0 with keep-alive",
    send: [lines("GET /hello.txt HTTP/1.0", "Connection: keep-alive")],
    requires: choice("9112, 9.3", "HTTP/1.0, keep-alive, and the recipient wishes to honor it: the connection will persist"),
    answers: [{ ...helloAnswer, has: { connection: /\bkeep-alive\b/i } }],
    then: "stays",
  },
  {
    name: "connection/HTTP 1.0 with Keep-Alive in capitals",
    send: [lines("GET /hello.txt HTTP/1.0", "Connection: Keep-Alive")],
    requires: choice("9112, 9.3", "HTTP/1.0, keep-alive, and the recipient wishes to honor it: the connection will persist"),
    answers: [helloAnswer],
    then: "stays",
  },
  { name: "connection/HTTP 1.0 with keep-alive and close", send: [lines("GET /hello.txt HTTP/1.0", "Connection: keep-alive, close")], requires: close, answers: [helloAnswer], then: "closes" },
  {
    name: "connection/HTTP 1.0 and a request behind",
    send: [lines("GET /hello.txt HTTP/1.0") + smuggled],
    requires: defined("9112, 9.3", "(HTTP/1.0 without keep-alive) the connection will close after the current response"),
    answers: [helloAnswer],
    then: "closes",
  },
  {
    name: "connection/the client half-closes behind its request",
    send: [get("/hello.txt"), "finish"],
    requires: defined("9112, 9.6", "half-closed by the client does not imply that the client is no longer interested in a response"),
    answers: [helloAnswer],
    then: "closes",
  },
  {
    name: "connection/the client half-closes inside a head",
    send: ["GET /hello.txt HTTP/1.1\r\nHost: x\r\n", "finish"],
    requires: choice("9112, 8", "an incomplete request message: the server MAY send an error response prior to closing the connection"),
    answers: [{ status: [400, 408], optional: true }],
    then: "closes",
  },
  {
    name: "connection/an upgrade to HTTP 2",
    send: [get("/hello.txt", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA")],
    requires: choice("9110, 7.8", "a server MAY ignore a received Upgrade header field if it wishes to continue using the current protocol"),
    ...served,
  },
  {
    name: "connection/an upgrade to a web socket",
    send: [get("/hello.txt", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")],
    requires: choice("9110, 7.8", "a server MAY ignore a received Upgrade header field if it wishes to continue using the current protocol"),
    ...served,
  },
  { name: "pipelining/three", send: [get("/hello.txt") + get("/nothing") + get(probe.path)], requires: inOrder, answers: [helloAnswer, answered(404), probeAnswer], then: "stays" },
  {
    name: "pipelining/two hundred",
    send: [(get("/hello.txt") + get(probe.path)).repeat(100)],
    requires: inOrder,
    answers: Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? helloAnswer : probeAnswer)),
    then: "stays",
  },
  {
    name: "pipelining/HEAD between two GETs",
    send: [get("/hello.txt") + request("HEAD", "/hello.txt") + get(probe.path)],
    requires: inOrder,
    answers: [helloAnswer, { status: [200], head: true, has: { "content-length": "18" } }, probeAnswer],
    then: "stays",
  },
  {
    name: "pipelining/a refused method between two GETs",
    send: [get("/hello.txt") + request("DELETE", "/hello.txt") + get(probe.path)],
    requires: inOrder,
    answers: [helloAnswer, answered(405, 501), { ...probeAnswer, optional: true }],
    then: "either",
    ours: { then: "stays", why: "the framing is sound" },
  },
  {
    name: "pipelining/cut in the middle of the second",
    send: [`${get("/hello.txt")}GET /pro`, { pause: 30 }, "be.txt HTTP/1.1\r\nHo", { pause: 30 }, "st: x\r\n\r", { pause: 30 }, "\n"],
    requires: inOrder,
    answers: [helloAnswer, probeAnswer],
    then: "stays",
  },
  {
    name: "pipelining/nonsense between two GETs",
    send: [`${get("/hello.txt")}nonsense\r\n\r\n${smuggled}`],
    requires: should("9112, 2.2", "a sequence of octets that does not match the HTTP-message grammar: respond with 400 and close the connection"),
    answers: [helloAnswer, answered(400)],
    then: "closes",
  },
  {
    name: "pipelining/no Host between two GETs",
    send: [get("/hello.txt") + lines("GET /hello.txt HTTP/1.1") + smuggled],
    requires: must("9112, 3.2", "a server MUST respond with 400 to any HTTP/1.1 request message that lacks a Host header field"),
    answers: [helloAnswer, answered(400), { ...probeAnswer, optional: true }],
    then: "either",
    ours: { then: "closes", why: "nothing is answered behind a request that is refused" },
  },
  {
    name: "pipelining/an invalid length between two GETs",
    send: [get("/hello.txt") + get("/hello.txt", "Content-Length: -1") + smuggled],
    requires: must("9112, 6.3", "an invalid Content-Length: the server MUST respond with 400 and then close the connection"),
    answers: [helloAnswer, answered(400)],
    then: "closes",
  },
  {
    name: "pipelining/bodies between",
    send: [`${get("/hello.txt", "Content-Length: 3")}abc${get("/hello.txt", "Transfer-Encoding: chunked")}3\r\nabc\r\n0\r\n\r\n${get(probe.path)}`],
    requires: must("9112, 9.3", "a server MUST read the entire request message body or close the connection after sending its response"),
    answers: [helloAnswer, { ...helloAnswer, optional: true }, { ...probeAnswer, optional: true }],
    then: "either",
    ours: { then: "stays", why: "short bodies are read" },
  },
  { name: "pipelining/empty lines between", send: [`${get("/hello.txt")}\r\n${get(probe.path)}`], requires: should("9112, 2.2", "a server SHOULD ignore at least one empty line (CRLF) received prior to the request-line"), answers: [helloAnswer, probeAnswer], then: "stays" },
  { name: "slow/every byte alone", send: bytewise(get("/hello.txt")), requires: slow, answers: [helloAnswer], then: "stays" },
  { name: "slow/every line alone", send: ["GET /hello.txt HTTP/1.1\r\n", { pause: 30 }, "Host: x\r\n", { pause: 30 }, "\r\n"], requires: slow, answers: [helloAnswer], then: "stays" },
  { name: "slow/cut between CR and LF", send: ["GET /hello.txt HTTP/1.1\r", { pause: 30 }, "\nHost: x\r", { pause: 30 }, "\n\r", { pause: 30 }, "\n"], requires: slow, answers: [helloAnswer], then: "stays" },
  { name: "slow/cut in a name and a value", send: ["GET /hello.txt HTTP/1.1\r\nHo", { pause: 30 }, "st", { pause: 30 }, ": e", { pause: 30 }, "x\r\n\r\n"], requires: slow, answers: [helloAnswer], then: "stays" },
  { name: "slow/two Hosts, every byte alone", send: bytewise(get("/hello.txt", "Host: x")), requires: must("9112, 3.2", "a server MUST respond with 400 to any request message that contains more than one Host header field line"), answers: [answered(400)], then: "either" },
  {
    name: "expect/100-continue, and the body later",
    send: [get("/hello.txt", "Content-Length: 5", "Expect: 100-continue"), { pause: 150 }, "abcde", get(probe.path)],
    requires: continueOrFinal,
    answers: [{ status: [200, 417], continues: "may" }, { ...probeAnswer, optional: true }],
    then: "either",
  },
  {
    name: "expect/100-continue, and no body",
    send: [get("/hello.txt", "Content-Length: 5", "Expect: 100-continue"), { pause: 300 }, "finish"],
    requires: continueOrFinal,
    answers: [{ status: [100, 200, 417], continues: "may" }],
    then: "closes",
  },
  {
    name: "expect/100-continue with chunks",
    send: [get("/hello.txt", "Transfer-Encoding: chunked", "Expect: 100-continue"), { pause: 150 }, "5\r\nabcde\r\n0\r\n\r\n", get(probe.path)],
    requires: continueOrFinal,
    answers: [{ status: [200, 417], continues: "may" }, { ...probeAnswer, optional: true }],
    then: "either",
  },
  {
    name: "expect/100-continue in capitals",
    send: [get("/hello.txt", "Content-Length: 5", "Expect: 100-Continue"), { pause: 150 }, "abcde"],
    requires: defined("9110, 10.1.1", "the Expect field value is case-insensitive"),
    answers: [{ status: [200], continues: "may" }],
    then: "either",
  },
  {
    name: "expect/100-continue and the body at once",
    send: [`${get("/hello.txt", "Content-Length: 5", "Expect: 100-continue")}abcde${get(probe.path)}`],
    requires: must("9112, 9.3", "a server MUST read the entire request message body or close the connection after sending its response"),
    answers: [{ status: [200, 417], continues: "may" }, { ...probeAnswer, optional: true }],
    then: "either",
  },
  {
    name: "expect/100-continue without content",
    send: [get("/hello.txt", "Expect: 100-continue")],
    requires: choice("9110, 10.1.1", "a server MAY omit sending a 100 (Continue) response if the framing indicates that there is no content"),
    answers: [{ status: [200], continues: "may" }],
    then: "either",
    ours: { then: "stays", why: "there is nothing to wait for" },
  },
  {
    name: "expect/100-continue in HTTP 1.0",
    send: [`${lines("GET /hello.txt HTTP/1.0", "Content-Length: 5", "Expect: 100-continue")}abcde`],
    requires: must("9110, 10.1.1", "a 100-continue expectation in an HTTP/1.0 request: a server MUST ignore that expectation"),
    answers: [helloAnswer],
    then: "closes",
  },
  {
    name: "expect/100-continue for a refused method",
    send: [request("PUT", "/hello.txt", "Content-Length: 5", "Expect: 100-continue"), { pause: 150 }, "abcde", get(probe.path)],
    requires: continueOrFinal,
    answers: [{ status: [405, 501], continues: "may" }, { ...probeAnswer, optional: true }],
    then: "either",
  },
  { name: "expect/something else", send: [get("/hello.txt", "Expect: the-unexpected")], requires: unexpected, answers: [answered(200, 417)], then: "either" },
  { name: "expect/100-continue and something else", send: [get("/hello.txt", "Expect: 100-continue, more")], requires: unexpected, answers: [{ status: [200, 417], continues: "may" }], then: "either" },
  { name: "expect/empty", send: [get("/hello.txt", "Expect:")], requires: unexpected, answers: [answered(200, 417)], then: "either" },
];
