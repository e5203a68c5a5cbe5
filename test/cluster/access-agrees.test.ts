import { randomInt } from "node:crypto";
import { afterAll, expect, inject, it } from "vitest";
import type { AccessItem, AccessReport, SubjectRef } from "../../src/model/report.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import {
  accessOf,
  authorize,
  compileRbac,
  identityOf,
  worldOf,
  type Rbac,
  type ResourceRequest,
  type World,
} from "../../src/rbac/index.ts";
import { randomRbac, type RawManifest } from "../unit/rbac/random-rbac.ts";
import { allow, must, pathOf, waitFor } from "../control-plane/act.ts";
import { loadCast } from "../control-plane/cast/index.ts";
import type { ControlPlane } from "../control-plane/provider.ts";
import { useCluster } from "../control-plane/test.ts";
import { collected } from "./collected.ts";
import { reportOf } from "./program.ts";
import { VOLUME } from "./volume.ts";

const cluster = useCluster();
const VERBS = ["get", "list", "watch"];

/** What the API server's own authorizers say. A review adds no groups: they are sent. */
async function review(plane: ControlPlane, subject: SubjectRef, request: ResourceRequest): Promise<boolean> {
  const { name, groups } = identityOf(subject);
  const answer = await plane.request("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: { user: name === "" ? "nobody-has-this-name" : name, groups, resourceAttributes: request },
  });
  if (answer.status !== 201) throw new Error(`SubjectAccessReview: ${String(answer.status)} ${answer.body.message}`);
  return answer.body.status.allowed === true;
}

function secretRequest(verb: string, namespace: string, name: string): ResourceRequest {
  return { verb, group: "", resource: "secrets", subresource: "", namespace, name };
}

/**
 * Every request that returns this Secret: by its name (list and watch with a field selector), and by listing its namespace
 * or the cluster without a name, which a rule with the empty resourceName alone allows too.
 */
function readsOf(namespace: string, name: string): ResourceRequest[] {
  return [
    ...[...VERBS, "patch", "delete"].map((verb) => secretRequest(verb, namespace, name)),
    ...["list", "watch", "deletecollection"].flatMap((verb) => [
      secretRequest(verb, namespace, ""),
      secretRequest(verb, "", ""),
    ]),
  ];
}

function covers({ cluster, namespaces, secrets }: AccessItem["reach"], namespace: string, name: string): boolean {
  return (
    cluster ||
    namespaces.includes(namespace) ||
    secrets.some((secret) => secret.namespace === namespace && secret.name === name)
  );
}

/** Runs tasks eight at a time. */
async function inParallel<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let item = queue.pop(); item !== undefined; item = queue.pop()) await work(item);
    }),
  );
}

interface Question {
  subject: SubjectRef;
  request: ResourceRequest;
}

/** Asks the model and the server the same, and returns what they disagree on, in words. */
async function disagreements(plane: ControlPlane, rbac: Rbac, questions: Question[]): Promise<string[]> {
  const found: string[] = [];
  await inParallel(questions, async ({ subject, request }) => {
    const ours = authorize(rbac, identityOf(subject), request).allowed;
    const theirs = await review(plane, subject, request);
    if (ours !== theirs) found.push(`${JSON.stringify({ subject, request })}: server ${String(theirs)}`);
  });
  return found;
}

it(
  "reach of every account of the cast agrees with SubjectAccessReview for every Secret",
  { timeout: 300_000 },
  async () => {
    const { plane } = cluster;
    await loadCast(plane, () => undefined);
    const report = await reportOf<AccessReport>(plane.adminKubeconfig, ["access"]);
    const secrets: { metadata: { namespace: string; name: string } }[] = (await must(plane, "GET", "/api/v1/secrets"))[
      "items"
    ];
    expect(secrets.length).toBeGreaterThan(3);
    expect(report.items.length).toBeGreaterThan(5);

    const wrong: string[] = [];
    const pairs = report.items.flatMap((item) => secrets.map(({ metadata }) => ({ item, ...metadata })));
    await inParallel(pairs, async ({ item, namespace, name }) => {
      const answers = await Promise.all(
        readsOf(namespace, name).map((request) => review(plane, item.subject, request)),
      );
      if (covers(item.direct, namespace, name) !== answers.includes(true)) {
        wrong.push(`${JSON.stringify(item.subject)} ${namespace}/${name}: server ${JSON.stringify(answers)}`);
      }
    });
    expect(wrong).toEqual([]);
  },
);

const SETS = 200 * VOLUME;
const FRESH = randomInt(1, 1_000_000);
const namespaces = ["rbac-a", "rbac-b"];
const shared = "rbac-sentinel";

