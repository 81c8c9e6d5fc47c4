/** Makes broken requests out of the corpus, the same ones on every machine. Sends nothing. */
import type { Case } from "./case.ts";

/** A number from 0 to below `below`. */
export type Random = (below: number) => number;

/** A generator that is the same everywhere: a failure is found again. */
export function randomNumbers(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What parsers trip over. */
const insertions = [
  "\r\n", "\n", "\r", "\0", " ", "\t", ":", ",", ";", "=", "%", "%00", "%2e%2e/", "/..", "#", "?", "\xff", "\x7f", '"', "\r\n\r\n", "\r\n ", "0\r\n\r\n", "5\r\nabcde\r\n", "ffffffffffffffff", "-1",
  "Transfer-Encoding: chunked\r\n", "Content-Length: 5\r\n", "Expect: 100-continue\r\n", "Host: y\r\n", "Connection: close\r\n", "Range: bytes=0-0,5-9\r\n", "If-None-Match: *\r\n", " HTTP/1.1\r\n", "GET / ",
];

/** The bytes of every case that are short enough to be sent by the thousand. */
export function seedsOf(cases: readonly Case[]): readonly string[] {
  return cases.map(({ send }) => send.filter((step) => typeof step === "string" && step !== "finish").join("")).filter((bytes) => bytes.length > 0 && bytes.length < 2_000);
}

/** One to three of the seeds behind each other, with up to five mistakes. */
export function mutate(seeds: readonly string[], random: Random): string {
  const one = <T>(of: readonly T[]): T => of[random(of.length)] as T;
  let bytes = Array.from({ length: 1 + random(3) }, () => one(seeds)).join("");
  for (let change = random(6); change > 0; change--) {
    const at = random(bytes.length + 1);
    const [before, after] = [bytes.slice(0, at), bytes.slice(at)];
    switch (random(6)) {
      case 0:
        bytes = before + one(insertions) + after;
        break;
      case 1:
        bytes = before + String.fromCharCode(random(256)) + after.slice(1);
        break;
      case 2:
        bytes = before + after.slice(1 + random(8));
        break;
      case 3:
        bytes = before + after.slice(0, 1 + random(40)) + after;
        break;
      case 4:
        bytes = before + one(seeds).slice(random(60));
        break;
      default:
        bytes = before + one(insertions).repeat(1 + random(20)) + after;
    }
  }
  return bytes;
}

/** The bytes in one piece, two or three. */
export function cut(bytes: string, random: Random): readonly string[] {
  if (random(2) === 0) return [bytes];
  const first = random(bytes.length + 1);
  const second = first + random(bytes.length + 1 - first);
  return [bytes.slice(0, first), bytes.slice(first, second), bytes.slice(second)].filter((piece) => piece !== "");
}
