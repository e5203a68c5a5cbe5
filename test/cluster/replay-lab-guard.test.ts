import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { BundleFileError } from "../../src/cleanup/bundle/files.ts";
import { journalFiles, type JournalFiles } from "../../src/cleanup/journal-files.ts";
import { LAB_EFFECTS } from "../../src/commands/replay-lab-effects.ts";
import type { Json } from "../../src/model/api.ts";
import type { LabPlan } from "../../src/model/lab.ts";
import type { ReplayReport } from "../../src/model/report.ts";
import { readLabJournal } from "../../src/scenarios/lab/read-journal.ts";
import { actAs, allow, find, must, pathOf, waitFor } from "../control-plane/act.ts";
import { useCluster } from "../control-plane/test.ts";
import { clusterOf, replayHere, useStates, type From } from "./lab/support.ts";
import { differences, wholeCluster } from "./lab/whole.ts";

const cluster = useCluster({ own: true, needs: ["fake-node"] });
const newState = useStates();
const NODE = ["--node", "rig-0"];
const RANDOM = { random: (bytes: number) => new Uint8Array(bytes).fill(0x5a) };
const RUN = "r5a5a5a5a";

let from: From;
let lab: string[];
let before: Map<string, string>;
beforeEach(async () => {
  const { plane } = cluster;
  from = { kubeconfig: plane.adminKubeconfig, state: await newState() };
  const { context, uid } = await clusterOf(plane);
  lab = ["--lab", "--context", context, "--confirm-cluster", uid, ...NODE];
  before = await wholeCluster(plane);
});

async function unchanged(): Promise<void> {
  expect(differences(before, await wholeCluster(cluster.plane))).toEqual([]);
}

const plan = async (more: string[] = []): Promise<LabPlan> => {
  const { status, stdout, stderr } = await replayHere(["1", ...lab, "--dry-run=server", "-o", "json", ...more], from);
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as LabPlan;
};

test("a run attacks both forms, and the cluster holds afterwards exactly what it held before", async () => {
  const run = await replayHere([...lab, "--variants", "-o", "json"], from);
  expect(run.stderr).toContain("Nothing of the lab remains.");
  expect(run.status).toBe(0);
  const report = JSON.parse(run.stdout) as ReplayReport;
  expect(report.items.map(({ number, lab: pair }) => [number, pair?.proof])).toEqual(
    [1, 2, 3, 4, 5].map((n) => [n, true]),
  );
  const pair = report.items[0]!.lab!;
  expect([pair.default.outcome, pair.hardened.outcome, pair.hardened.blockedBy]).toEqual([
    "succeeded",
    "blocked",
    "rbac",
  ]);
  expect(pair.variants.map(({ id, outcome, predicted }) => [id, outcome, predicted])).toEqual([
    ["again", "succeeded", "succeeded"],
  ]);
  const { lab: ran } = report.summary;
  expect(ran).toMatchObject({
    placement: "driver",
    node: "rig-0",
    remains: [],
    differs: [expect.stringContaining("the driver does"), "a stub"],
  });
  const state = readLabJournal(await readFile(ran!.journal!, "utf8"), "journal")!;
  expect(state.isOver).toBe(true);
  expect(state.made.every(({ uid }) => uid !== null)).toBe(true);
  await unchanged();
});

test("everything that a run makes, pods included, carries its labels", async () => {
  const seen: Record<string, unknown>[] = [];
  const reached = async (step: string): Promise<void> => {
    if (step !== "delete" || seen.length > 0) return;
    for (const kind of ["Job", "Pod", "Secret", "ServiceAccount", "Role", "RoleBinding"]) {
      const { items } = await must(cluster.plane, "GET", pathOf(kind, `cronaudit-lab-${RUN}`));
      seen.push(...(items as { metadata: Record<string, unknown> }[]).map(({ metadata }) => ({ ...metadata, kind })));
    }
  };
  const run = await replayHere(["1", ...lab], { ...from, effects: { ...RANDOM, reached } });
  expect(run.status).toBe(0);
  const own = seen.filter(({ name }) => name !== "default");
  expect(own.some(({ kind }) => kind === "Pod")).toBe(true);
  for (const { labels } of own) expect(labels).toMatchObject({ "cronaudit.io/run": RUN });
});

