import { execFile } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signAdHoc } from "../../scripts/release/mach-o.ts";
import { TARGETS } from "../../scripts/release/targets.ts";
import { builtRelease, MAKING, unpacked } from "./built.ts";
import { goProgram } from "./go-programs.ts";

const run = promisify(execFile);

/** What the Go program of `mach-o` prints. */
interface Report {
  CPU: string;
  Length: number;
  Segments: { Name: string; Offset: number; Size: number; Address: number; Memory: number }[];
  Sections: string[];
  Signature: {
    Offset: number;
    Size: number;
    ID: string;
    Flags: string;
    CodeLimit: number;
    ExecSegmentLimit: number;
    Pages: number;
    DifferPages: number;
  };
}

let folder: string;
let reader: string | null;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cronaudit-mach-o-"));
  reader = await goProgram("mach-o");
  await builtRelease();
}, MAKING);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function read(path: string): Promise<Report> {
  return JSON.parse((await run(reader!, [path])).stdout) as Report;
}

const macs = TARGETS.filter(({ os }) => os === "darwin");

test.each(macs)("the signature for $os/$arch holds for every page, by another library", async (target) => {
  if (reader === null) return;
  const path = await unpacked(join(folder, target.arch), target);
  const { CPU, Length, Segments, Sections, Signature } = await read(path);
  expect(CPU).toBe(target.arch === "arm64" ? "AARCH64" : "Amd64");
  expect(Signature).toMatchObject({ ID: "kubectl-cronaudit", Flags: "adhoc", DifferPages: 0 });
  expect(Signature.Pages).toBe(Math.ceil(Signature.CodeLimit / 4096));
  // The signature covers all that stands before it, begins where it may, and is the file's end.
  expect(Signature.CodeLimit).toBe(Signature.Offset);
  expect(Signature.Offset % 16).toBe(0);
  expect(Signature.Offset + Signature.Size).toBe(Length);
  expect(Sections).toContain("NODE_SEA,__NODE_SEA_BLOB");
  const last = Segments.at(-1)!;
  expect(last.Name).toBe("__LINKEDIT");
  expect(last.Offset + last.Size).toBe(Length);
  for (const [index, segment] of Segments.entries()) {
    // Mapped in whole pages, in order, none over another.
    expect(segment.Memory, segment.Name).toBeGreaterThanOrEqual(segment.Size);
    const next = Segments[index + 1];
    if (next === undefined) continue;
    expect(segment.Offset + segment.Size).toBeLessThanOrEqual(next.Offset);
    expect(segment.Address + segment.Memory).toBeLessThanOrEqual(next.Address);
  }
  expect(Signature.ExecSegmentLimit).toBe(Segments.find(({ Name }) => Name === "__TEXT")!.Size);

  // A bit that flips in any page is seen.
  const descriptor = openSync(path, "r+");
  const byte = Buffer.alloc(1);
  readSync(descriptor, byte, 0, 1, 50_000_000);
  writeSync(descriptor, Buffer.from([byte[0]! ^ 1]), 0, 1, 50_000_000);
  closeSync(descriptor);
  expect((await read(path)).Signature.DifferPages).toBe(1);
  // What is signed is not signed again, since the first signature would be counted as code.
  expect(() => signAdHoc(readFileSync(path), "again")).toThrow("signature already");
});

test("what is no Mach-O file is not signed", () => {
  expect(() => signAdHoc(Buffer.alloc(4096), "x")).toThrow("no 64-bit Mach-O file");
});

test.each(TARGETS)("Node finds the program in the executable for $os/$arch", async (target) => {
  if (target.os === "windows") return;
  const file = readFileSync(await unpacked(join(folder, `${target.os}-${target.arch}`), target));
  // Node's own mark in its executable: 1 where a program was put in.
  expect(file.includes("NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:1")).toBe(true);
  expect(file.includes("NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:0")).toBe(false);
  expect(file.includes("main.mjs")).toBe(true);
  // Nothing of the folder in which it was made.
  expect(file.includes("/.release-")).toBe(false);
});
