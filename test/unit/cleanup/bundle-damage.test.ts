import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, gunzipSync } from "node:zlib";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { GZIP_HEADER } from "../../../src/cleanup/bundle/gunzip.ts";
import { preserve } from "../../../src/cleanup/bundle/preserve.ts";
import { TAR_END, tarEntry } from "../../../src/cleanup/bundle/tar.ts";
import { verifyBundle } from "../../../src/cleanup/bundle/verify.ts";
import { backup, fakeApi, optionsFor, pathsOf, uidOf, wanted } from "./bundle-fixture.ts";

let bundle: Buffer;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "cronaudit-bundle-"));
  const path = join(folder, "b.evidence");
  const { job, pod, cronJob } = backup(() => "hunter22");
  const objects = [wanted(job), wanted(pod)];
  await preserve(fakeApi({ objects: pathsOf([job, pod, cronJob]) }), { objects }, optionsFor(path));
  bundle = readFileSync(path);
  rmSync(folder, { recursive: true });
});

const JOB = `objects/jobs.batch/database/backup-1.${uidOf("backup-1")}.json`;
const POD = `objects/pods/database/backup-1-x.${uidOf("backup-1-x")}.json`;

async function* inChunks(bytes: Buffer, size = 1000): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Null for a bundle that is whole, otherwise why it is not. */
async function said(bytes: Buffer): Promise<string | null> {
  return verifyBundle(inChunks(bytes), "b").then(
    () => null,
    (error: Error) => error.message.replace("b is not whole: ", ""),
  );
}

/** Compressed again after a change of what is inside, as somebody would who knows how. */
function recompressed(change: (plain: Buffer) => Buffer | undefined): Buffer {
  const plain = gunzipSync(bundle);
  const zipped = gzipSync(change(plain) ?? plain);
  return Buffer.concat([GZIP_HEADER, zipped.subarray(GZIP_HEADER.length)]);
}

function replaced(from: string, to: string): Buffer {
  return recompressed((plain) => {
    const at = plain.indexOf(from);
    expect(at, from).toBeGreaterThan(0);
    plain.write(to, at, "latin1");
    return plain;
  });
}

test("an untouched bundle is whole, in chunks of any size", async () => {
  for (const size of [1, 7, 511, 1 << 20]) {
    await expect(verifyBundle(inChunks(bundle, size), "b")).resolves.toMatchObject({ size: bundle.length });
  }
});

test("any byte that is changed is noticed", { timeout: 60_000 }, async () => {
  const change = fc.tuple(fc.nat(bundle.length - 1), fc.integer({ min: 1, max: 255 }));
  await fc.assert(
    fc.asyncProperty(change, async ([at, by]) => {
      const bytes = Buffer.from(bundle);
      bytes[at]! ^= by;
      // The last byte of what is compressed may have bits that mean nothing.
      if ((await said(bytes)) === null) expect(gunzipSync(bytes).equals(gunzipSync(bundle))).toBe(true);
    }),
    { numRuns: 300, examples: [[[bundle.length - 9, 128]]] },
  );
  // The header and the trailer are few bytes, and each is tried.
  for (const at of [...Array(10).keys(), ...Array.from({ length: 8 }, (_, i) => bundle.length - 8 + i)]) {
    const bytes = Buffer.from(bundle);
    bytes[at]! ^= 0x01;
    expect(await said(bytes), String(at)).not.toBeNull();
  }
});

test("a bundle that is cut anywhere is truncated, and the last part that was read is named", async () => {
  for (let at = 0; at < bundle.length; at += 97)
    expect(await said(bundle.subarray(0, at))).toMatch(/truncated|damaged/);
  expect(await said(bundle.subarray(0, bundle.length - 1))).toBe("it is truncated");
  const half = recompressed((plain) => plain.subarray(0, plain.indexOf(POD) + 1024));
  expect(await said(half)).toMatch(new RegExp(`after ${JOB}$`));
  const noManifest = recompressed((plain) =>
    Buffer.concat([plain.subarray(0, plain.indexOf("manifest.json")), TAR_END]),
  );
  expect(await said(noManifest)).toMatch(/^it ends without its manifest, after owners.jsonl$/);
});

test("whatever follows its end is noticed", async () => {
  expect(await said(Buffer.concat([bundle, Buffer.from("x")]))).toBe("something follows its end");
  expect(await said(Buffer.concat([bundle, Buffer.alloc(200_000, 1)]))).toBe("something follows its end");
  expect(await said(Buffer.concat([bundle, gzipSync("more")]))).toBe("something follows its end");
});