describe("which cluster", () => {
  test.each([
    ["no --context", ["--lab", "--confirm-cluster", "rig"], "--context"],
    ["another name", ["--lab", "--context", "admin", "--confirm-cluster", "production"], "this cluster is rig"],
    ["no confirmation and no terminal", ["--lab", "--context", "admin"], "--confirm-cluster"],
    ["a position", ["--lab", "--context", "admin", "--as", "user:alice"], "takes no position"],
    ["a flag of what is live", ["--lab", "--context", "admin", "-n", "database"], "--namespace has no say"],
    ["an object", ["cronjob/backup", "--lab", "--context", "admin"], "cronjob/backup"],
  ])("%s: nothing is made", async (_, args, said) => {
    const run = await replayHere(args, from);
    expect(run.stderr).toContain(said);
    expect(run.status).toBe(2);
    expect(await readdir(from.state)).toEqual([]);
    await unchanged();
  });

  test("the name of the cluster in the kubeconfig will do", async () => {
    const run = await replayHere(["1", "--lab", "--context", "admin", "--confirm-cluster", "rig", ...NODE], from);
    expect([run.status, run.stderr]).toEqual([0, expect.stringContaining("Its uid:") as string]);
  });
});

describe("a plan", () => {
  test("makes nothing, and is carried out later", async () => {
    const planned = await plan();
    expect(planned.rights.every(({ allowed }) => allowed)).toBe(true);
    expect(planned.makes.filter(({ object }) => object.kind === "Namespace").map(({ object }) => object.name)).toEqual([
      "cronaudit-lab-<run>",
      "cronaudit-lab-<run>-other",
    ]);
    await unchanged();
    const file = join(from.state, "plan.json");
    await writeFile(file, JSON.stringify(planned));
    const run = await replayHere(["--lab", "--context", "admin", "--confirm-cluster", "rig", "--plan", file], from);
    expect([run.status, run.stderr]).toEqual([0, expect.stringContaining("Nothing of the lab remains.") as string]);
  });

  test.each([
    [
      "another cluster",
      (made: LabPlan) => ({ ...made, cluster: { ...made.cluster, uid: "other" } }),
      "for the cluster other",
    ],
    [
      "another context",
      (made: LabPlan) => ({ ...made, cluster: { ...made.cluster, context: "x" } }),
      "for the context x",
    ],
    [
      "another server",
      (made: LabPlan) => ({ ...made, cluster: { ...made.cluster, server: "https://x" } }),
      "for the server https://x",
    ],
    ["the day before", (made: LabPlan) => ({ ...made, createdAt: "2020-01-01T00:00:00Z" }), "minutes old"],
    ["other objects", (made: LabPlan) => ({ ...made, makes: made.makes.slice(1) }), "makes something else"],
    ["no plan", () => ({ kind: "CleanupPlan" }), "is no plan of a lab"],
  ])("of %s is refused", async (_, change, said) => {
    const file = join(from.state, "plan.json");
    await writeFile(file, JSON.stringify(change(await plan())));
    const run = await replayHere(["--lab", "--context", "admin", "--confirm-cluster", "rig", "--plan", file], from);
    expect(run.stderr).toContain(said);
    expect(run.status).toBe(2);
    await unchanged();
  });
});

test("missing rights are named, and nothing begins", async () => {
  const { plane, namespace } = cluster;
  const name = `${namespace}-some`;
  const subjects = [{ kind: "ServiceAccount" as const, namespace, name: "some" }];
  await allow(plane, {
    name,
    namespace: null,
    subjects,
    verbs: ["get", "list", "create"],
    resources: ["namespaces", "nodes", "pods"],
  });
  const actor = await actAs(plane, namespace, "some");
  await waitFor("the grant", async () => (await actor.request("GET", "/api/v1/nodes")).status === 200);
  before = await wholeCluster(plane);
  const kubeconfig = await actor.kubeconfig();
  const run = await replayHere(["1", "--lab", "--context", "some", "--confirm-cluster", "rig"], {
    ...from,
    kubeconfig,
  });
  expect(run.status).toBe(2);
  for (const right of [
    "delete namespaces",
    "create secrets",
    "create serviceaccounts/token",
    "delete pods",
    "create jobs.batch",
  ])
    expect(run.stderr).toContain(`  ${right}\n`);
  expect(run.stderr).not.toContain("  create pods\n");
  await unchanged();
});

