import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import type { BlindSpot } from "../../src/model/snapshot.ts";
import { actAs, ensure, must, pathOf, waitFor, type Actor } from "../control-plane/act.ts";
import { binding, cronJob, role, subject } from "../control-plane/cast/character.ts";
import type { ControlPlane } from "../control-plane/provider.ts";
import type { Stored } from "../control-plane/story.ts";
import { useCluster } from "../control-plane/test.ts";
import { cronaudit } from "./program.ts";

interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

const cluster = useCluster({ own: true });
const VERBS = ["triage", "exposure", "stale", "access", "replay", "snapshot"] as const;
type Verb = (typeof VERBS)[number];
let folder: Promise<string> | null = null;
afterAll(async () => {
  if (folder !== null) await rm(await folder, { recursive: true, force: true });
});

/** The rules of each ClusterRole in the generated file, by name. */
async function documented(): Promise<Map<string, Rule[]>> {
  const text = await readFile(join(import.meta.dirname, "../../docs/rbac.yaml"), "utf8");
  const roles = parseAllDocuments(text).map((document) => document.toJS() as Stored);
  return new Map(roles.map(({ metadata, rules }) => [metadata.name as string, rules as Rule[]]));
}

/** The same rules without one resource. */
function without(rules: Rule[], resource: string): Rule[] {
  return rules
    .map((rule) =>
      rule.resourceNames ? rule : { ...rule, resources: rule.resources.filter((one) => one !== resource) },
    )
    .filter(({ resources }) => resources.length > 0);
}

/** Every resource that the rules let one list. */
function listed(rules: Rule[]): { group: string; resource: string }[] {
  return rules
    .filter(({ verbs }) => verbs.includes("list"))
    .flatMap(({ apiGroups, resources }) => resources.map((resource) => ({ group: apiGroups[0]!, resource })));
}

/** An account that has these rights and no others, once the authorizer knows it. */
async function holderOf(plane: ControlPlane, namespace: string, name: string, rules: Rule[]): Promise<Actor> {
  const [unique, apiVersion] = [`${namespace}-${name}`, "rbac.authorization.k8s.io/v1"];
  await ensure(plane, { apiVersion, kind: "ClusterRole", metadata: { name: unique }, rules });
  await ensure(plane, binding(null, unique, `ClusterRole/${unique}`, subject.serviceAccount(namespace, name)));
  const actor = await actAs(plane, namespace, name);
  for (const { group, resource } of listed(rules)) {
    const path = `${group === "" ? "/api/v1" : `/apis/${group}/v1`}/${resource}?limit=1`;
    await waitFor(`${name} to list ${resource}`, async () => (await actor.request("GET", path)).status === 200);
  }
  return actor;
}

/** A CronJob whose account reads one Secret by name in every namespace, so that `access` has to know the namespaces. */
async function employ(plane: ControlPlane, namespace: string): Promise<void> {
  const name = `${namespace}-everywhere`;
  await must(plane, "POST", pathOf("ServiceAccount", namespace), { metadata: { name: "nightly" } });
  await must(plane, "POST", pathOf("ClusterRole", null), { ...role(null, name, [["get"], ["secrets"], ["shared"]]) });
  const grant = binding(null, name, `ClusterRole/${name}`, subject.serviceAccount(namespace, "nightly"));
  await must(plane, "POST", pathOf("ClusterRoleBinding", null), grant);
  const podSpec = { serviceAccountName: "nightly", containers: [{ name: "main", image: "registry.example.com/x:1" }] };
  const manifest = cronJob(namespace, "nightly", "0 3 * * *", podSpec, { suspend: true });
  await must(plane, "POST", pathOf("CronJob", namespace), manifest);
}

interface Answer {
  status: number | null;
  complete: boolean;
  blindSpots: BlindSpot[];
  uid: string | null;
}

/** What the verb answers with this account's rights. A snapshot is complete when it has no blind spot. */
async function answerOf(verb: Verb, actor: Actor, name: string, ...more: string[]): Promise<Answer> {
  const kubeconfig = await actor.kubeconfig();
  folder ??= mkdtemp(join(tmpdir(), "cronaudit-rights-"));
  const file = join(await folder, `${name}.jsonl`);
  const args = verb === "snapshot" ? ["snapshot", file] : [...(verb === "triage" ? [] : [verb]), "-o", "json"];
  const { status, stdout, stderr } = await cronaudit(kubeconfig, [...args, ...more]);
  expect([0, 3], stderr).toContain(status);
  const text = verb === "snapshot" ? (await readFile(file, "utf8")).split("\n")[0]! : stdout;
  const { complete, blindSpots, metadata } = JSON.parse(text) as Stored;
  return { status, complete: complete ?? blindSpots.length === 0, blindSpots, uid: metadata.cluster.uid };
}

/** An account that nothing runs as and no binding names is there with the right to list accounts, and unknown without. */
async function expectUnknownAccount(actor: Actor): Promise<void> {
  const { status, stderr } = await cronaudit(await actor.kubeconfig(), ["access", "sa/default"]);
  expect(status).toBe(2);
  expect(stderr).toMatch(/^error: cannot tell whether serviceaccounts "default" exists: .*\(Forbidden\)/);
}

