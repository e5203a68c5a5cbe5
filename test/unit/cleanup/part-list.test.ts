import { expect, test } from "vitest";
import { manifestText, sha256 } from "../../../src/cleanup/bundle/format.ts";
import { PartList } from "../../../src/cleanup/bundle/part-list.ts";
import type { BundleHead, BundlePart } from "../../../src/model/bundle.ts";

const head: BundleHead = {
  kind: "EvidenceBundle",
  formatVersion: 1,
  tool: { version: '\n "parts": []' },
  startedAt: "2026-11-22T05:41:09Z",
  cluster: { server: "https://127.0.0.1:6443", version: null, uid: null },
  operator: { user: '"parts": []', local: null },
  rules: null,
  fingerprints: "random key",
  values: null,
};

function part(at: number): BundlePart {
  const name = `job-${String(at)} "ä\n`;
  const object = { kind: "Job", namespace: "database", name, uid: String(at), resourceVersion: "7" };
  return {
    path: `objects/jobs.batch/database/${String(at)}.json`,
    size: at,
    sha256: sha256(String(at)),
    at: "2026-11-22T05:41:09Z",
    object: at % 3 === 0 ? null : { ...object, role: "chosen", metadataOnly: false },
    chain: sha256(`chain ${String(at)}`),
  };
}

test.each([0, 1, 2, 1000])("a manifest of %i parts in pieces is the manifest as it is written at once", (count) => {
  const parts = Array.from({ length: count }, (_, at) => part(at));
  const tail = { finishedAt: "2026-11-22T05:41:10Z", missing: [], gaps: ['\n "parts": []'] };
  const list = new PartList();
  for (const one of parts) list.add(one);
  const pieces = list.manifest({ head, tail, seal: "x" });
  expect(Buffer.concat(pieces).toString("utf8")).toBe(manifestText({ head, parts, tail, seal: "x" }));
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(100_000);
});
