/** Range: which bytes, when none, and If-Range. The file is the alphabet, 26 bytes. */
import { answered, choice, defined, get, must, request, should, whole, type Answer, type Case, type Requirement } from "../case.ts";
import { lastModified, letters, probe } from "../site.ts";

const partial = should("9110, 14.2", "a valid and satisfiable ranges-specifier: the server SHOULD send a 206 with the satisfiable range-spec(s) requested");
const clamp = defined("9110, 14.1.2", "last-pos absent, or greater than or equal to the current length: the remainder of the representation");
const suffix = defined("9110, 14.1.2", "a suffix-range is the last N bytes; if the representation is shorter, the entire representation is used");
const unsatisfiable = should("9110, 14.2", "the ranges-specifier is unsatisfiable: the server SHOULD send a 416");
const unknownUnit = must("9110, 14.2", "an origin server MUST ignore a Range header field that contains a range unit it does not understand");
const invalid = choice("9110, 14.2", "a server MAY ignore or reject a Range header field that contains an invalid ranges-specifier");
const overflow = must("9110, 14.1.2", "recipients MUST anticipate potentially large decimal numerals and prevent parsing errors due to integer conversion overflows");
const onlyGet = must("9110, 14.2", "GET is the only method for which range handling is defined; a server MUST ignore Range with others");
const many = choice("9110, 14.2", "a server MAY ignore a Range header field; with more than two overlapping ranges or many small ones it may reject it");
const ifRange = must("9110, 13.1.5", "a recipient of an If-Range header field MUST ignore the Range header field if the If-Range condition evaluates to false");
const all = whole(letters);

function part(first: number, last: number): Answer {
  return {
    status: [206],
    has: { "content-range": `bytes ${first}-${last}/${letters.length}`, "content-length": String(last - first + 1) },
    body: letters.slice(first, last + 1),
  };
}

const none: Answer = { status: [416], has: { "content-range": `bytes */${letters.length}` } };
/** A multipart answer has no Content-Range of its own (15.3.7.2). What the parts hold is the caller's. */
function parts(body: RegExp): Answer {
  return { status: [206], has: { "content-type": /^multipart\/byteranges; *boundary=/ }, lacks: ["content-range"], body };
}

function one(name: string, range: string, requires: Requirement, answer: Answer, ...fields: readonly string[]): Case {
  return {
    name: `range/${name}`,
    send: [get("/letters.txt", `Range: ${range}`, ...fields) + get(probe.path)],
    requires,
    answers: [answer, { status: [200], body: probe.body, optional: true }],
    then: "either",
    ours: { then: "stays", why: "the framing is sound" },
  };
}

/** Nginx answers 416 to what is no range or no number. Both are allowed, and nothing is hidden in the whole file. */
const ignoring = "the RFC lets a server ignore such a Range, and then the client gets the whole file, which answers every range";

/** May be ignored, as if it were not there. */
function ignorable(name: string, value: string, requires: Requirement, answer: Answer): Case {
  return { ...one(name, value, requires, answer), laxer: ignoring };
}

