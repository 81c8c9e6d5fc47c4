/** Methods other than GET, and what HEAD leaves out. */
import { answered, choice, get, lines, must, request, should, type Answer, type Case } from "../case.ts";
import { lastModified, letters, probe } from "../site.ts";

const noContent = must("9110, 9.3.2", "HEAD is identical to GET except that the server MUST NOT send content in the response");
const allow = must("9110, 15.5.6", "the origin server MUST generate an Allow header field in a 405 response containing a list of the target resource's currently supported methods");
const notAllowed: Answer = { status: [405], has: { allow: /\bGET\b.*\bHEAD\b/ }, or: [answered(501)] };
const options = choice("9110, 9.3.7", "OPTIONS requests information about the communication options available; all methods but GET and HEAD are OPTIONAL (9.1)");

export const methods: readonly Case[] = [
  {
    name: "methods/HEAD of a file",
    send: [request("HEAD", "/letters.txt") + get(probe.path)],
    requires: noContent,
    answers: [{ status: [200], head: true }, { status: [200], body: probe.body }],
    then: "stays",
  },
  {
    name: "methods/HEAD has the fields of GET",
    send: [request("HEAD", "/letters.txt")],
    requires: should("9110, 9.3.2", "the server SHOULD send the same header fields in response to a HEAD request as it would have sent if the request method had been GET"),
    answers: [{ status: [200], head: true, has: { "content-length": String(letters.length), "content-type": /^text\/plain/, "last-modified": lastModified, etag: /^(?:W\/)?"[^"]+"$/ } }],
    then: "stays",
  },
  { name: "methods/HEAD of nothing", send: [request("HEAD", "/nothing") + get(probe.path)], requires: noContent, answers: [{ status: [404], head: true }, { status: [200], body: probe.body }], then: "stays" },
  { name: "methods/HEAD of a folder without its slash", send: [request("HEAD", "/folder") + get(probe.path)], requires: noContent, answers: [{ status: [301, 308], head: true, has: { location: /\/folder\/$/ } }, { status: [200], body: probe.body }], then: "stays" },
  { name: "methods/HEAD with a body", send: [`${request("HEAD", "/letters.txt", "Content-Length: 5")}abcde${get(probe.path)}`], requires: noContent, answers: [{ status: [200], head: true }, { status: [200], body: probe.body, optional: true }], then: "either" },
  { name: "methods/HEAD in HTTP 1.0", send: ["HEAD /letters.txt HTTP/1.0\r\n\r\n"], requires: noContent, answers: [{ status: [200], head: true }], then: "closes" },
  ...([
    ["no Host", lines("HEAD /letters.txt HTTP/1.1")],
    ["two lengths", request("HEAD", "/letters.txt", "Content-Length: 1", "Content-Length: 2")],
    ["a chunk without a size", `${request("HEAD", "/letters.txt", "Transfer-Encoding: chunked")}x\r\n`],
    ["a field of 64 KB", request("HEAD", "/letters.txt", `Cookie: ${"c".repeat(65_536)}`)],
    ["a target of 9,000 bytes", request("HEAD", `/${"a".repeat(9_000)}`)],
    ["an unknown expectation", request("HEAD", "/letters.txt", "Expect: the-unexpected")],
  ] as const).map(([name, bytes]): Case => ({ name: `methods/HEAD that is refused: ${name}`, send: [bytes], requires: noContent, answers: [{ status: [200, 400, 413, 414, 417, 431], head: true }], then: "either" })),
  ...["POST", "PUT", "DELETE", "PATCH"].map(
    (method): Case => ({ name: `methods/${method} to a file`, send: [request(method, "/letters.txt", "Content-Length: 0") + get(probe.path)], requires: allow, answers: [notAllowed, { status: [200], body: probe.body, optional: true }], then: "either" }),
  ),
  {
    name: "methods/POST is known",
    send: [request("POST", "/letters.txt", "Content-Length: 0")],
    requires: should("9110, 9.1", "a request method that is recognized and implemented, but not allowed for the target resource: respond with 405"),
    answers: [answered(405)],
    then: "either",
    ours: { then: "stays", why: "the framing is sound" },
  },
  { name: "methods/POST without a length", send: [request("POST", "/letters.txt") + get(probe.path)], requires: must("9112, 6.3", "a request message without Content-Length and Transfer-Encoding: the message body length is zero"), answers: [answered(405, 411, 501), { status: [200], body: probe.body, optional: true }], then: "either" },
  { name: "methods/TRACE", send: [request("TRACE", "/letters.txt", "Cookie: secret")], requires: choice("9110, 9.3.8", "a final recipient of TRACE reflects the message; all methods but GET and HEAD are OPTIONAL (9.1)"), answers: [answered(405, 501)], then: "either" },
  { name: "methods/CONNECT", send: ["CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n"], requires: choice("9110, 9.3.6", "most origin servers do not implement CONNECT"), answers: [answered(400, 405, 501)], then: "either" },
  { name: "methods/OPTIONS of the server", send: [request("OPTIONS", "*")], requires: options, answers: [answered(200, 204, 400, 405, 501)], then: "either", laxer: "a client may ask what the server as a whole can do (9110, 9.3.7); it is told the methods and nothing else" },
  { name: "methods/OPTIONS of a file", send: [request("OPTIONS", "/letters.txt")], requires: allow, answers: [{ ...notAllowed, or: [answered(200, 204, 501)] }], then: "either" },
  { name: "methods/a large PUT whose client waits for no answer", send: [request("PUT", "/letters.txt", "Content-Length: 100000000"), "a".repeat(200_000)], requires: must("9112, 9.3", "a server MUST read the entire request message body or close the connection after sending its response"), answers: [answered(405, 413, 501)], then: "closes" },
  ...["PROPFIND", "MKCOL", "LOCK", "PURGE", "QUERY", "M-SEARCH", "BREW"].map(
    (method): Case => ({
      name: `methods/${method}`,
      send: [request(method, "/letters.txt", "Content-Length: 0")],
      requires: should("9110, 9.1", "unrecognized or not implemented: respond with 501; recognized and implemented, but not allowed: 405"),
      answers: [answered(405, 501)],
      then: "either",
    }),
  ),
];
