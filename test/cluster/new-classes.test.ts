import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Carrier, ExposureItem, ExposureReport } from "../../src/model/report.ts";
import { actAs, must, pathOf, waitFor, type Actor } from "../control-plane/act.ts";
import { binding, role, subject } from "../control-plane/cast/character.ts";
import { Canaries, formsOf } from "../control-plane/cast/values.ts";
import { podAnnotations } from "../control-plane/pod-annotations.ts";
import type { ControlPlane } from "../control-plane/provider.ts";
import type { Stored } from "../control-plane/story.ts";
import { useCluster } from "../control-plane/test.ts";
import { cronaudit, reportOf } from "./program.ts";

const cluster = useCluster({ own: true, needs: ["fake-node"] });
let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "cronaudit-classes-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Values that only this test knows, by where they stand. */
interface Secrets {
  configMap: string;
  unused: string;
  message: string;
  printed: string;
  literal: string;
}

const LOGGED_AT = "2026-01-02T03:04:05Z";

/** What the fake node serves as the log of every container: a variable, and a bare value that an object holds too. */
async function writeLog(plane: ControlPlane, { printed, literal }: Secrets): Promise<void> {
  const lines = ["starting", `PGPASSWORD=${printed}`, `connecting with ${literal} now`];
  const text = lines.map((line, second) => `2026-01-02T03:04:0${String(4 + second)}.5Z stdout F ${line}\n`).join("");
  await writeFile(join(plane.directory, "container.log"), text);
}

function apply(plane: ControlPlane, manifest: object): void {
  const { status, stderr } = spawnSync(plane.kubectl, ["--kubeconfig", plane.adminKubeconfig, "apply", "-f", "-"], {
    input: JSON.stringify(manifest),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`kubectl apply: ${stderr}`);
}

/** One finished Job whose pod gets, writes, prints and is pulled with credentials. */
async function run(plane: ControlPlane, namespace: string, secrets: Secrets): Promise<{ pod: Stored; login: Stored }> {
  const metadata = (name: string): object => ({ name, namespace });
  apply(plane, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadata("app"),
    data: { orders: secrets.configMap, host: "db.example.com" },
  });
  apply(plane, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadata("unused"),
    data: { password: secrets.unused },
  });
  const data = { ".dockerconfigjson": Buffer.from('{"auths":{}}').toString("base64") };
  const login = await must(plane, "POST", pathOf("Secret", namespace), {
    metadata: { name: "registry" },
    type: "kubernetes.io/dockerconfigjson",
    data,
  });
  await must(plane, "POST", pathOf("ServiceAccount", namespace), {
    metadata: { name: "puller" },
    imagePullSecrets: [{ name: "registry" }],
  });
  const env = [
    { name: "DB_PASSWORD", valueFrom: { configMapKeyRef: { name: "app", key: "orders" } } },
    { name: "API_TOKEN", value: secrets.literal },
  ];
  const annotations = {
    [podAnnotations.terminationMessage]: `failed: password=${secrets.message}`,
    [podAnnotations.runFor]: "0s",
  };
  await must(plane, "POST", pathOf("Job", namespace), {
    metadata: { name: "run" },
    spec: {
      template: {
        metadata: { annotations },
        spec: {
          restartPolicy: "Never",
          serviceAccountName: "puller",
          nodeName: plane.node,
          containers: [{ name: "main", image: "registry.example.com/job:1", env }],
        },
      },
    },
  });
  const pod = await waitFor("the pod to finish", async () => {
    const { items } = await must(plane, "GET", pathOf("Pod", namespace));
    return (items as Stored[]).find(({ status }) => status.phase === "Succeeded") ?? null;
  });
  return { pod, login };
}

/** An account that holds this one right in the namespace, once the authorizer knows it. */
async function holderOf(namespace: string, name: string, verb: string, resource: string, path: string): Promise<Actor> {
  const { plane } = cluster;
  await must(plane, "POST", pathOf("Role", namespace), role(namespace, name, [[verb], [resource]]));
  const grant = binding(namespace, name, `Role/${name}`, subject.serviceAccount(namespace, name));
  await must(plane, "POST", pathOf("RoleBinding", namespace), grant);
  const actor = await actAs(plane, namespace, name);
  await waitFor(`${name} to read`, async () => (await actor.request("GET", path)).status === 200);
  return actor;
}

function itemWith(report: ExposureReport, namespace: string, id: Carrier["class"]): ExposureItem {
  const found = report.items.filter(
    ({ workload, carriers }) => workload.namespace === namespace && carriers.some((carrier) => carrier.class === id),
  );
  expect(found.map(({ credential }) => credential.name)).toHaveLength(1);
  return found[0]!;
}

const readersOf = ({ readers }: ExposureItem): string[] =>
  readers.items.filter(({ subject }) => subject.kind === "ServiceAccount").map(({ subject }) => subject.name);
const of = ({ carriers }: ExposureItem, id: Carrier["class"]): Carrier[] => carriers.filter((one) => one.class === id);

