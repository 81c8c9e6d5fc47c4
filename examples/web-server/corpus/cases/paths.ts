/** Paths: what escapes mean, what a folder is, and that nothing outside the root is served. */
import { answered, choice, defined, get, whole, type Answer, type Case } from "../case.ts";
import { hello } from "../site.ts";

const inside = choice("9110, 17.3", "an origin server that maps targets to files has to guard against names that lead out of what is served (attacks based on file and path names)");
const decoded = defined("9110, 4.2.3", "characters other than those in the reserved set are equivalent to their percent-encoded octets");
const once = choice("3986, 2.4", "implementations must not percent-encode or decode the same string more than once");
const withoutSecret = /^(?![\s\S]*nobody may read this)(?![\s\S]*root:)/;
const nothing: Answer = { status: [400, 403, 404], body: withoutSecret };

function outside(target: string): Case {
  return { name: `paths/outside ${target}`, send: [get(target)], requires: inside, answers: [nothing], then: "either" };
}

function file(target: string, body: string, requires = decoded): Case {
  return { name: `paths/${target}`, send: [get(target)], requires, answers: [whole(body)], then: "stays" };
}

function open(target: string, requires = choice("9110, 4.2.1", "the path identifies the target resource; which paths are the same file is the origin server's"), ...statuses: readonly number[]): Case {
  return { name: `paths/${target}`, send: [get(target)], requires, answers: [answered(...(statuses.length === 0 ? [200, 301, 400, 404] : statuses))], then: "either" };
}

const splitting = choice("9112, 11.1", "response splitting: nothing other than the server's core sends a CR or LF within the header section");
const redirect = choice("9110, 15.4.2", "301: the target resource has been assigned a new permanent URI");

