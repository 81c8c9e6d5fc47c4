/** Tests of `write.ts`: files appear whole, and only where something changed. */
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeFiles, WriteError } from "./write.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fluxc-write-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const files = [
  { path: "a.cpp", text: "int a;\n" },
  { path: "include/b.h", text: "int b;\n" },
];

test("files are written, with their folders", () => {
  expect(writeFiles(files, join(folder, "new/out"))).toEqual([join(folder, "new/out/a.cpp"), join(folder, "new/out/include/b.h")]);
  expect(readFileSync(join(folder, "new/out/include/b.h"), "utf8")).toBe("int b;\n");
});

test("one that would not change is left alone", () => {
  writeFiles(files, folder);
  const long = new Date(1_000_000_000_000);
  utimesSync(join(folder, "a.cpp"), long, long);
  writeFileSync(join(folder, "include/b.h"), "changed");
  expect(writeFiles(files, folder)).toEqual([join(folder, "include/b.h")]);
  expect(statSync(join(folder, "a.cpp")).mtime).toEqual(long);
});

test("nothing half-written stays where one cannot be written", () => {
  mkdirSync(join(folder, "a.cpp/is-a-folder"), { recursive: true });
  expect(() => writeFiles(files, folder)).toThrow(WriteError);
  expect(readdirSync(folder)).toEqual(["a.cpp"]);
});

test("the error names the file and the reason", () => {
  writeFileSync(join(folder, "file"), "");
  const write = (): unknown => writeFiles(files, join(folder, "file/below"));
  expect(write).toThrow(expect.objectContaining({ path: join(folder, "file/below"), reason: expect.objectContaining({ code: "ENOTDIR" }) as unknown }));
});