test("the file has a role for each verb, for the flags that need more, and for what changes the cluster", async () => {
  const flags = ["list-secrets", "scan-logs", "verify", "dependents"];
  const besides = ["cleanup-by-ttl", "cleanup-also", "cleanup-delete-token"];
  const changing = [
    "hold",
    "hold-changes",
    "cleanup",
    "cleanup-delete",
    ...besides,
    "evidence-save",
    "evidence-restore",
  ];
  const names = [...VERBS, ...flags, ...changing].map((verb) => `cronaudit-${verb}`);
  expect([...(await documented()).keys()].sort()).toEqual(names.sort());
});

test.for(VERBS)("%s answers completely with its role, and names exactly what is taken from it", async (verb) => {
  const { plane, namespace } = cluster;
  await employ(plane, namespace);
  const rules = (await documented()).get(`cronaudit-${verb}`)!;
  const all = await answerOf(verb, await holderOf(plane, namespace, verb, rules), verb);
  expect(all).toMatchObject({ status: 0, complete: true, blindSpots: [], uid: expect.any(String) as string });

  const resources = listed(rules);
  expect(resources.length).toBeGreaterThan(2);
  for (const { group, resource } of resources) {
    const name = `${verb}-without-${resource}`;
    const actor = await holderOf(plane, namespace, name, without(rules, resource));
    if (verb === "access" && resource === "serviceaccounts") {
      // Who runs as what stands in the workloads; the accounts are looked at only to know whether one exists.
      await expectUnknownAccount(actor);
      continue;
    }
    const { status, complete, blindSpots } = await answerOf(verb, actor, name);
    expect({ name, status, complete }).toEqual({ name, status: 3, complete: false });
    expect(blindSpots.map((spot) => spot.resource)).toEqual([resource]);
    expect(blindSpots[0]).toMatchObject({ verb: "list", group, namespace: null, reason: "Forbidden" });
    expect(blindSpots[0]!.blinds.length).toBeGreaterThan(0);
  }
});

test("without get of kube-system the cluster has no uid, and the answer is as complete", async () => {
  const { plane, namespace } = cluster;
  const rules = (await documented()).get("cronaudit-stale")!.filter(({ resourceNames }) => resourceNames === undefined);
  const answer = await answerOf("stale", await holderOf(plane, namespace, "no-uid", rules), "no-uid");
  expect(answer).toMatchObject({ status: 0, complete: true, blindSpots: [], uid: null });
});

test.for(["--list-secrets", "--compare-secrets"])("%s needs its own role in addition", async (flag) => {
  const { plane, namespace } = cluster;
  const of = (name: string): string => `${name}${flag.slice(1)}`;
  const roles = await documented();
  const plain = roles.get("cronaudit-exposure")!;
  const both = [...plain, ...roles.get("cronaudit-list-secrets")!];
  const allowed = await holderOf(plane, namespace, of("secrets"), both);
  expect(await answerOf("exposure", allowed, of("secrets"), flag)).toMatchObject({ status: 0, complete: true });
  const holder = await holderOf(plane, namespace, of("plain"), plain);
  const refused = await answerOf("exposure", holder, of("plain"), flag);
  expect(refused.blindSpots.map(({ resource }) => resource)).toEqual(["secrets"]);
  expect(refused).toMatchObject({ status: 3, complete: false });
});

test.for(["exposure", "snapshot"] as const)("%s --scan-logs needs its own role in addition", async (verb) => {
  const { plane, namespace } = cluster;
  const roles = await documented();
  const container = { name: "main", image: "registry.example.com/x:1" };
  await must(plane, "POST", pathOf("Pod", namespace), {
    metadata: { name: "once" },
    spec: { nodeName: plane.node, restartPolicy: "Never", containers: [container] },
  });
  await waitFor("the pod to finish", async () => {
    const { status } = await must(plane, "GET", pathOf("Pod", namespace, "once"));
    return status.phase === "Succeeded";
  });
  const plain = roles.get(`cronaudit-${verb}`)!;
  const log = pathOf("Pod", namespace, "once", "log");
  const allowed = await holderOf(plane, namespace, `logs-${verb}`, [...plain, ...roles.get("cronaudit-scan-logs")!]);
  await waitFor("the account to read the log", async () => (await allowed.request("GET", log)).status === 200);
  expect(await answerOf(verb, allowed, `logs-${verb}`, "--scan-logs")).toMatchObject({ status: 0, complete: true });
  const refused = await holderOf(plane, namespace, `plain-${verb}`, plain);
  const answer = await answerOf(verb, refused, `plain-${verb}`, "--scan-logs");
  expect(answer).toMatchObject({ status: 3, complete: false });
  expect(answer.blindSpots).toMatchObject([{ verb: "get", resource: "pods/log", reason: "Forbidden" }]);
});