test("what is changed inside names the first part that is wrong", async () => {
  expect(await said(replaced('"backoffLimit": 0', '"backoffLimit": 9'))).toBe(`${JOB} does not match its SHA-256`);
  expect(await said(replaced('"Succeeded"', '"Failed..."'))).toBe(`${POD} does not match its SHA-256`);
  expect(await said(replaced('"user": "alice"', '"user": "mallo"'))).toBe(
    `${JOB} does not follow from the parts before it`,
  );
  expect(await said(replaced('"finishedAt": "2026', '"finishedAt": "2027'))).toBe(
    "manifest.json does not match its seal",
  );
  expect(await said(replaced('"kind": "EvidenceBundle"', '"kind": "Something....."'))).toBe(
    "manifest.json is no manifest of a bundle",
  );
});

test("parts that are left out, exchanged or added are noticed", async () => {
  const job = Buffer.from("objects/jobs.batch");
  const cut = (plain: Buffer): [Buffer, Buffer, Buffer] => {
    const pod = plain.indexOf("objects/pods/");
    const cron = plain.indexOf("objects/cronjobs.batch");
    expect(plain.indexOf(job)).toBe(0);
    return [plain.subarray(0, pod), plain.subarray(pod, cron), plain.subarray(cron)];
  };
  const without = recompressed((plain) => Buffer.concat([cut(plain)[0], cut(plain)[2]]));
  expect(await said(without)).toMatch(/objects\/cronjobs.* stands where objects\/pods/);
  const exchanged = recompressed((plain) => Buffer.concat([cut(plain)[1], cut(plain)[0], cut(plain)[2]]));
  expect(await said(exchanged)).toMatch(/objects\/pods.* stands where objects\/jobs/);
  const entry = await tarEntry("objects/x/y.json", Buffer.from("{}"), "2026-11-22T05:41:09Z");
  const manifestAt = (plain: Buffer): number => plain.indexOf("manifest.json");
  const added = recompressed((plain) =>
    Buffer.concat([plain.subarray(0, manifestAt(plain)), entry, plain.subarray(manifestAt(plain))]),
  );
  expect(await said(added)).toBe("objects/x/y.json is in no manifest");
  const after = recompressed((plain) => Buffer.concat([plain.subarray(0, plain.length - 1024), entry, TAR_END]));
  expect(await said(after)).toBe("something follows its manifest");
});

test("no path leads out of the folder that it is unpacked in", async () => {
  for (const path of [
    "../x",
    "/etc/passwd",
    "objects/../../x",
    "objects/./x",
    "objects//x",
    "x",
    "objects/a\\b",
    "objects/\u0001",
  ]) {
    const entry = await tarEntry(path, Buffer.from("x"), "2026-11-22T05:41:09Z");
    expect(await said(recompressed((plain) => Buffer.concat([entry, plain]))), path).toMatch(
      /^part 1 has a path that no bundle has/,
    );
  }
  const link = await tarEntry("objects/link/x", Buffer.from(""), "2026-11-22T05:41:09Z");
  link[156] = "2".charCodeAt(0);
  fixChecksum(link);
  expect(await said(recompressed((plain) => Buffer.concat([link, plain])))).toMatch(/^part 1 is no plain file/);
});

test("a bomb is refused before it fills the memory", async () => {
  const header = (await tarEntry("objects/x/y", Buffer.from("x"), "2026-11-22T05:41:09Z")).subarray(0, 512);
  header.write("77777777777\0", 124, "latin1");
  fixChecksum(header);
  const bomb = recompressed(() => Buffer.concat([header, Buffer.alloc(64 << 20)]));
  expect(bomb.length).toBeLessThan(100_000);
  const before = process.memoryUsage().arrayBuffers;
  expect(await said(bomb)).toMatch(/^objects\/x\/y is too large/);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 << 20);
});

test("the chains of owners may be longer than any other part, as long as there may be objects", async () => {
  const sized = async (path: string, size: number): Promise<string | null> => {
    const header = (await tarEntry(path, Buffer.from("x"), "2026-11-22T05:41:09Z")).subarray(0, 512);
    header.write(`${size.toString(8).padStart(11, "0")}\0`, 124, "latin1");
    fixChecksum(header);
    return said(recompressed(() => header));
  };
  const most = 128 << 20;
  expect(await sized("objects/x/y", most + 1)).toMatch(/too large/);
  expect(await sized("owners.jsonl", 5 * most)).not.toMatch(/too large/);
  expect(await sized("owners.jsonl", 17 * most)).toMatch(/too large/);
});

function fixChecksum(header: Buffer): void {
  header.fill(" ", 148, 156);
  let sum = 0;
  for (const byte of header.subarray(0, 512)) sum += byte;
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
}
