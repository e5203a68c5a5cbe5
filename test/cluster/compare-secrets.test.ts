import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ExposureItem, ExposureReport, TriageReport } from "../../src/model/report.ts";
import { actAs, must, pathOf, waitFor } from "../control-plane/act.ts";
import { binding, role, subject } from "../control-plane/cast/character.ts";
import { Canaries, formsOf } from "../control-plane/cast/values.ts";
import type { Stored } from "../control-plane/story.ts";
import { useCluster } from "../control-plane/test.ts";
import { cronaudit, reportOf } from "./program.ts";

const cluster = useCluster({ own: true });
let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "cronaudit-compare-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const encode = (text: string): string => Buffer.from(text).toString("base64");
const COMPARE = ["exposure", "--compare-secrets", "--all"];

async function keep(namespace: string, name: string, data: Record<string, string>, type = "Opaque"): Promise<void> {
  const encoded = Object.fromEntries(Object.entries(data).map(([key, text]) => [key, encode(text)]));
  const metadata = { name };
  await must(cluster.plane, "POST", pathOf("Secret", namespace), { metadata, type, data: encoded });
}

/** A namespace beside the test's own. */
async function another(name: string): Promise<string> {
  const namespace = `${cluster.namespace}-${name}`;
  await must(cluster.plane, "POST", pathOf("Namespace", null), { metadata: { name: namespace } });
  return namespace;
}

/** A suspended CronJob with these variables. */
async function carry(namespace: string, name: string, env: object[]): Promise<void> {
  const containers = [{ name: "main", image: "registry.example.com/job:1", env }];
  await must(cluster.plane, "POST", pathOf("CronJob", namespace), {
    metadata: { name },
    spec: {
      schedule: "0 0 1 1 *",
      suspend: true,
      jobTemplate: { spec: { template: { spec: { restartPolicy: "Never", containers } } } },
    },
  });
}

const of = ({ items }: ExposureReport, workload: string): ExposureItem[] =>
  items.filter((item) => item.workload.name === workload);
const namesOf = (report: ExposureReport, workload: string): string[] =>
  of(report, workload)
    .map(({ credential }) => credential.name)
    .sort();
const withFlag = (): Promise<ExposureReport> => reportOf<ExposureReport>(cluster.plane.adminKubeconfig, COMPARE);

test("a literal that equals a Secret elsewhere names it, and one that only the Secret tells is found", async () => {
  const { namespace, plane } = cluster;
  const canaries = new Canaries();
  const [password, hidden] = [canaries.password(), canaries.password()];
  const vault = await another("vault");
  await keep(vault, "db-credentials", { password, username: "orders-writer" });
  await keep(vault, "others", { password: `${hidden}\n` });
  await carry(namespace, "backup", [
    { name: "DB_PASSWORD", value: password },
    { name: "FOO", value: hidden },
    { name: "BAR", value: encode(hidden) },
    { name: "WHO", value: "orders-writer" },
    { name: "WHERE", value: "true" },
  ]);
  const report = await withFlag();
  const [named, found] = ["DB_PASSWORD", "FOO"].map((name) =>
    of(report, "backup").find(({ credential }) => credential.name === name),
  );
  expect(named).toMatchObject({
    credential: {
      confidence: "certain",
      because: expect.stringContaining(`equals Secret ${vault}/db-credentials key password`) as unknown,
      equals: [{ namespace: vault, name: "db-credentials", key: "password", fills: "secret" }],
      equalsMore: 0,
    },
  });
  expect(named!.fix).toContain(`rotate DB_PASSWORD in Secret ${vault}/db-credentials`);
  // The same text in base64 is the same credential.
  expect(found!.carriers.map(({ path }) => path.replace(/^.*containers\[0\]/, ""))).toEqual(
    ["env[1].value", "env[2].value"].map((path) => `.${path}`),
  );
  expect(namesOf(report, "backup")).toEqual(["DB_PASSWORD", "FOO"]);
  expect(report.notes.join("\n")).toMatch(/Secrets read and compared: \d+, with \d+ values/);

  const plain = await reportOf<ExposureReport>(plane.adminKubeconfig, ["exposure", "--all"]);
  expect(namesOf(plain, "backup")).toEqual(["DB_PASSWORD"]);
  expect(plain.items.map(({ credential }) => credential.equals)).not.toContainEqual([]);

  // With -n, what other namespaces hold is not read.
  const narrow = await reportOf<ExposureReport>(plane.adminKubeconfig, [...COMPARE, "-n", namespace]);
  expect(namesOf(narrow, "backup")).toEqual(["DB_PASSWORD"]);

  // The triage says it too, and what it suggests next.
  const triage = await reportOf<TriageReport>(plane.adminKubeconfig, ["--compare-secrets", "-n", vault]);
  expect(triage.notes.join("\n")).toContain("Secrets read and compared: ");
});