/** The four informers of the authorizer have seen everything older than a sentinel that was written last. */
async function settled(plane: ControlPlane, seed: number): Promise<void> {
  const user = `sentinel-${String(seed)}`;
  const grant = {
    name: user,
    subjects: [{ kind: "User" as const, name: user }],
    verbs: ["get"],
    resources: ["sentinels"],
  };
  await allow(plane, { ...grant, namespace: shared });
  await allow(plane, { ...grant, namespace: null, resources: ["clustersentinels"] });
  const subject: SubjectRef = { kind: "User", namespace: null, name: user };
  const request = { ...secretRequest("get", shared, "x"), resource: "sentinels" };
  const everywhere = { ...secretRequest("get", "", "x"), resource: "clustersentinels" };
  await waitFor(
    "the authorizer to see what was written",
    async () => (await review(plane, subject, request)) && (await review(plane, subject, everywhere)),
    { everyMs: 10 },
  );
}

async function apply(plane: ControlPlane, manifests: RawManifest[], method: "POST" | "DELETE"): Promise<void> {
  await inParallel(manifests, async (manifest) => {
    const { name, namespace = null } = manifest.metadata;
    const path = pathOf(manifest.kind, namespace, method === "DELETE" ? name : undefined);
    await must(plane, method, path, method === "POST" ? manifest : undefined);
  });
}

function questionsOf(subjects: SubjectRef[], names: string[]): Question[] {
  return subjects.flatMap((subject) =>
    VERBS.flatMap((verb) => [
      ...namespaces.flatMap((namespace) =>
        ["", ...names].map((name) => ({ subject, request: secretRequest(verb, namespace, name) })),
      ),
      { subject, request: secretRequest(verb, "", "") },
    ]),
  );
}

async function reachDisagrees(
  plane: ControlPlane,
  world: World,
  subjects: SubjectRef[],
  names: string[],
): Promise<string[]> {
  const found: string[] = [];
  const pairs = subjects.flatMap((subject) =>
    namespaces.flatMap((namespace) =>
      names.map((name) => ({ subject, namespace, name, reach: accessOf(world, subject, { maxHops: 0 }).direct })),
    ),
  );
  await inParallel(pairs, async ({ subject, namespace, name, reach }) => {
    const answers = await Promise.all(readsOf(namespace, name).map((request) => review(plane, subject, request)));
    if (covers(reach, namespace, name) !== answers.includes(true)) {
      found.push(`${JSON.stringify({ subject, namespace, name })}: reach ${JSON.stringify(reach)}`);
    }
  });
  return found;
}

it(
  `get, list and watch agree with SubjectAccessReview in ${String(SETS)} random sets, half of them from seed ${String(FRESH)}`,
  { timeout: 900_000 * VOLUME },
  async () => {
    const { plane } = cluster;
    for (const name of [...namespaces, shared]) {
      await plane.request("POST", "/api/v1/namespaces", { metadata: { name } });
    }
    let asked = 0;
    let granted = 0;
    for (let set = 0; set < SETS; set++) {
      const seed = set < SETS / 2 ? set : FRESH + set;
      const { manifests, subjects, names } = randomRbac(seed, namespaces);
      await apply(plane, manifests, "POST");
      try {
        await settled(plane, seed);
        const snapshot: Snapshot = await collected(plane.adminKubeconfig, [
          "namespaces",
          "roles",
          "rolebindings",
          "clusterroles",
          "clusterrolebindings",
        ]);
        const rbac = compileRbac(snapshot);
        const accounts = subjects.filter(({ kind }) => kind === "ServiceAccount");
        // Every account in each set, every other subject in one set of five.
        const questions = questionsOf(set % 5 === 0 ? subjects : accounts, names);
        asked += questions.length;
        granted += questions.filter(
          ({ subject, request }) => authorize(rbac, identityOf(subject), request).allowed,
        ).length;
        expect(await disagreements(plane, rbac, questions), `seed ${String(seed)}`).toEqual([]);
        expect(
          await reachDisagrees(plane, worldOf(snapshot, rbac), accounts.slice(0, 2), names),
          `seed ${String(seed)}`,
        ).toEqual([]);
      } finally {
        await apply(plane, manifests, "DELETE");
      }
    }
    process.stdout.write(
      `SubjectAccessReview: ${String(asked)} questions, ${String(granted)} granted, 0 disagreements\n`,
    );
    // A generator that grants nothing, or everything, would prove nothing.
    expect(granted / asked).toBeGreaterThan(0.05);
    expect(granted / asked).toBeLessThan(0.6);
  },
);

afterAll(async () => {
  // Without a control plane nothing was made.
  if ("missing" in inject("controlPlane")) return;
  for (const name of [...namespaces, shared]) {
    await cluster.plane.request("DELETE", `/api/v1/namespaces/${name}`).catch(() => undefined);
  }
});
