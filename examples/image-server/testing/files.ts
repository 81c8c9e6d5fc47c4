/** Files for tests: PPM that does not look it, and what only looks it. Writes none. */
import { picture, ppm, scene, type Picture } from "./pictures.ts";

/** What is in most of them. */
export const plain = scene(4, 3);
const bytesOf = ({ bytes }: Picture, change: (sample: number) => readonly number[]): Buffer => Buffer.from([...bytes].flatMap(change));

/** Files that are PPM though they do not look it: the name, the bytes, and the picture in them. */
export const odd: readonly (readonly [string, Buffer, Picture])[] = [
  ["comments", Buffer.concat([Buffer.from("P6 # one\n# two\n4# three\n\t3\r\n#\n255\n"), plain.bytes]), plain],
  ["one-line", Buffer.concat([Buffer.from("P6 4 3 255 "), plain.bytes]), plain],
  ["zeros-before", Buffer.concat([Buffer.from("P6\n0004 003\n00255\n"), plain.bytes]), plain],
  ["more-behind", Buffer.concat([ppm(plain), ppm(plain)]), plain],
  ["two-bytes", Buffer.concat([Buffer.from("P6\n4 3\n65535\n"), bytesOf(plain, (sample) => [sample, sample])]), plain],
  ["fifteen", Buffer.concat([Buffer.from("P6\n4 3\n15\n"), bytesOf(plain, (sample) => [sample >> 4])]), picture(4, 3, (x, y, colour) => 17 * ((plain.bytes[(y * 4 + x) * 3 + colour] ?? 0) >> 4))],
  ["above-the-most", Buffer.concat([Buffer.from("P6\n4 3\n100\n"), Buffer.alloc(36, 200)]), picture(4, 3, () => 255)],
];

/** Files that are no picture, and the reason that is given. */
export const hostile: readonly (readonly [string, string | Buffer, RegExp])[] = [
  ["empty", "", /no PPM/],
  ["magic-alone", "P6", /no PPM/],
  ["jpeg", "\xff\xd8\xff\xe0", /no PPM/],
  ["grey", "P5\n4 3\n255\n0123456789ab", /no PPM/],
  ["letters", "P3\n1 1\n255\n1 2 3\n", /no PPM/],
  ["no-space", "P64 3 255\n", /no PPM/],
  ["no-width", "P6\n 3", /ends before/],
  ["no-pixels", "P6\n4 3\n255\n", /ends before/],
  ["one-byte-less", ppm(plain).subarray(0, -1), /ends before/],
  ["half-of-two-bytes", Buffer.concat([Buffer.from("P6\n4 3\n256\n"), Buffer.alloc(71)]), /ends before/],
  ["nothing-wide", "P6\n0 3\n255\n", /no PPM/],
  ["nothing-high", "P6\n3 0\n255\n", /no PPM/],
  ["negative", "P6\n-4 3\n255\n", /no PPM/],
  ["hexadecimal", "P6\n0x4 3\n255\n", /no PPM/],
  ["nothing-bright", "P6\n4 3\n0\n", /no PPM/],
  ["too-bright", "P6\n4 3\n65536\n", /no PPM/],
  ["no-end", "P6\n4 3\n255#\n", /no PPM/],
  ["too-wide", "P6\n65501 1\n255\n", /more pixels/],
  ["wraps-at-32", "P6\n4294967297 1\n255\nabc", /more pixels/],
  ["wraps-at-64", "P6\n18446744073709551617 1\n255\nabc", /more pixels/],
  ["endless-number", `P6\n${"9".repeat(1_000)} 1\n255\nabc`, /more pixels/],
  ["product-wraps-at-32", "P6\n65500 65500\n255\n", /more pixels/],
  ["promises-much", "P6\n10000 10000\n255\nabc", /ends before/],
  ["comment-to-the-end", "P6\n# no end", /ends before/],
  ["comment-that-is-long", `P6\n#${"a".repeat(5_000)}\n4 3\n255\n${"a".repeat(36)}`, /no PPM/],
  ["spaces-that-are-many", `P6\n${" ".repeat(5_000)}4 3\n255\n${"a".repeat(36)}`, /no PPM/],
];
