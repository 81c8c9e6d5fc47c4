/** Conditional requests: entity-tags, dates in their three forms, and which condition comes first. */
import { answered, choice, defined, get, must, request, should, whole, type Answer, type Case, type Requirement } from "../case.ts";
import { lastModified, letters, probe } from "../site.ts";

const noneMatch = must("9110, 13.1.2", "If-None-Match is false if one of the listed tags matches; the origin server MUST respond with 304 if the request method is GET or HEAD");
const noneMatchTrue = must("9110, 13.1.2", "the condition is true where no listed tag matches, and the method is performed");
const weak = must("9110, 13.1.2", "a recipient MUST use the weak comparison function when comparing entity tags for If-None-Match");
const strong = must("9110, 13.1.1", "an origin server MUST use the strong comparison function when comparing entity tags for If-Match");
const ifMatch = must("9110, 13.1.1", "an origin server MUST NOT perform the requested method if a received If-Match condition evaluates to false");
const since = should("9110, 13.1.3", "last modification date earlier or equal to the date provided: the origin server SHOULD generate a 304");
const ignoreDate = must("9110, 13.1.3", "a recipient MUST ignore If-Modified-Since if the received field value is not a valid HTTP-date");
const allDates = must("9110, 5.6.7", "a recipient that parses a timestamp value in an HTTP field MUST accept all three HTTP-date formats");
const preferTag = must("9110, 13.1.3", "a recipient MUST ignore If-Modified-Since if the request contains an If-None-Match header field");
const unmodified = must("9110, 13.1.4", "an origin server that evaluates an If-Unmodified-Since condition MUST NOT perform the requested method if the condition evaluates to false");
const order = must("9110, 13.2.2", "a recipient MUST evaluate the request preconditions in the order If-Match, If-Unmodified-Since, If-None-Match, If-Modified-Since, If-Range");
const notWithout200 = must("9110, 13.2.1", "a server MUST ignore all received preconditions if its response without those conditions would have been other than a 2xx or 412");

const combined = defined("9110, 5.2", "a repeated field: its value consists of the list of corresponding field line values, concatenated in order, each separated by a comma");

const same: Answer = { status: [304], body: "" };
const all = whole(letters);
const failed: Answer = { status: [412] };
const earlier = "Mon, 01 Jan 2024 00:00:00 GMT";
const later = "Wed, 03 Jan 2024 00:00:00 GMT";

function one(name: string, requires: Requirement, answer: Answer, ...fields: readonly string[]): Case {
  return { name: `conditional/${name}`, send: [get("/letters.txt", ...fields) + get(probe.path)], requires, answers: [answer, { status: [200], body: probe.body, optional: true }], then: "either", ours: { then: "stays", why: "the framing is sound" } };
}

