/** Pictures for tests: makes them, writes them as PPM, reads JPEG back with djpeg, and says what scaling should give. Holds no expectations. */
import { spawnSync } from "node:child_process";
import { randomNumbers } from "../../web-server/corpus/mutation.ts";

/** Rows of red, green and blue, from the top. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly bytes: Buffer;
}

export function picture(width: number, height: number, sample: (x: number, y: number, colour: number) => number): Picture {
  const bytes = Buffer.alloc(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) for (let colour = 0; colour < 3; colour++) bytes[at++] = sample(x, y, colour);
  }
  return { width, height, bytes };
}

/** Has slopes, edges and a disc, so that a picture that is mirrored, shifted or of swapped colours is another one. */
export function scene(width: number, height: number): Picture {
  return picture(width, height, (x, y, colour) => {
    const [across, down] = [x / width, y / height];
    if ((across - 0.3) ** 2 + (down - 0.4) ** 2 < 0.04) return [230, 200, 40][colour] ?? 0;
    if (down > 0.75) return across < 0.5 ? 30 : 90;
    return Math.round(255 * ([across, down, 1 - across][colour] ?? 0));
  });
}

/** What JPEG makes least of. */
export function noise(width: number, height: number, seed: number): Picture {
  const random = randomNumbers(seed);
  return { width, height, bytes: Buffer.alloc(width * height * 3, Buffer.from(Array.from({ length: 99_991 }, () => random(256)))) };
}

export function ppm({ width, height, bytes }: Picture): Buffer {
  return Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), bytes]);
}

/** @throws with what djpeg complains of: a warning is a failure too */
export function fromJpeg(jpeg: Uint8Array): Picture {
  const { status, stdout, stderr } = spawnSync("djpeg", ["-pnm"], { input: jpeg, maxBuffer: 1 << 28 });
  const head = /^P6\s(\d+) (\d+)\s255\s/.exec(stdout.subarray(0, 40).toString("latin1"));
  if (status !== 0 || stderr.length > 0 || !head) throw new Error(`djpeg: ${stderr.toString()}`);
  return { width: Number(head[1]), height: Number(head[2]), bytes: stdout.subarray(head[0].length) };
}

/** What jpeginfo says of it: `OK 640x480`, or its complaint. */
export function jpeginfo(jpeg: Uint8Array): string {
  const { stdout } = spawnSync("jpeginfo", ["--check", "--csv", "-"], { input: jpeg, encoding: "utf8" });
  const [, , , width = "", height = "", , , , , , verdict = "", complaint = ""] = stdout.trim().replaceAll('"', "").split(",");
  return complaint === "" ? `${verdict} ${width}x${height}` : `${verdict}: ${complaint}`;
}

/** The mean of the area that each pixel covers where a side shrinks, a straight line between the middles of two where it grows. */
export function scaled(from: Picture, width: number, height: number): Picture {
  const columns = shares(from.width, width);
  const rows = shares(from.height, height);
  return picture(width, height, (x, y, colour) => {
    let sum = 0;
    for (const [row, rowShare] of rows[y] ?? []) {
      for (const [column, share] of columns[x] ?? []) sum += rowShare * share * (from.bytes[(row * from.width + column) * 3 + colour] ?? 0);
    }
    return Math.min(255, Math.round(sum));
  });
}

/** For each place of the result, the places of the source and their shares. */
function shares(from: number, to: number): readonly (readonly (readonly [number, number])[])[] {
  return Array.from({ length: to }, (_, index) => {
    if (to >= from) {
      const middle = Math.min(Math.max(((index + 0.5) * from) / to - 0.5, 0), from - 1);
      const before = Math.floor(middle);
      return [[before, 1 - (middle - before)] as const, [Math.min(before + 1, from - 1), middle - before] as const];
    }
    const [begin, end] = [(index * from) / to, ((index + 1) * from) / to];
    const covered: (readonly [number, number])[] = [];
    for (let at = Math.floor(begin); at < end; at++) covered.push([at, ((Math.min(end, at + 1) - Math.max(begin, at)) * to) / from]);
    return covered;
  });
}

/** How far apart two pictures of one size are in brightness, which JPEG keeps for every pixel: the mean over all. */
export function difference(one: Picture, other: Picture): number {
  if (one.bytes.length !== other.bytes.length || one.width !== other.width) return Infinity;
  let sum = 0;
  for (let at = 0; at < one.bytes.length; at += 3) sum += Math.abs(brightness(one, at) - brightness(other, at));
  return sum / (one.bytes.length / 3);
}

function brightness({ bytes }: Picture, at: number): number {
  return 0.299 * (bytes[at] ?? 0) + 0.587 * (bytes[at + 1] ?? 0) + 0.114 * (bytes[at + 2] ?? 0);
}

/** The same in all colours, of which JPEG keeps one for four pixels. */
export function colourDifference(one: Picture, other: Picture): number {
  if (one.bytes.length !== other.bytes.length || one.width !== other.width) return Infinity;
  let sum = 0;
  for (let at = 0; at < one.bytes.length; at++) sum += Math.abs((one.bytes[at] ?? 0) - (other.bytes[at] ?? 0));
  return sum / one.bytes.length;
}
