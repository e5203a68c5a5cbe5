/** Writes the snapshots beside this file out of database.yaml: as an administrator sees the cluster, and as somebody with fewer rights. */
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readEvidence, writeSnapshot } from "../../../src/evidence/file.ts";
import type { BlindSpot, Snapshot } from "../../../src/model/snapshot.ts";

const here = import.meta.dirname;
const source = await readEvidence(
  { path: join(here, "database.yaml") },
  {
    now: new Date("2026-11-22T05:41:09Z"),
    toolVersion: "0.0.0-test",
    fingerprintKey: (await readFile(join(here, "fingerprint.key"), "utf8")).trim(),
  },
);
const whole: Snapshot = {
  ...source,
  source: "cluster",
  metadata: {
    ...source.metadata,
    cluster: { server: "https://10.0.0.1:6443", version: "v1.36.4", uid: "00000000-0000-4000-8000-00000000c1d0" },
    user: "alice",
    scope: { namespaces: null },
  },
  blindSpots: [],
  notes: [],
};

const forbidden = (group: string, resource: string, namespace: string, blinds: string): BlindSpot => ({
  verb: "list",
  group,
  resource,
  namespace,
  except: [],
  reason: "Forbidden",
  message: `${resource} is forbidden: User "bob" cannot list resource "${resource}" in the namespace "${namespace}"`,
  blinds: [blinds],
});
const rbac = "rbac.authorization.k8s.io";
const partial: Snapshot = {
  ...whole,
  metadata: { ...whole.metadata, user: "bob", scope: { namespaces: ["database", "payments"] } },
  blindSpots: ["database", "payments"].map((name) =>
    forbidden(rbac, "rolebindings", name, "who has rights inside namespaces"),
  ),
  rolebindings: [],
};

for (const [name, snapshot] of Object.entries({ whole, partial })) {
  const target = createWriteStream(join(here, `${name}.jsonl`));
  await writeSnapshot(snapshot, target, { compress: false });
  target.end();
}