test("the ClusterRole of docs/replay-rbac.yaml is all that it takes", async () => {
  const { plane, namespace } = cluster;
  const role = parse(await readFile(join(import.meta.dirname, "../../docs/replay-rbac.yaml"), "utf8")) as Json;
  const name = `${namespace}-lab`;
  const roles = "/apis/rbac.authorization.k8s.io/v1";
  await must(plane, "POST", `${roles}/clusterroles`, { ...role, metadata: { name } });
  await must(plane, "POST", `${roles}/clusterrolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
    subjects: [{ kind: "ServiceAccount", namespace, name: "lab" }],
  });
  const actor = await actAs(plane, namespace, "lab");
  await waitFor("the grant", async () => (await actor.request("GET", "/api/v1/nodes")).status === 200);
  before = await wholeCluster(plane);
  const own = { ...from, kubeconfig: await actor.kubeconfig() };
  const argv = ["--lab", "--context", "lab", ...NODE];
  const planned = await replayHere([...argv, "--dry-run=server", "-o", "json"], { ...own, effects: LAB_EFFECTS });
  expect([planned.status, planned.stderr]).toEqual([0, ""]);
  expect((JSON.parse(planned.stdout) as LabPlan).rights.filter(({ allowed }) => !allowed)).toEqual([]);
  // No right of the check is one too few either: the stub's run makes, grants and takes down by it.
  const run = await replayHere(["1", ...argv, "--confirm-cluster", "rig"], own);
  expect([run.status, run.stderr]).toEqual([0, expect.stringContaining("Nothing of the lab remains.") as string]);
  await unchanged();
});

test("a namespace of that name that was there before: the run fails, and it stays", async () => {
  const { plane } = cluster;
  const name = `cronaudit-lab-${RUN}-other`;
  await must(plane, "POST", "/api/v1/namespaces", { metadata: { name } });
  await waitFor("its account", () => find(plane, "ServiceAccount", name, "default"));
  await waitFor("its certificate", () => find(plane, "ConfigMap", name, "kube-root-ca.crt"));
  before = await wholeCluster(plane);
  const run = await replayHere(["1", ...lab], { ...from, effects: RANDOM });
  expect(run.stderr).toContain("already exists");
  expect(run.status).toBe(2);
  await unchanged();
  // It comes between the look and the making.
  await must(plane, "DELETE", `/api/v1/namespaces/${name}`);
  await waitFor("it to go", async () => (await find(plane, "Namespace", null, name)) === null);
  const reached = async (step: string): Promise<void> => {
    if (step === "begun") await must(plane, "POST", "/api/v1/namespaces", { metadata: { name } });
  };
  const raced = await replayHere(["1", ...lab], { ...from, effects: { ...RANDOM, reached } });
  expect(raced.stderr).toContain("already exists");
  expect(raced.stderr).toContain("Nothing of the lab remains.");
  expect(raced.status).toBe(2);
  expect(await find(plane, "Namespace", null, name)).not.toBeNull();
  expect(await find(plane, "Namespace", null, `cronaudit-lab-${RUN}`)).toBeNull();
  await must(plane, "DELETE", `/api/v1/namespaces/${name}`);
  await waitFor("it to go", async () => (await find(plane, "Namespace", null, name)) === null);
});

test("an admission policy that refuses the twin: not run, with its message, and nothing is left", async () => {
  const { plane } = cluster;
  const [group, name] = ["/apis/admissionregistration.k8s.io/v1", "no-jobs"];
  const message = "no Jobs in this cluster";
  const resourceRules = [{ apiGroups: ["batch"], apiVersions: ["v1"], resources: ["jobs"], operations: ["CREATE"] }];
  const policy = {
    failurePolicy: "Fail",
    matchConstraints: { resourceRules },
    validations: [{ expression: "false", message }],
  };
  await must(plane, "POST", `${group}/validatingadmissionpolicies`, { metadata: { name }, spec: policy });
  const binding = { policyName: name, validationActions: ["Deny"] };
  await must(plane, "POST", `${group}/validatingadmissionpolicybindings`, { metadata: { name }, spec: binding });
  const probe = {
    metadata: { name: "probe" },
    spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "x", image: "x" }] } } },
  };
  const jobs = pathOf("Job", cluster.namespace);
  await waitFor("the policy", async () => (await plane.request("POST", `${jobs}?dryRun=All`, probe)).status === 422);
  before = await wholeCluster(plane);
  try {
    const run = await replayHere(["1", ...lab, "-o", "json"], from);
    const { items, summary } = JSON.parse(run.stdout) as ReplayReport;
    const { default: open, hardened, proof, because } = items[0]!.lab!;
    expect([open.outcome, hardened.outcome, proof]).toEqual(["not-run", "not-run", false]);
    expect(open.because).toContain(message);
    expect(because).toContain("did not fall");
    expect(summary.lab!.remains).toEqual([]);
    expect(run.status).toBe(3);
    await unchanged();
  } finally {
    await must(plane, "DELETE", `${group}/validatingadmissionpolicybindings/${name}`);
    await must(plane, "DELETE", `${group}/validatingadmissionpolicies/${name}`);
  }
});

test("a journal that cannot be kept: no attack, and nothing is left", async () => {
  const full = (lines: number): JournalFiles => ({
    ...journalFiles,
    create: async (path) => {
      const file = await journalFiles.create(path);
      let left = lines;
      const append = (text: string) =>
        left-- > 0 ? file.append(text) : Promise.reject(new BundleFileError("no space left on device"));
      return { append, close: () => file.close() };
    },
  });
  // In the base, and among the twins.
  for (const lines of [0, 5, 20]) {
    const run = await replayHere(["1", ...lab], { ...from, effects: { journals: full(lines) } });
    expect(run.stderr).toContain("cannot keep the journal of the lab");
    expect(run.stderr).toContain("no space left on device");
    if (lines > 0) expect(run.stderr).toContain("Nothing of the lab remains.");
    expect(run.status).toBe(2);
    await unchanged();
  }
});

test("an end that cannot be journalled: the report is there all the same, and says so by its status", async () => {
  const journals: JournalFiles = {
    ...journalFiles,
    create: async (path) => {
      const file = await journalFiles.create(path);
      const append = (text: string) =>
        text.includes('"step":"end"')
          ? Promise.reject(new BundleFileError("no space left on device"))
          : file.append(text);
      return { append, close: () => file.close() };
    },
  };
  const run = await replayHere(["1", ...lab, "-o", "json"], { ...from, effects: { journals } });
  expect((JSON.parse(run.stdout) as ReplayReport).items[0]!.lab!.proof).toBe(true);
  expect(run.stderr).toMatch(/warning: cannot keep the journal of the lab .*: no space left on device/);
  expect(run.status).toBe(2);
  await unchanged();
});

test("an API that is down keeps a lab from being made, since namespaces would stay", async () => {
  const { plane } = cluster;
  const path = "/apis/apiregistration.k8s.io/v1/apiservices";
  const name = "v1.down.test";
  const service = { namespace: "default", name: "nobody" };
  const spec = { group: "down.test", version: "v1", groupPriorityMinimum: 1, versionPriority: 1, service };
  await must(plane, "POST", path, { metadata: { name }, spec: { ...spec, insecureSkipTLSVerify: true } });
  try {
    const planned = async (more: string[]) => replayHere(["1", ...lab, ...more], from);
    await waitFor("the aggregator", async () => (await planned(["--dry-run=server"])).status === 2);
    before = await wholeCluster(plane);
    for (const more of [["--dry-run=server"], []]) {
      const run = await planned(more);
      expect(run.stderr).toContain("does not answer for down.test/v1");
      expect(run.status).toBe(2);
    }
    await unchanged();
  } finally {
    await must(plane, "DELETE", `${path}/${name}`);
    await waitFor("it to go", async () => (await replayHere(["1", ...lab, "--dry-run=server"], from)).status === 0);
  }
});

test("no canary is in output, journal or plan", async () => {
  const canaries: string[] = [];
  const reached = async (step: string): Promise<void> => {
    if (step !== "attack") return;
    const { items } = await must(cluster.plane, "GET", "/api/v1/secrets?labelSelector=cronaudit.io/run");
    for (const { data } of items as { data: { value?: string } }[])
      if (data.value !== undefined) canaries.push(data.value, Buffer.from(data.value, "base64").toString());
  };
  const run = await replayHere([...lab, "-o", "json", "-v", "8"], { ...from, effects: { reached } });
  expect(canaries.length).toBeGreaterThan(9);
  const { journal } = (JSON.parse(run.stdout) as ReplayReport).summary.lab!;
  const written = run.stdout + run.stderr + (await readFile(journal!, "utf8"));
  expect(canaries.filter((one) => written.includes(one))).toEqual([]);
  const ids = [...run.stderr.matchAll(/Audit-ID: (\S+)/g)].map(([, id]) => id!);
  expect(ids.length).toBeGreaterThan(50);
  expect(ids.every((id) => id.startsWith("cronaudit-r"))).toBe(true);
  expect(run.stderr).toMatch(/User-Agent: kubectl-cronaudit\/0\.0\.0-test \(lab r[0-9a-f]{8}\)/);
});
