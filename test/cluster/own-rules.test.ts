import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { ExposureReport, StaleReport, TriageReport } from "../../src/model/report.ts";
import { ensure, list, must, pathOf, waitFor } from "../control-plane/act.ts";
import { useCluster } from "../control-plane/test.ts";
import { cronaudit, reportOf } from "./program.ts";

const cluster = useCluster();
const folder = mkdtempSync(join(tmpdir(), "cronaudit-rules-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const IGNORE = "cronaudit/ignore";
const rulesFile = (name: string, lists: object): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ apiVersion: "cronaudit/v1", kind: "Rules", ...lists }));
  return path;
};

const template = (env: object[], annotations: object = {}): object => ({
  metadata: { annotations },
  spec: { restartPolicy: "Never", containers: [{ name: "main", image: "x:1", env }] },
});
const env = (...names: string[]): object[] =>
  names.map((name) => ({ name, value: `kX9-4fQz81-${name.toLowerCase()}` }));
const cronJob = (name: string, namespace: string, spec: object): object => ({
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata: { name, namespace },
  spec: { schedule: "0 0 1 1 *", jobTemplate: { spec: { template: spec } } },
});

/** What the report finds, and what it only counts. */
const namesOf = ({ items }: ExposureReport): string[] =>
  items.flatMap(({ credential }) => (credential.fingerprint === null ? [] : [credential.name])).sort();

test("an annotation of another field manager is honoured, listed under its name, and lets no gate pass", async () => {
  const { plane, namespace } = cluster;
  await ensure(plane, cronJob("backup", namespace, template(env("DB_PASSWORD", "SMTP_PASSWORD"))));
  const target = pathOf("CronJob", namespace, "backup");
  const before = await reportOf<ExposureReport>(plane.adminKubeconfig, ["exposure", "-n", namespace]);
  expect(namesOf(before)).toEqual(["DB_PASSWORD", "SMTP_PASSWORD"]);
  const annotate = { metadata: { annotations: { [IGNORE]: "DB_PASSWORD" } } };
  await must(plane, "PATCH", `${target}?fieldManager=somebody-else`, annotate);
  const stored = (await must(plane, "GET", target))["metadata"].managedFields.find(
    ({ manager }: { manager: string }) => manager === "somebody-else",
  );

  const report = await reportOf<ExposureReport>(plane.adminKubeconfig, ["exposure", "-n", namespace]);
  expect(namesOf(report)).toEqual(["SMTP_PASSWORD"]);
  expect(report.summary.ignored).toMatchObject({ file: 0, annotation: 1, unconfirmed: 1 });
  const said = `of cronjob/backup (${namespace}), set by somebody-else, on ${stored.time} at the latest.`;
  expect(report.notes.filter((note) => note.startsWith("Ignored"))).toEqual([expect.stringContaining(said)]);

  const shown = await reportOf<ExposureReport>(plane.adminKubeconfig, ["exposure", "-n", namespace, "--show-ignored"]);
  const hidden = shown.items.find(({ credential }) => credential.name === "DB_PASSWORD");
  expect(hidden?.ignored).toMatchObject({
    ...{ by: "annotation", confirmed: false, reason: null },
    setBy: [{ object: { kind: "CronJob", name: "backup" }, managers: ["somebody-else"], since: stored.time }],
  });
  const triage = await reportOf<TriageReport>(plane.adminKubeconfig, ["-n", namespace]);
  expect(triage.items.find(({ id }) => id === "ignored-by-annotation")?.severity).toBe(hidden?.severity);

  const all = { metadata: { annotations: { [IGNORE]: "*" } } };
  await must(plane, "PATCH", `${target}?fieldManager=somebody-else`, all);
  const gate = ["exposure", "-n", namespace, "--fail-on", hidden!.severity];
  expect((await cronaudit(plane.adminKubeconfig, gate)).status).toBe(1);
  const trusting = rulesFile("trust.json", {
    trustAnnotations: [{ managers: ["somebody-*"], namespaces: [namespace] }],
  });
  expect((await cronaudit(plane.adminKubeconfig, [...gate, "--rules", trusting])).status).toBe(0);
});