export const range: readonly Case[] = [
  one("the first byte", "bytes=0-0", partial, part(0, 0)),
  one("the first five", "bytes=0-4", partial, part(0, 4)),
  one("some in the middle", "bytes=10-12", partial, part(10, 12)),
  one("the last byte by its number", "bytes=25-25", partial, part(25, 25)),
  one("all of them", "bytes=0-25", partial, part(0, 25)),
  one("from one to the end", "bytes=20-", clamp, part(20, 25)),
  one("from the beginning to the end", "bytes=0-", clamp, part(0, 25)),
  one("beyond the end", "bytes=20-100", clamp, part(20, 25)),
  one("the last three", "bytes=-3", suffix, part(23, 25)),
  one("the last hundred", "bytes=-100", suffix, part(0, 25)),
  one("unit in capitals", "BYTES=0-4", defined("9110, 14.1", "all range unit names are case-insensitive"), part(0, 4)),
  one("leading zeros", "bytes=0000-0004", partial, part(0, 4)),
  one("behind the end", "bytes=26-", unsatisfiable, none),
  one("far behind the end", "bytes=100-200", unsatisfiable, none),
  one("the last none", "bytes=-0", unsatisfiable, none),
  {
    name: "range/416 says how long the file is",
    send: [get("/letters.txt", "Range: bytes=26-")],
    requires: should("9110, 14.4", "a server generating a 416 to a byte-range request SHOULD send Content-Range with an unsatisfied-range value"),
    answers: [none],
    then: "stays",
  },
  {
    name: "range/206 has the fields that a cache needs",
    send: [get("/letters.txt", "Range: bytes=0-4")],
    requires: must("9110, 15.3.7", "a server that generates a 206 MUST generate Date, ETag and others that would have been sent in a 200 response"),
    answers: [{ ...part(0, 4), has: { date: / GMT$/, etag: /^(?:W\/)?"[^"]+"$/ } }],
    then: "stays",
  },
  {
    name: "range/200 says that ranges are served",
    send: [get("/letters.txt")],
    requires: choice("9110, 14.3", "a server that supports byte-range requests can send Accept-Ranges: bytes"),
    answers: [{ ...all, has: { "accept-ranges": "bytes" } }],
    then: "stays",
  },
  one("another unit", "lines=0-4", unknownUnit, all),
  one("a unit that begins like bytes", "bytesize=0-4", unknownUnit, all),
  ignorable("no unit", "=0-4", invalid, { status: [200, 400, 416] }),
  ...["0-4", "bytes", "bytes=", "bytes=-", "bytes=--1", "bytes=5-2", "bytes=a-b", "bytes=0-b", "bytes=0x0-0x4", "bytes=+0-4", "bytes=0-+4", "bytes=0--4", "bytes=0-4-8", "bytes=0-4x", "bytes 0-4", "bytes:0-4", "bytes=0-4;", "bytes=0.0-4.0", "bytes=1", "bytes=*"].map(
    (value): Case => ({
      ...ignorable(`invalid ${value}`, value, invalid, { status: [200, 400, 416] }),
      ours: { status: 200, then: "stays", why: "what is not understood is as if it were not there" },
    }),
  ),
  ignorable("last-pos of twenty digits", "bytes=20-99999999999999999999", overflow, { ...part(20, 25), or: [all] }),
  ignorable("last-pos of 2^64 + 21", "bytes=20-18446744073709551637", overflow, { ...part(20, 25), or: [all] }),
  ignorable("first-pos of twenty digits", "bytes=99999999999999999999-", overflow, { ...none, or: [all] }),
  ignorable("first-pos of 2^64", "bytes=18446744073709551616-18446744073709551620", overflow, { ...none, or: [all] }),
  ignorable("suffix of 2^64 + 1", "bytes=-18446744073709551617", overflow, { ...part(0, 25), or: [all] }),
  ignorable("suffix of 2^63", "bytes=-9223372036854775808", overflow, { ...part(0, 25), or: [all] }),
  one("two ranges", "bytes=0-1,24-25", many, { ...parts(/\r\n\r\nab\r\n[\s\S]*\r\n\r\nyz\r\n/), or: [all] }),
  one("two ranges with white space", "bytes=0-1 , 24-25", many, { ...parts(/\r\n\r\nab\r\n[\s\S]*\r\n\r\nyz\r\n/), or: [all] }),
  one("two ranges side by side", "bytes=0-1,2-3", many, { ...parts(/\r\n\r\nab\r\n[\s\S]*\r\n\r\ncd\r\n/), or: [part(0, 3), all] }),
  one("two ranges that overlap", "bytes=0-10,5-15", many, { ...parts(/\r\n\r\nabcdefghijk\r\n/), or: [part(0, 15), all] }),
  one("two ranges, one behind the end", "bytes=0-4,100-", many, { ...part(0, 4), or: [parts(/\r\n\r\nabcde\r\n/), all] }),
  ignorable("two ranges, both behind the end", "bytes=100-,200-", many, { ...none, or: [all] }),
  ignorable("two ranges, one invalid", "bytes=0-4,9-5", invalid, { status: [200, 400, 416] }),
  ignorable("a range and an empty element", "bytes=0-4,", choice("9110, 5.6.1.2", "a recipient MUST parse and ignore a reasonable number of empty list elements; a server MAY ignore Range"), { ...part(0, 4), or: [all, answered(400, 416)] }),
  ignorable("a thousand ranges", `bytes=${Array.from({ length: 1_000 }, () => "0-").join(",")}`, many, { ...all, or: [part(0, 25), answered(400, 416)] }),
  ignorable("two hundred ranges of one byte", `bytes=${Array.from({ length: 200 }, (_, index) => `${index % 26}-${index % 26}`).join(",")}`, many, { ...all, or: [part(0, 25), answered(400, 416)] }),
  {
    name: "range/two lines",
    send: [get("/letters.txt", "Range: bytes=0-4", "Range: bytes=5-9")],
    requires: choice("9110, 5.3", "a sender MUST NOT generate multiple field lines of a field that is no list"),
    answers: [{ ...all, or: [part(0, 4), part(5, 9), answered(400, 416)] }],
    then: "either",
  },
  { name: "range/HEAD", send: [request("HEAD", "/letters.txt", "Range: bytes=0-4")], requires: onlyGet, answers: [{ status: [200], head: true, lacks: ["content-range"], has: { "content-length": "26" } }], then: "stays" },
  { name: "range/POST", send: [request("POST", "/letters.txt", "Range: bytes=0-4", "Content-Length: 0")], requires: onlyGet, answers: [answered(405, 501)], then: "either" },
  { name: "range/for what is not there", send: [get("/nothing", "Range: bytes=0-4")], requires: defined("9110, 14.2", "Range is evaluated only if the result in absence of the Range header field would be a 200"), answers: [answered(404)], then: "stays" },
  { name: "range/for a redirect", send: [get("/folder", "Range: bytes=0-4")], requires: defined("9110, 14.2", "Range is evaluated only if the result in absence of the Range header field would be a 200"), answers: [answered(301, 308)], then: "stays" },
  { name: "range/of an empty file", send: [get("/empty.txt", "Range: bytes=0-")], requires: should("9110, 14.2", "unsatisfiable: 416; a server MAY ignore Range when the selected representation has no content"), answers: [{ status: [416], has: { "content-range": "bytes */0" }, or: [whole("")] }], then: "stays" },
  { name: "range/suffix of an empty file", send: [get("/empty.txt", "Range: bytes=-5")], requires: choice("9110, 14.2", "a server MAY ignore Range when the selected representation has no content"), answers: [answered(200, 416)], then: "stays" },
  {
    name: "range/of a large file",
    send: [get("/large.bin", "Range: bytes=160000-319999")],
    requires: partial,
    answers: [{ status: [206], has: { "content-range": "bytes 160000-319999/320000", "content-length": "160000" }, body: "0123456789abcdef".repeat(10_000) }],
    then: "stays",
  },
  {
    name: "range/pipelined",
    send: [get("/letters.txt", "Range: bytes=0-1") + get("/letters.txt", "Range: bytes=-1") + get("/letters.txt", "Range: bytes=30-") + get("/letters.txt")],
    requires: must("9112, 9.3.2", "it MUST send the corresponding responses in the same order that the requests were received"),
    answers: [part(0, 1), part(25, 25), none, all],
    then: "stays",
  },
  one("If-Range of the tag", "bytes=0-4", should("9110, 13.1.5", "otherwise, the recipient SHOULD process the Range header field as requested"), part(0, 4), "If-Range: {etag}"),
  one("If-Range of another tag", "bytes=0-4", ifRange, all, 'If-Range: "other"'),
  one("If-Range of the weak tag", "bytes=0-4", ifRange, all, "If-Range: {weak etag}"),
  one("If-Range of the date", "bytes=0-4", should("9110, 13.1.5", "the HTTP-date exactly matches Last-Modified: the recipient SHOULD process the Range header field as requested"), part(0, 4), `If-Range: ${lastModified}`),
  one("If-Range of a later date", "bytes=0-4", ifRange, all, "If-Range: Wed, 03 Jan 2024 00:00:00 GMT"),
  one("If-Range of an earlier date", "bytes=0-4", ifRange, all, "If-Range: Mon, 01 Jan 2024 00:00:00 GMT"),
  one("If-Range of nonsense", "bytes=0-4", ifRange, all, "If-Range: nonsense"),
  one("If-Range in two lines", "bytes=0-4", ifRange, all, "If-Range: {etag}", "If-Range: {etag}"),
  one("If-Range, empty", "bytes=0-4", ifRange, all, "If-Range:"),
  one("If-Range is false, and the range behind the end", "bytes=100-", ifRange, all, 'If-Range: "other"'),
  {
    name: "range/If-Range without Range",
    send: [get("/letters.txt", "If-Range: {etag}")],
    requires: must("9110, 13.1.5", "a server MUST ignore an If-Range header field received in a request that does not contain a Range header field"),
    answers: [all],
    then: "stays",
  },
  one("If-None-Match is false", "bytes=0-4", must("9110, 13.2.2", "the order of preconditions: If-None-Match false for GET: respond 304, before Range"), { status: [304], body: "" }, "If-None-Match: {etag}"),
  one("If-Modified-Since is false", "bytes=0-4", should("9110, 13.1.3", "last modification date equal to the date provided: 304, before Range"), { status: [304], body: "" }, `If-Modified-Since: ${lastModified}`),
  one("If-Match is false", "bytes=0-4", must("9110, 13.1.1", "MUST NOT perform the requested method if a received If-Match condition evaluates to false"), { status: [412] }, 'If-Match: "other"'),
];