export const conditional: readonly Case[] = [
  one("If-None-Match of the tag", noneMatch, same, "If-None-Match: {etag}"),
  one("If-None-Match of another tag", noneMatchTrue, all, 'If-None-Match: "other"'),
  one("If-None-Match of the weak tag", weak, same, "If-None-Match: {weak etag}"),
  one("If-None-Match of a star", must("9110, 13.1.2", 'If-None-Match is false if the field value is "*" and the origin server has a current representation'), same, "If-None-Match: *"),
  one("If-None-Match of a list with the tag", noneMatch, same, 'If-None-Match: "a", {etag}, "b"'),
  one("If-None-Match of a list without the tag", noneMatchTrue, all, 'If-None-Match: "a", "b", W/"c"'),
  one("If-None-Match of a list without white space", noneMatch, same, 'If-None-Match: "a",{etag}'),
  one("If-None-Match of a list with empty elements", must("9110, 5.6.1.2", "a recipient MUST parse and ignore a reasonable number of empty list elements"), same, 'If-None-Match: , "a" ,, {etag} ,'),
  one("If-None-Match in two lines", combined, same, 'If-None-Match: "a"', "If-None-Match: {etag}"),
  one("If-None-Match in two lines, the tag in the first", combined, same, "If-None-Match: {etag}", 'If-None-Match: "b"'),
  one("If-Match in two lines", combined, all, 'If-Match: "a"', "If-Match: {etag}"),
  one("If-Match in two lines, the tag in the first", combined, all, "If-Match: {etag}", 'If-Match: "b"'),
  one("If-None-Match of a tag with a comma inside", noneMatchTrue, all, 'If-None-Match: "a,b"'),
  one("If-None-Match of a hundred tags and the tag", noneMatch, same, `If-None-Match: ${Array.from({ length: 100 }, (_, index) => `"${index}"`).join(", ")}, {etag}`),
  one("If-None-Match of a tag in no quotes", choice("9110, 8.8.3", "entity-tag = [ weak ] opaque-tag; opaque-tag = DQUOTE *etagc DQUOTE"), { status: [200, 304] }, "If-None-Match: other"),
  one("If-None-Match of a tag whose quote does not end", choice("9110, 8.8.3", "opaque-tag = DQUOTE *etagc DQUOTE"), { status: [200, 304, 400] }, 'If-None-Match: "other'),
  one("If-None-Match, empty", choice("9110, 13.1.2", 'If-None-Match = "*" / #entity-tag'), { status: [200] }, "If-None-Match:"),
  {
    name: "conditional/304 has the fields that a cache needs",
    send: [get("/letters.txt", "If-None-Match: {etag}")],
    requires: must("9110, 15.4.5", "the server generating a 304 response MUST generate Date, ETag and others that would have been sent in a 200 response"),
    answers: [{ ...same, has: { etag: /^(?:W\/)?"[^"]+"$/, date: / GMT$/ } }],
    then: "stays",
  },
  { name: "conditional/HEAD with If-None-Match", send: [request("HEAD", "/letters.txt", "If-None-Match: {etag}")], requires: noneMatch, answers: [{ ...same, head: true }], then: "stays" },
  one("If-Modified-Since of the date", since, same, `If-Modified-Since: ${lastModified}`),
  one("If-Modified-Since of a later date", since, same, `If-Modified-Since: ${later}`),
  one("If-Modified-Since of an earlier date", must("9110, 13.1.3", "otherwise the condition is true, and the method is performed"), all, `If-Modified-Since: ${earlier}`),
  one("If-Modified-Since one second earlier", must("9110, 13.1.3", "otherwise the condition is true, and the method is performed"), all, "If-Modified-Since: Tue, 02 Jan 2024 03:04:04 GMT"),
  one("If-Modified-Since as RFC 850 wrote it", allDates, same, "If-Modified-Since: Tuesday, 02-Jan-24 03:04:05 GMT"),
  one("If-Modified-Since as asctime writes it", allDates, same, "If-Modified-Since: Tue Jan  2 03:04:05 2024"),
  one("If-Modified-Since as RFC 850 wrote it, earlier", allDates, all, "If-Modified-Since: Monday, 01-Jan-24 03:04:05 GMT"),
  one("If-Modified-Since as asctime writes it, earlier", allDates, all, "If-Modified-Since: Mon Jan  1 03:04:05 2024"),
  one(
    "If-Modified-Since with the year 99",
    must("9110, 5.6.7", "a rfc850-date that appears to be more than 50 years in the future MUST be interpreted as the most recent year in the past that had the same last two digits"),
    all,
    "If-Modified-Since: Saturday, 02-Jan-99 03:04:05 GMT",
  ),
  ...["yesterday", "0", "-1", "", "GMT", "2030-01-02T03:04:05Z", "Tue, 02 Foo 2030 03:04:05 GMT", "1893553445"].map((date) => one(`If-Modified-Since of "${date}"`, ignoreDate, all, `If-Modified-Since: ${date}`)),
  one("If-Modified-Since of the 32nd of January", choice("9110, 5.6.7", "a date that no calendar has is not a valid HTTP-date"), all, "If-Modified-Since: Wed, 32 Jan 2030 03:04:05 GMT"),
  one("If-Modified-Since of hour 25", choice("9110, 5.6.7", "a time that no day has is not a valid HTTP-date"), all, "If-Modified-Since: Wed, 02 Jan 2030 25:04:05 GMT"),
  one("If-Modified-Since of two dates", must("9110, 13.1.3", "a recipient MUST ignore If-Modified-Since if the field value has more than one member"), all, `If-Modified-Since: ${later}, ${later}`),
  one("If-Modified-Since in two lines", must("9110, 13.1.3", "a recipient MUST ignore If-Modified-Since if the field value has more than one member"), all, `If-Modified-Since: ${later}`, `If-Modified-Since: ${later}`),
  one("If-Unmodified-Since of two dates", must("9110, 13.1.4", "a recipient MUST ignore If-Unmodified-Since if the field value is not a valid HTTP-date (including when it appears to be a list of dates)"), all, `If-Unmodified-Since: ${earlier}, ${earlier}`),
  one("If-Unmodified-Since in two lines", must("9110, 13.1.4", "a recipient MUST ignore If-Unmodified-Since if the field value is not a valid HTTP-date (including when it appears to be a list of dates)"), all, `If-Unmodified-Since: ${earlier}`, `If-Unmodified-Since: ${earlier}`),
  one("If-None-Match is empty, If-Modified-Since is false", preferTag, all, "If-None-Match:", `If-Modified-Since: ${later}`),
  one("If-Match, empty", must("9110, 13.1.1", "If-Match is true if any of the listed tags match, otherwise false; the origin server MUST NOT perform the requested method"), failed, "If-Match:"),
  { name: "conditional/If-Modified-Since with POST", send: [request("POST", "/letters.txt", `If-Modified-Since: ${later}`, "Content-Length: 0")], requires: must("9110, 13.1.3", "a recipient MUST ignore If-Modified-Since if the request method is neither GET nor HEAD"), answers: [answered(405, 501)], then: "either" },
  one("If-None-Match is true, If-Modified-Since is false", preferTag, all, 'If-None-Match: "other"', `If-Modified-Since: ${later}`),
  one("If-None-Match is false, If-Modified-Since is true", preferTag, same, "If-None-Match: {etag}", `If-Modified-Since: ${earlier}`),
  one("If-Match of the tag", strong, all, "If-Match: {etag}"),
  one("If-Match of another tag", ifMatch, failed, 'If-Match: "other"'),
  one("If-Match of the weak tag", strong, failed, "If-Match: {weak etag}"),
  one("If-Match of a star", must("9110, 13.1.1", 'If-Match is true if the field value is "*" and the origin server has a current representation'), all, "If-Match: *"),
  one("If-Match of a list with the tag", strong, all, 'If-Match: "a", {etag}'),
  one("If-Unmodified-Since of the date", must("9110, 13.1.4", "earlier than or equal to the date provided: the condition is true"), all, `If-Unmodified-Since: ${lastModified}`),
  one("If-Unmodified-Since of a later date", must("9110, 13.1.4", "earlier than or equal to the date provided: the condition is true"), all, `If-Unmodified-Since: ${later}`),
  one("If-Unmodified-Since of an earlier date", unmodified, failed, `If-Unmodified-Since: ${earlier}`),
  one("If-Unmodified-Since of no date", must("9110, 13.1.4", "a recipient MUST ignore If-Unmodified-Since if the received field value is not a valid HTTP-date"), all, "If-Unmodified-Since: yesterday"),
  one("If-Match is true, If-Unmodified-Since is false", must("9110, 13.1.4", "a recipient MUST ignore If-Unmodified-Since if the request contains an If-Match header field"), all, "If-Match: {etag}", `If-Unmodified-Since: ${earlier}`),
  one("If-Match is false, If-None-Match is false", order, failed, 'If-Match: "other"', "If-None-Match: {etag}"),
  one("If-Match is true, If-None-Match is false", order, same, "If-Match: {etag}", "If-None-Match: {etag}"),
  one("If-Unmodified-Since is false, If-Modified-Since is false", order, failed, `If-Unmodified-Since: ${earlier}`, `If-Modified-Since: ${later}`),
  { name: "conditional/If-None-Match for what is not there", send: [get("/nothing", "If-None-Match: *")], requires: notWithout200, answers: [answered(404)], then: "stays" },
  { name: "conditional/If-Match for what is not there", send: [get("/nothing", "If-Match: *")], requires: notWithout200, answers: [answered(404)], then: "stays" },
  { name: "conditional/If-None-Match for a redirect", send: [get("/folder", "If-None-Match: *")], requires: notWithout200, answers: [answered(301, 308)], then: "stays" },
];
