import fc from "fast-check";
import { once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { EvidenceError, readEvidence, writeSnapshot } from "../../../src/evidence/file.ts";
import { KINDS } from "../../../src/evidence/kinds/index.ts";
import { createContext } from "../../../src/evidence/context.ts";
import { FORMAT_VERSION } from "../../../src/evidence/format-version.ts";
import { snapshotOf } from "./projected.ts";

const options = { now: new Date("2026-11-22T05:41:09Z"), toolVersion: "0.1.0", fingerprintKey: null };

async function written(snapshot: Snapshot, compress = false): Promise<Buffer> {
  const target = new PassThrough({ highWaterMark: 1 << 24 });
  await writeSnapshot(snapshot, target, { compress });
  target.end();
  const chunks: Buffer[] = [];
  for await (const chunk of target) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function read(content: Buffer | string, chunk = 1 << 16): Promise<Snapshot> {
  const bytes = Buffer.from(content);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, i) =>
    bytes.subarray(i * chunk, (i + 1) * chunk),
  );
  return readEvidence({ stream: Readable.from(chunks), name: "evidence" }, options);
}

async function refusal(content: Buffer | string): Promise<string> {
  const error: unknown = await read(content).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EvidenceError);
  const { message, next } = error as EvidenceError;
  expect(message).not.toContain("\n");
  expect(next).not.toBe("");
  return message;
}

const raw = (kind: "CronJob" | "Pod", name: string, password: string): object => {
  const spec = { containers: [{ name: "backup", image: "x", env: [{ name: "DB_PASSWORD", value: password }] }] };
  const metadata = { name, namespace: "database", uid: `${kind}-${name}`, labels: { ["__proto__"]: "x", app: "b" } };
  return {
    metadata,
    spec: kind === "Pod" ? spec : { schedule: "0 2 * * *", jobTemplate: { spec: { template: { spec } } } },
  };
};

const shared = createContext("key");

async function sample(names = ["a", "b", "c"]): Promise<Snapshot> {
  const { context } = await shared;
  return snapshotOf({
    pods: names.map((name) => KINDS.pods.project({ ...raw("Pod", name, "hunter2") }, context)),
    cronjobs: names.map((name) => KINDS.cronjobs.project({ ...raw("CronJob", name, "hunter3") }, context)),
  });
}

describe("a snapshot file", () => {
  test("gives back what was written, plain and compressed, however it is cut into chunks", async () => {
    const snapshot = await sample();
    for (const compress of [false, true]) {
      const bytes = await written(snapshot, compress);
      for (const chunk of [1, 7, 1 << 16]) expect(await read(bytes, chunk)).toEqual(snapshot);
    }
  });

  test("holds each template once, and shares it again when read", async () => {
    const bytes = await written(await sample());
    expect(bytes.toString().match(/"kind":"PodTemplate"/g)).toHaveLength(2);
    const { pods } = await read(bytes);
    expect(pods[1]?.template).toBe(pods[0]?.template);
  });

  test("has the same bytes whatever the order in which objects came", async () => {
    const names = ["a", "b", "c", "d", "e"];
    const expected = await written(await sample(names));
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(names, { minLength: names.length }), async (shuffled) => {
        expect((await written(await sample(shuffled))).equals(expected)).toBe(true);
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  test("differs between two captures of one cluster in the header alone", async () => {
    const first = await sample();
    const second = await sample();
    second.metadata.takenAt = "2026-11-22T06:00:00Z";
    const lines = async (snapshot: Snapshot): Promise<string[]> => (await written(snapshot)).toString().split("\n");
    const [a, b] = [await lines(first), await lines(second)];
    expect(a[0]).not.toBe(b[0]);
    expect(a.slice(1)).toEqual(b.slice(1));
  });

  test("is left open for the caller, who may be writing to standard output", async () => {
    const target = new PassThrough();
    target.resume();
    const { bytes, records, sha256 } = await writeSnapshot(await sample(), target, { compress: false });
    expect(target.writableEnded).toBe(false);
    expect([bytes, records]).toEqual([(await written(await sample())).length, 8]);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    target.end();
    await once(target, "end");
  });

  test("is refused when any byte of it is changed", async () => {
    const bytes = await written(await sample());
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ change;
        await refusal(changed);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  test("is refused when it is cut anywhere, compressed or not", async () => {
    const [plain, compressed] = [await written(await sample()), await written(await sample(), true)];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(plain, compressed),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        async (bytes, part) => {
          await refusal(bytes.subarray(0, Math.floor(part * bytes.length)));
        },
      ),
      { numRuns: 100 },
    );
  }, 60_000);

  test("that is newer, misshapen or endless is refused by what is wrong with it", async () => {
    const text = (await written(await sample())).toString();
    const lines = text.split("\n");
    const inFormat = (version: number): string =>
      text.replace(`"formatVersion":${String(FORMAT_VERSION)}`, `"formatVersion":${String(version)}`);
    expect(await refusal(inFormat(FORMAT_VERSION + 1))).toContain(`snapshot format ${String(FORMAT_VERSION + 1)}`);
    expect(await refusal(inFormat(FORMAT_VERSION - 1))).toContain("it lacks facts that are judged now");
    expect(await refusal(`${text}${lines[2] ?? ""}\n`)).toContain("more than its 8 records");
    expect(await refusal(lines.slice(0, 4).join("\n"))).toContain("truncated: it has 2 of 8");
    expect(await refusal(text.replace('"kind":"CronJob"', '"kind":"CronJoc"'))).toContain("line 3 is no record");
    expect(await refusal(text.replace('"suspend":false', '"suspend":"no"'))).toContain("is no record of a snapshot");
    expect(await refusal("")).toBe("evidence is empty");
    expect(await refusal(Buffer.alloc(100))).toBe("evidence is not text");
    expect(await refusal(gzipSync(""))).toBe("evidence is empty");
    expect(await refusal(Buffer.from([0x1f, 0x8b, 0, 1, 2, 3]))).toContain("gzip");
  });

  test("without an end is given up while it is read", async () => {
    const header = (await written(await sample())).toString().split("\n")[0] ?? "";
    const endless = Readable.from(
      (function* () {
        yield Buffer.from(`${header}\n`);
        for (;;) yield Buffer.alloc(1 << 20, "a");
      })(),
    );
    await expect(readEvidence({ stream: endless, name: "pipe" }, options)).rejects.toThrow("a line does not end");
  });

  test("that is not there names the file and the next step", async () => {
    const error: unknown = await readEvidence({ path: "/nonexistent/x.jsonl" }, options).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ name: "EvidenceError", message: "cannot read x.jsonl: no such file" });
    await expect(readEvidence({ path: "/" }, options)).rejects.toThrow("is a directory");
  });
});