test("what every namespace has is never a credential: ca.crt, user names, hosts, booleans", async () => {
  const { namespace, plane } = cluster;
  const root = await waitFor("the ConfigMap with the cluster's certificate", async () => {
    const { items } = await must(plane, "GET", pathOf("ConfigMap", namespace));
    return (items as Stored[]).find(({ metadata }) => metadata.name === "kube-root-ca.crt") ?? null;
  });
  const certificate = root["data"]["ca.crt"] as string;
  const host = "orders-db-0.orders-db.database.svc.cluster.local";
  const data = {
    username: "Xk29vLq81mZ-writer",
    host,
    "ca.crt": certificate,
    tls: "true",
    port: "15432",
    dbname: "orders_production",
  };
  await keep(namespace, "connection", data);
  await carry(
    namespace,
    "harmless",
    Object.values(data).map((value, i) => ({ name: `FOO${String(i)}`, value })),
  );
  const report = await withFlag();
  expect(namesOf(report, "harmless")).toEqual([]);
  const all = report.items.flatMap(({ credential }) => credential.equals ?? []);
  expect(all.filter(({ key }) => key === "ca.crt" || key === "username")).toEqual([]);
});

test("a literal, a secretKeyRef and a volume of one Secret are one credential", async () => {
  const { namespace, plane } = cluster;
  const password = new Canaries().password();
  await keep(namespace, "one", { password, username: "orders" });
  await carry(namespace, "united", [{ name: "DB_PASSWORD", value: password }]);
  const valueFrom = { secretKeyRef: { name: "one", key: "password" } };
  await must(plane, "POST", pathOf("Pod", namespace), {
    metadata: { name: "reader" },
    spec: {
      nodeName: plane.node,
      restartPolicy: "Never",
      containers: [{ name: "main", image: "registry.example.com/job:1", env: [{ name: "PW", valueFrom }] }],
      volumes: [{ name: "all", secret: { secretName: "one" } }],
    },
  });
  await waitFor("the pod to finish", async () => {
    const { status } = await must(plane, "GET", pathOf("Pod", namespace, "reader"));
    return status.phase === "Succeeded";
  });
  const isOfSecret = ({ credential: { ref } }: ExposureItem): boolean =>
    ref?.namespace === namespace && ref.name === "one";
  const [item, ...others] = (await withFlag()).items.filter(isOfSecret);
  expect(others).toEqual([]);
  expect(item).toMatchObject({
    credential: { name: "DB_PASSWORD", kind: "password", equals: [{ name: "one", key: "password", fills: "secret" }] },
    workload: { kind: "CronJob", name: "united" },
  });
  const classes = [...new Set(item!.carriers.map((carrier) => carrier.class))];
  expect(classes).toEqual(expect.arrayContaining(["literal-env", "node-grant", "secret-env"]));
  expect(item!.fix).toContain("use secretKeyRef to one key password instead");
  const plain = await reportOf<ExposureReport>(plane.adminKubeconfig, ["exposure", "--all"]);
  expect(plain.items.filter(isOfSecret)).toHaveLength(2);
});

