import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { WorkloadReplay } from "../../src/model/report.ts";
import type { Resource, Snapshot } from "../../src/model/snapshot.ts";
import { ADVERSARIES } from "../../src/scenarios/needs.ts";
import { replayReport } from "../../src/scenarios/report.ts";
import { everything } from "../selection.ts";
import { subjectFrom } from "./read-case.ts";
import { readCluster } from "./read-cluster.ts";

const ROOT = join(import.meta.dirname, "scenarios");

/** Set to 1 to write want.json anew; the difference is then reviewed like code. */
const BLESS = process.env["CRONAUDIT_BLESS"] === "1";

/** What is looked at; Secrets are not listed. */
const SEEN: Resource[] = [
  ...(["namespaces", "cronjobs", "jobs", "pods", "configmaps", "nodes"] as const),
  ...(["serviceaccounts", "roles", "rolebindings", "clusterroles", "clusterrolebindings"] as const),
];

describe.each(ADVERSARIES)("adversary %s", (id) => {
  const cases = existsSync(join(ROOT, id)) ? readdirSync(join(ROOT, id)).sort() : [];

  test("has a bad and a good case", () => {
    expect(cases.filter((name) => name.startsWith("bad."))).not.toEqual([]);
    expect(cases.filter((name) => name.startsWith("good."))).not.toEqual([]);
  });

  test.each(cases)("%s", async (name) => {
    const folder = join(ROOT, id, name);
    const why = readFileSync(join(folder, "README.md"), "utf8");
    expect(why.trim().split("\n"), "README.md says in one line why the case exists").toHaveLength(1);
    const snapshot = allThereIs(await readCluster(join(folder, "cluster.yaml")));
    const report = replayReport(snapshot, everything(), { adversaries: [id], from: positionOf(folder) });
    const workloads = report.items[0]!.live!.workloads;
    const found = workloads.map(shown);
    const want = join(folder, "want.json");
    if (BLESS) writeFileSync(want, `${JSON.stringify(found, null, 2)}\n`);
    expect(found).toEqual(JSON.parse(readFileSync(want, "utf8")));
    expect(workloads.map(({ outcome }) => outcome)).toEqual([name.startsWith("bad.") ? "succeeds" : "blocked"]);
    expect(JSON.stringify(report)).not.toContain("kX9-not-real");
  });
});

/** What a case does not have was looked at, and there was none. */
function allThereIs(snapshot: Snapshot): Snapshot {
  const metadata = { ...snapshot.metadata, scope: { namespaces: null } };
  return { ...snapshot, metadata, collected: SEEN, blindSpots: [], notes: [] };
}

/** Whose position it is replayed from: `sa:NS/NAME`, `user:NAME`, `group:NAME`, one a line; the threat model's own without the file. */
function positionOf(folder: string) {
  const file = join(folder, "position.txt");
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8").trim().split("\n").map(subjectFrom);
}

/** The part of a verdict that a case fixes. Fingerprints are of each run's own key. */
function shown({ workload, outcome, because, path, blockedBy, missing, wouldBlock }: WorkloadReplay): object {
  return {
    workload: `${workload.kind.toLowerCase()}/${workload.name}`,
    outcome,
    because,
    path: path.map(({ actor, act, allowed }) => `${actor}: ${act}${allowed === null ? "" : `: ${String(allowed)}`}`),
    blockedBy: blockedBy.map(({ id }) => id),
    missing,
    wouldBlock: wouldBlock.map(({ id }) => id),
  };
}