export const paths: readonly Case[] = [
  outside("/../secret.txt"),
  outside("/../../../../../../../../etc/passwd"),
  outside("/folder/../../secret.txt"),
  outside("/./../secret.txt"),
  outside("//../secret.txt"),
  outside("/folder//..//../secret.txt"),
  outside("/%2e%2e/secret.txt"),
  outside("/%2E%2E/secret.txt"),
  outside("/.%2e/secret.txt"),
  outside("/%2e./secret.txt"),
  outside("/..%2fsecret.txt"),
  outside("/..%2Fsecret.txt"),
  outside("/%2e%2e%2fsecret.txt"),
  outside("/%252e%252e/secret.txt"),
  outside("/..%252fsecret.txt"),
  outside("/%252e%252e%252fsecret.txt"),
  outside("/..%5csecret.txt"),
  outside("/%2e%2e%5csecret.txt"),
  outside("/..%255csecret.txt"),
  outside("/..\\secret.txt"),
  outside("/%c0%ae%c0%ae/secret.txt"),
  outside("/..%c0%afsecret.txt"),
  outside("/%e0%80%ae%e0%80%ae/secret.txt"),
  outside("/%uff0e%uff0e/secret.txt"),
  outside("/..;/secret.txt"),
  outside("/...//secret.txt"),
  outside("/..%00/secret.txt"),
  outside("/.%00./secret.txt"),
  outside("/folder/..%2f..%2fsecret.txt"),
  outside("/../site/../secret.txt"),
  outside("/%2fetc%2fpasswd"),
  outside("//etc/passwd"),
  outside("/%2e%2e?/secret.txt"),
  outside("http://x/../secret.txt"),
  outside("http://x/%2e%2e/secret.txt"),
  outside("/link-out.txt"),
  outside("/folder-out/secret.txt"),
  outside("/folder-out/site/../secret.txt"),
  {
    name: "paths/a link that stays in the root",
    send: [get("/link-in.txt")],
    requires: inside,
    answers: [{ ...whole(hello), or: [nothing] }],
    then: "either",
    laxer: "nginx can only be told to follow no link at all; here the kernel follows one that stays in the root",
  },
  file("/", "<p>home\n", defined("9110, 4.2.3", "the path is that of a folder; this server answers with its index")),
  file("/folder/", "<p>folder\n", defined("9110, 4.2.3", "the path is that of a folder; this server answers with its index")),
  file("/hello.txt?query", hello, defined("9110, 4.2.1", "the query is no part of the path")),
  file("/hello.txt?", hello, defined("9110, 4.2.1", "the query is no part of the path")),
  file("/hello.txt?a=/../../etc/passwd", hello, defined("9110, 4.2.1", "the query is no part of the path")),
  file("/%68ello.txt", hello),
  file("/%68%65%6c%6C%6F%2e%74%78%74", hello),
  file("/with%20space.txt", "space\n"),
  file("/%C3%BC.txt", "umlaut\n"),
  file("/%c3%bc.txt", "umlaut\n"),
  file("/plus+sign.txt", "plus\n"),
  file("/plus%2bsign.txt", "plus\n"),
  file("/semi;colon.txt", "semicolon\n"),
  file("/semi%3bcolon.txt", "semicolon\n"),
  file("/percent%2541.txt", "percent\n", once),
  { name: "paths/percent%41.txt, which would be decoded twice", send: [get("/percent%41.txt")], requires: once, answers: [answered(404)], then: "stays" },
  { name: "paths/a plus sign is no space", send: [get("/with+space.txt")], requires: decoded, answers: [answered(404)], then: "stays" },
  { name: "paths/nothing there", send: [get("/nothing")], requires: defined("9110, 15.5.5", "404: the origin server did not find a current representation for the target resource"), answers: [answered(404)], then: "stays" },
  { name: "paths/a name of 300 letters", send: [get(`/${"n".repeat(300)}`)], requires: defined("9110, 15.5.5", "404: the origin server did not find a current representation for the target resource"), answers: [answered(404)], then: "stays" },
  { name: "paths/a path of 4,500 bytes", send: [get("/n".repeat(2_250))], requires: defined("9110, 15.5.5", "404: the origin server did not find a current representation for the target resource"), answers: [answered(404)], then: "stays" },
  { name: "paths/a file with a slash behind it", send: [get("/hello.txt/")], requires: choice("9110, 15.5.5", "`file/` names nothing in a folder"), answers: [answered(404)], then: "stays" },
  { name: "paths/a folder without an index", send: [get("/folder/inner/")], requires: choice("9110, 15.5.5", "what is in a folder is not told unless it is asked for"), answers: [{ status: [403, 404], body: /^(?![\s\S]*nothing\.txt)/ }], then: "stays" },
  open("/folder/../hello.txt"),
  open("/./hello.txt"),
  open("//hello.txt"),
  open("/folder//inside.txt"),
  open("/folder%2finside.txt"),
  open("/folder/%2e%2e/hello.txt"),
  open("/back%5cslash.txt"),
  open("/hello.txt?%zz", choice("3986, 3.4", "query = *( pchar / \"/\" / \"?\" )"), 200, 400),
  open("/hello.txt%00", choice("9110, 17.3", "NUL ends a name in C and in no target"), 400, 404),
  open("/hello.txt%00.html", choice("9110, 17.3", "NUL ends a name in C and in no target"), 400, 404),
  open("/%00", choice("9110, 17.3", "NUL ends a name in C and in no target"), 400, 404),
  { name: "paths/a folder without its slash", send: [get("/folder")], requires: redirect, answers: [{ status: [301, 308], has: { location: /(?:^|^http:\/\/[^/]+)\/folder\/$/ } }], then: "stays" },
  { name: "paths/a folder without its slash, and a query", send: [get("/folder?a=b")], requires: redirect, answers: [{ status: [301, 308], has: { location: /(?:^|^http:\/\/[^/]+)\/folder\/\?a=b$/ } }], then: "stays" },
  { name: "paths/a folder behind two slashes", send: [get("//folder")], requires: choice("9110, 17.3", "a redirect leads to no other host: `//folder/` would"), answers: [{ status: [301, 308], has: { location: /(?:^|^http:\/\/x(?::\d+)?)\/folder\/$/ }, or: [answered(404)] }], then: "either" },
  { name: "paths/an encoded CRLF and a field", send: [get("/%0d%0aSet-Cookie:%20a=b")], requires: splitting, answers: [{ status: [400, 404], lacks: ["set-cookie"] }], then: "either" },
  { name: "paths/a folder and an encoded CRLF in its query", send: [get("/folder?%0d%0aSet-Cookie:%20a=b")], requires: splitting, answers: [{ status: [301, 308, 400], lacks: ["set-cookie"] }], then: "either" },
  { name: "paths/a script in a path that is not there", send: [get("/%3Cscript%3Ealert(1)%3C/script%3E")], requires: choice("9110, 17.3", "a page of an error repeats nothing that a client sent"), answers: [{ status: [400, 404], body: /^(?![\s\S]*<script>)/ }], then: "either" },
];