test("a token of a ServiceAccount that stands as text is the Secret's, and what it speaks for is known", async () => {
  const { namespace, plane } = cluster;
  await must(plane, "POST", pathOf("ServiceAccount", namespace), { metadata: { name: "robot" } });
  await must(plane, "POST", pathOf("Secret", namespace), {
    metadata: { name: "robot-token", annotations: { "kubernetes.io/service-account.name": "robot" } },
    type: "kubernetes.io/service-account-token",
  });
  const token = await waitFor("the token controller to fill the Secret", async () => {
    const { data } = await must(plane, "GET", pathOf("Secret", namespace, "robot-token"));
    return (data as Record<string, string> | undefined)?.["token"] ?? null;
  });
  await carry(namespace, "speaking", [{ name: "FOO", value: Buffer.from(token, "base64").toString() }]);
  const [item] = of(await withFlag(), "speaking");
  expect(item!.credential).toMatchObject({
    confidence: "certain",
    equals: [{ namespace, name: "robot-token", key: "token", fills: "secret" }],
  });
});

test("without the right to list Secrets the answer is incomplete, and where some may be listed those are compared", async () => {
  const { namespace, plane } = cluster;
  const password = new Canaries().password();
  const open = await another("open");
  await keep(open, "db", { password });
  await carry(namespace, "partial", [{ name: "FOO", value: password }]);
  const reader = await actAs(plane, namespace, "reader");
  const name = `${namespace}-reads`;
  const resources = [
    [["list"], ["cronjobs"]],
    [["list"], ["jobs", "pods", "configmaps", "namespaces"]],
  ] as const;
  const rules = [...resources.map(([verbs, kinds]) => ({ apiGroups: ["batch", ""], verbs, resources: kinds }))];
  await must(plane, "POST", pathOf("ClusterRole", null), { metadata: { name }, rules });
  const who = subject.serviceAccount(namespace, "reader");
  await must(plane, "POST", pathOf("ClusterRoleBinding", null), binding(null, name, `ClusterRole/${name}`, who));
  const kubeconfig = await reader.kubeconfig();
  await waitFor(
    "the account to list CronJobs",
    async () => (await reader.request("GET", "/apis/batch/v1/cronjobs?limit=1")).status === 200,
  );

  const denied = await reportOf<ExposureReport>(kubeconfig, COMPARE, 3);
  expect(denied.blindSpots.find(({ resource }) => resource === "secrets")).toMatchObject({
    verb: "list",
    namespace: null,
    reason: "Forbidden",
    blinds: expect.arrayContaining(["which literals equal a value of a Secret"]) as unknown,
  });
  expect(namesOf(denied, "partial")).toEqual([]);

  await must(plane, "POST", pathOf("Role", open), role(open, "secrets", [["list"], ["secrets"]]));
  await must(plane, "POST", pathOf("RoleBinding", open), binding(open, "secrets", "Role/secrets", who));
  await waitFor(
    "the account to list Secrets",
    async () => (await reader.request("GET", `${pathOf("Secret", open)}?limit=1`)).status === 200,
  );
  const some = await reportOf<ExposureReport>(kubeconfig, COMPARE, 3);
  expect(of(some, "partial").map(({ credential }) => credential.equals)).toMatchObject([
    [{ namespace: open, name: "db" }],
  ]);
  expect(some.blindSpots.filter(({ resource }) => resource === "secrets").length).toBeGreaterThan(0);
});

test("a snapshot keeps what was equal, and no value", async () => {
  const { namespace, plane } = cluster;
  const password = new Canaries().password();
  await keep(namespace, "kept", { password });
  await carry(namespace, "stored", [{ name: "FOO", value: password }]);
  const file = join(folder, "compared.jsonl");
  const taken = await cronaudit(plane.adminKubeconfig, ["snapshot", file, "--compare-secrets", "-v8"]);
  expect(taken.status, taken.stderr).toBe(0);
  const report = await reportOf<ExposureReport>(plane.adminKubeconfig, [...COMPARE, "-f", file]);
  expect(of(report, "stored").map(({ credential }) => credential.equals)).toMatchObject([
    [{ namespace, name: "kept" }],
  ]);
  const written = `${taken.stderr}${taken.stdout}${JSON.stringify(report)}`;
  for (const form of formsOf(password)) expect(written.includes(form)).toBe(false);

  const plain = join(folder, "plain.jsonl");
  await cronaudit(plane.adminKubeconfig, ["snapshot", plain]);
  const refused = await cronaudit(plane.adminKubeconfig, [...COMPARE, "-f", plain]);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toMatch(/^error: --compare-secrets has no effect on .*plain\.jsonl: /);
});