test("runs inherit the annotation of the template, and whoever wrote that one set it", async () => {
  const { plane, namespace } = cluster;
  const spec = template(env("DB_PASSWORD"), { [IGNORE]: "*" });
  const path = `${pathOf("CronJob", namespace)}?fieldManager=deployer`;
  await must(plane, "POST", path, cronJob("nightly", namespace, spec));
  const owner = await must(plane, "GET", pathOf("CronJob", namespace, "nightly"));
  const { uid } = owner["metadata"];
  await must(plane, "POST", `${pathOf("Job", namespace)}?fieldManager=kube-controller-manager`, {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      ...{ name: "nightly-1", namespace },
      ownerReferences: [{ apiVersion: "batch/v1", kind: "CronJob", name: "nightly", uid, controller: true }],
    },
    spec: { template: spec },
  });
  await waitFor("the Job's pod", async () => (await list(plane, "Pod", namespace)).length > 0);

  const args = ["exposure", "-n", namespace, "--show-ignored"];
  const { items } = await reportOf<ExposureReport>(plane.adminKubeconfig, args);
  const password = items.find(({ credential }) => credential.name === "DB_PASSWORD");
  expect([...new Set(password?.carriers.map(({ object }) => object.kind))].sort()).toEqual(["CronJob", "Job", "Pod"]);
  expect(password?.ignored?.setBy.map(({ object, managers }) => [object.kind, managers])).toEqual([
    ["CronJob", ["deployer"]],
  ]);
  const trusting = rulesFile("deployer.json", { trustAnnotations: [{ managers: ["deployer"] }] });
  const confirmed = await reportOf<ExposureReport>(plane.adminKubeconfig, [...args, "--rules", trusting]);
  expect(confirmed.items.find(({ credential }) => credential.name === "DB_PASSWORD")?.ignored?.confirmed).toBe(true);
});

test("the operator's file finds, takes away, and is remembered by a snapshot", async () => {
  const { plane, namespace } = cluster;
  await ensure(plane, cronJob("doors", namespace, template(env("FRONT_DOOR_CODE", "TEST_PASSWORD", "DB_PASSWORD"))));
  await ensure(plane, {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "import", namespace },
    spec: { suspend: true, template: template(env("TEST_PASSWORD")) },
  });
  const rules = rulesFile("own.json", {
    names: [{ words: ["door code"], namespaces: [namespace] }],
    allow: [
      { reason: "throw-away databases", names: ["TEST_*"] },
      { reason: "gone", objects: ["cronjob/gone"] },
    ],
  });
  const [kubeconfig, args] = [plane.adminKubeconfig, ["-n", namespace, "--rules", rules]];
  const report = await reportOf<ExposureReport>(kubeconfig, ["exposure", ...args]);
  expect(namesOf(report)).toEqual(["DB_PASSWORD", "FRONT_DOOR_CODE"]);
  expect(report.summary.ignored).toMatchObject({ file: 1, annotation: 0, unconfirmed: 0 });
  expect(
    report.notes.filter((note) => note.startsWith("Rules file")).map((note) => note.replace(/^.*json: /, "")),
  ).toEqual([
    expect.stringMatching(/^used, with how often: names\[0\] \(\d+\), allow\[0\] \(\d+\)$/),
    "never matched in this evidence: allow[1]; correct or remove what is not needed",
  ]);
  const file = join(folder, "evidence.jsonl");
  const { status, stderr } = await cronaudit(kubeconfig, ["snapshot", file, ...args]);
  expect(status, stderr).toBe(0);
  expect(namesOf(await reportOf<ExposureReport>(kubeconfig, ["exposure", "-f", file]))).toEqual(namesOf(report));
  const other = rulesFile("other.json", { allow: [{ reason: "ours", names: ["DB_*"] }] });
  const again = await reportOf<ExposureReport>(kubeconfig, ["exposure", "-f", file, "--rules", other]);
  expect(namesOf(again)).toEqual(["FRONT_DOOR_CODE", "TEST_PASSWORD"]);

  const stale = await reportOf<StaleReport>(kubeconfig, ["stale", ...args]);
  const job = stale.items.find(({ object }) => object.name === "import");
  expect(job).toMatchObject({
    state: "suspended",
    credentials: 0,
    ignored: { file: 1, annotation: 0, unconfirmed: 0 },
  });
});