test(
  "a ConfigMap's value, a last word, a registry's login and a printed line: where, since when, by whom",
  { timeout: 120_000 },
  async () => {
    const { plane, namespace } = cluster;
    const canaries = new Canaries();
    const value = (): string => canaries.password();
    const secrets: Secrets = {
      configMap: value(),
      unused: value(),
      message: value(),
      printed: value(),
      literal: value(),
    };
    await writeLog(plane, secrets);
    const { pod, login } = await run(plane, namespace, secrets);
    const name = pod["metadata"].name as string;
    const finishedAt = pod["status"].containerStatuses[0].state.terminated.finishedAt as string;
    const configMap = await must(plane, "GET", pathOf("ConfigMap", namespace, "app"));

    // Each of these accounts does read what its right is said to give.
    await holderOf(namespace, "maps", "get", "configmaps", pathOf("ConfigMap", namespace, "app"));
    await holderOf(namespace, "pods", "get", "pods", pathOf("Pod", namespace, name));
    await holderOf(namespace, "logs", "get", "pods/log", pathOf("Pod", namespace, name, "log"));
    await holderOf(namespace, "logins", "get", "secrets", pathOf("Secret", namespace, "registry"));

    const args = ["exposure", "--scan-logs", "--list-secrets"];
    const report = await reportOf<ExposureReport>(plane.adminKubeconfig, args);
    expect(report.notes.join("\n")).toMatch(/container logs read: [1-9]/);

    const inMap = itemWith(report, namespace, "configmap-env");
    const object = { apiVersion: "v1", kind: "ConfigMap", namespace, name: "app", uid: configMap["metadata"].uid };
    expect(inMap).toMatchObject({
      credential: { name: "DB_PASSWORD" },
      workload: { kind: "Job", name: "run" },
      neededUntil: finishedAt,
      closes: null,
    });
    expect(of(inMap, "configmap-env")).toMatchObject([
      { object, path: "data[orders]", opens: configMap["metadata"].creationTimestamp, closesBecause: "never" },
      { object, path: "metadata.annotations[kubectl.kubernetes.io/last-applied-configuration].data[orders]" },
    ]);
    expect(readersOf(inMap)).toEqual(["maps"]);
    expect(inMap.fix).toContain(`kubectl edit configmap/app -n ${namespace}`);

    const said = itemWith(report, namespace, "termination-message");
    expect(of(said, "termination-message")).toMatchObject([
      {
        object: { kind: "Pod", name },
        path: "status.containerStatuses[0].state.terminated.message",
        opens: finishedAt,
        opensIsBound: false,
      },
    ]);
    expect(readersOf(said)).toEqual(["pods"]);

    const pulled = itemWith(report, namespace, "pull-secret");
    expect(of(pulled, "pull-secret")).toMatchObject([
      {
        object: { kind: "ServiceAccount", name: "puller" },
        path: "imagePullSecrets[0]",
        opens: login["metadata"].creationTimestamp,
        opensIsBound: false,
        closes: null,
      },
    ]);
    expect(pulled.credential.ref).toMatchObject({ namespace, name: "registry" });
    expect(readersOf(pulled)).toEqual(["logins"]);

    // What was printed stands under a name of its own; what an object holds too is one credential with it.
    const logged = report.items.filter((item) => item.workload.namespace === namespace && of(item, "log").length > 0);
    const byName = new Map(logged.map((item) => [item.credential.name, item]));
    expect([...byName.keys()].sort()).toEqual(["API_TOKEN", "PGPASSWORD"]);
    const printed = byName.get("PGPASSWORD")!;
    expect(printed.carriers).toMatchObject([
      { class: "log", object: { kind: "Pod", name }, path: "log[main]:line 2", opens: LOGGED_AT, opensIsBound: false },
    ]);
    expect(readersOf(printed)).toEqual(["logs"]);
    const both = byName.get("API_TOKEN")!;
    expect(of(both, "log")).toMatchObject([{ path: "log[main]:line 3", opens: "2026-01-02T03:04:06Z" }]);
    expect(of(both, "literal-env").map(({ object }) => object.kind)).toEqual(["Job", "Pod"]);
    expect(readersOf(both)).toEqual(["logs", "pods"]);

    // None of it shows a value, in whatever form; nor does the snapshot, which says the same.
    const file = join(folder, "evidence.jsonl");
    const outputs = [
      JSON.stringify(report),
      ...(await Promise.all(
        [
          [...args, "-o", "wide", "-v8"],
          [...args, `job/run`, "-n", namespace],
          ["snapshot", file, "--scan-logs", "--force"],
        ].map(async (line) => {
          const { status, stdout, stderr } = await cronaudit(plane.adminKubeconfig, line);
          expect(status, stderr).toBe(0);
          return stdout + stderr;
        }),
      )),
      await readFile(file, "utf8"),
    ];
    for (const canary of canaries.all)
      for (const form of formsOf(canary)) expect(outputs.every((text) => !text.includes(form))).toBe(true);
    const fromFile = await reportOf<ExposureReport>(plane.adminKubeconfig, ["exposure", "-f", file]);
    const classesOf = ({ items }: ExposureReport): string[] =>
      items
        .filter(({ workload }) => workload.namespace === namespace)
        .flatMap(({ carriers }) => carriers.map((one) => one.class))
        .sort();
    expect(classesOf(fromFile)).toEqual(classesOf(report));

    // With the pod go its message and its log; without work that names it, the ConfigMap is nobody's credential.
    await must(plane, "DELETE", `${pathOf("Job", namespace, "run")}?propagationPolicy=Background`);
    await waitFor("the pod to go", async () => {
      const { items } = await must(plane, "GET", pathOf("Pod", namespace));
      return (items as Stored[]).length === 0;
    });
    const after = await reportOf<ExposureReport>(plane.adminKubeconfig, args);
    const left = after.items.filter(({ workload }) => workload.namespace === namespace);
    expect(left.flatMap((item) => of(item, "log"))).toEqual([]);
    expect(left.flatMap((item) => of(item, "configmap-env"))).toEqual([]);
    expect(
      left
        .flatMap((item) => of(item, "termination-message"))
        .every(({ closesBecause }) => closesBecause === "compaction"),
    ).toBe(true);
  },
);
