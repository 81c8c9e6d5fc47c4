/** The Host field, and targets that name a host themselves. */
import { answered, choice, defined, get, lines, must, refusedByStatus, served, should, smuggled, type Case } from "../case.ts";

const required = must("9112, 3.2", "a server MUST respond with 400 to any HTTP/1.1 request message that lacks a Host header field");
const once = must("9112, 3.2", "a server MUST respond with 400 to any request message that contains more than one Host header field line");
const valid = must("9112, 3.2", "a server MUST respond with 400 to any request message with a Host header field with an invalid field value");
const grammar = defined("9110, 7.2", 'Host = uri-host [ ":" port ]');
const absolute = must("9112, 3.2.2", "a server MUST accept the absolute-form in requests");

function invalid(name: string, value: string): Case {
  return { name: `host/${name}`, send: [lines("GET /hello.txt HTTP/1.1", `Host: ${value}`)], requires: valid, ...refusedByStatus };
}

function good(name: string, line: string): Case {
  return { name: `host/${name}`, send: [lines("GET /hello.txt HTTP/1.1", line)], requires: grammar, ...served };
}

export const host: readonly Case[] = [
  { name: "host/none", send: [lines("GET /hello.txt HTTP/1.1")], requires: required, ...refusedByStatus },
  { name: "host/none, and another field", send: [lines("GET /hello.txt HTTP/1.1", "Hosts: x")], requires: required, ...refusedByStatus },
  { name: "host/two that differ", send: [get("/hello.txt", "Host: y")], requires: once, ...refusedByStatus },
  { name: "host/two that are the same", send: [get("/hello.txt", "Host: x")], requires: once, ...refusedByStatus },
  { name: "host/two apart, in other letters", send: [get("/hello.txt", "Accept: */*", "HOST: x")], requires: once, ...refusedByStatus },
  { name: "host/two in HTTP 1.0", send: [lines("GET /hello.txt HTTP/1.0", "Host: x", "Host: y")], requires: once, answers: [answered(400)], then: "closes" },
  { name: "host/two, and a request behind", send: [get("/hello.txt", "Host: y") + smuggled], requires: once, answers: [answered(400)], then: "closes" },
  invalid("a space inside", "x y"),
  invalid("a slash", "x/y"),
  invalid("a backslash", "x\\y"),
  invalid("a user", "user@x"),
  invalid("a query", "x?y"),
  invalid("a fragment", "x#y"),
  invalid("a scheme", "http://x"),
  invalid("a port that is no number", "x:http"),
  invalid("a port with a sign", "x:-1"),
  invalid("two ports", "x:80:80"),
  invalid("an address of IPv6 that does not end", "[::1"),
  invalid("letters behind an address of IPv6", "[::1]x"),
  invalid("an escape that is none", "x%zz"),
  invalid("NUL", "x\0y"),
  invalid("a byte above ASCII", "x\xe9"),
  invalid("a control character", "x\x01"),
  invalid("a bare CR", "x\ry"),
  invalid("in HTTP 1.1 only a tab inside", "x\ty"),
  { name: "host/invalid in HTTP 1.0", send: [lines("GET /hello.txt HTTP/1.0", "Host: x y")], requires: valid, answers: [answered(400)], then: "closes" },
  {
    name: "host/empty",
    send: [lines("GET /hello.txt HTTP/1.1", "Host:")],
    requires: choice("9112, 3.3", "authority component is empty: the server can reject the request or determine whether a configured default applies"),
    answers: [answered(200, 400)],
    then: "either",
    laxer: "a client MUST send an empty Host where its URI has no authority (9112, 3.2), and this server has one default site",
  },
  good("a name", "Host: example.org"),
  good("a name with a dot at its end", "Host: EXAMPLE.org."),
  good("a port", "Host: x:80"),
  good("a port without digits", "Host: x:"),
  good("an address of IPv4", "Host: 127.0.0.1:8080"),
  good("an address of IPv6", "Host: [::1]:80"),
  good("an escape", "Host: x%2dy"),
  good("no white space before it", "Host:x"),
  good("white space around it", "Host: \t x \t "),
  good("field name in mixed letters", "hOsT: x"),
  { name: "host/absolute-form", send: [get("http://x/hello.txt")], requires: absolute, ...served },
  { name: "host/absolute-form with a port", send: [get("http://x:8080/hello.txt")], requires: absolute, ...served },
  { name: "host/absolute-form with a query", send: [get("http://x/hello.txt?a=http://y/")], requires: absolute, ...served },
  {
    name: "host/absolute-form without a path",
    send: [get("http://x")],
    requires: defined("9110, 4.2.3", 'an empty path component is equivalent to an absolute path of "/"'),
    ...served,
  },
  {
    name: "host/absolute-form in capitals",
    send: [get("HTTP://X/hello.txt")],
    requires: defined("9110, 4.2.3", "the scheme and host are case-insensitive"),
    ...served,
  },
  {
    name: "host/absolute-form and another Host",
    send: [lines("GET http://x/hello.txt HTTP/1.1", "Host: y")],
    requires: must("9112, 3.2.2", "the origin server MUST ignore the received Host header field (if any) and instead use the host information of the request-target"),
    ...served,
  },
  { name: "host/absolute-form and no Host", send: [lines("GET http://x/hello.txt HTTP/1.1")], requires: required, ...refusedByStatus },
  { name: "host/absolute-form and two Hosts", send: [lines("GET http://x/hello.txt HTTP/1.1", "Host: x", "Host: x")], requires: once, ...refusedByStatus },
  { name: "host/absolute-form and an invalid Host", send: [lines("GET http://x/hello.txt HTTP/1.1", "Host: x y")], requires: valid, ...refusedByStatus },
  {
    name: "host/absolute-form with an empty host",
    send: [get("http:///hello.txt")],
    requires: must("9110, 4.2.1", 'an "http" URI with an empty host identifier: a recipient MUST reject it as invalid'),
    answers: [answered(400)],
    then: "either",
  },
  {
    name: "host/absolute-form with a user",
    send: [get("http://user:password@x/hello.txt")],
    requires: should("9110, 4.2.4", "a recipient SHOULD parse for userinfo and treat its presence as an error"),
    answers: [answered(400)],
    then: "either",
  },
  {
    name: "host/absolute-form of another scheme",
    send: [get("ftp://x/hello.txt")],
    requires: choice("9110, 7.4", "before performing a request, a server decides whether or not to provide service for the target URI via the connection in which the request is received"),
    answers: [answered(200, 400, 404, 421)],
    then: "either",
  },
  {
    name: "host/absolute-form of https",
    send: [get("https://x/hello.txt")],
    requires: must("9110, 7.4", 'a request for an "https" resource MUST be rejected unless it has been received over a connection that has been secured'),
    answers: [answered(400, 403, 404, 421)],
    then: "either",
  },
];
