import { expect, it } from "vitest";
import type { AccessReport } from "../../src/model/report.ts";
import { actAs, allow, must, pathOf, waitFor } from "../control-plane/act.ts";
import type { ControlPlane } from "../control-plane/provider.ts";
import { useCluster } from "../control-plane/test.ts";
import { randomRbac } from "../unit/rbac/random-rbac.ts";
import { cronaudit, reportOf } from "./program.ts";

const NAMESPACES = ["verify-a", "verify-b", "verify-c"];
const SETS = 60;

/** Random roles and bindings, side by side: what one account is granted comes from many of them. */
async function seed(plane: ControlPlane): Promise<void> {
  for (const name of NAMESPACES) await must(plane, "POST", pathOf("Namespace", null), { metadata: { name } });
  const manifests = Array.from(
    { length: SETS },
    (_, at) => randomRbac(7000 + at, NAMESPACES, `v${String(at)}`).manifests,
  ).flat();
  const queue = manifests.reverse();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
        await must(plane, "POST", pathOf(one.kind, one.metadata.namespace ?? null), one);
      }
    }),
  );
}

const cluster = useCluster({ own: true, once: seed });

it("--verify has the server confirm at least 5,000 grants, and refute none", { timeout: 300_000 }, async () => {
  const { plane } = cluster;
  const report = await reportOf<AccessReport>(plane.adminKubeconfig, [
    ...["access", "--all-subjects", "--all-readers", "--verify"],
  ]);
  const { verified } = report.summary;
  const refuted = report.items.flatMap(({ subject, ways }) =>
    ways.filter((way) => way.verified === false).map(({ edge, chain }) => ({ subject, edge, chain })),
  );
  expect(refuted).toEqual([]);
  expect(verified!.refuted).toBe(0);
  expect(verified!.confirmed).toBeGreaterThanOrEqual(5000);
  process.stdout.write(
    `--verify: ${String(verified!.confirmed)} grants confirmed, ${String(verified!.refuted)} refuted, ${String(verified!.unknown)} without an answer\n`,
  );
  // What is not a subject's own right is not asked about.
  for (const { ways } of report.items) {
    for (const { edges, verified: answer } of ways) if (edges.length > 1) expect(answer).toBeNull();
  }
});

it("the tree of one account marks each grant", async () => {
  const { plane, namespace } = cluster;
  await actAs(plane, namespace, "reader");
  const subjects = [{ kind: "ServiceAccount" as const, name: "reader", namespace }];
  await allow(plane, {
    name: "read",
    namespace,
    subjects,
    verbs: ["get"],
    resources: ["secrets"],
    resourceNames: ["db"],
  });
  await waitFor("the grant to be confirmed", async (note) => {
    const run = await cronaudit(plane.adminKubeconfig, ["access", "sa/reader", "-n", namespace, "--verify"]);
    note(run.stderr);
    return (
      run.stdout.includes(`RoleBinding ${namespace}/read → Role ${namespace}/read (rule 1)`) &&
      run.stdout.includes("✓ confirmed by the server")
    );
  });
});

it("without the right to ask, nothing is confirmed and the report says that it is blind", async () => {
  const { plane, namespace } = cluster;
  const actor = await actAs(plane, namespace, "auditor");
  await allow(plane, {
    ...{ name: "auditor", namespace: null, verbs: ["list"], apiGroups: ["", "batch", "rbac.authorization.k8s.io"] },
    subjects: [{ kind: "ServiceAccount", name: "auditor", namespace }],
    resources: [
      ...["namespaces", "cronjobs", "jobs", "pods", "serviceaccounts"],
      ...["roles", "rolebindings", "clusterroles", "clusterrolebindings"],
    ],
  });
  const kubeconfig = await actor.kubeconfig();
  await waitFor("the auditor's rights", async () => {
    const { status } = await actor.request("GET", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings?limit=1");
    return status === 200;
  });
  await allow(plane, {
    ...{ name: "auditor-reads", namespace, verbs: ["get"], resources: ["secrets"] },
    subjects: [{ kind: "ServiceAccount", name: "auditor", namespace }],
  });
  const report = await reportOf<AccessReport>(kubeconfig, ["access", "sa/auditor", "-n", namespace, "--verify"], 3);
  expect(report.complete).toBe(false);
  expect(report.blindSpots).toMatchObject([{ verb: "create", resource: "subjectaccessreviews", reason: "Forbidden" }]);
  expect(report.summary.verified).toMatchObject({ confirmed: 0, refuted: 0 });

  // The one right of the ClusterRole cronaudit-verify in docs/rbac.yaml.
  await allow(plane, {
    ...{ name: "auditor-verifies", namespace: null, apiGroups: ["authorization.k8s.io"], verbs: ["create"] },
    ...{ resources: ["subjectaccessreviews"], subjects: [{ kind: "ServiceAccount", name: "auditor", namespace }] },
  });
  await waitFor("the reviews to be answered", async (note) => {
    const { status, stderr } = await cronaudit(kubeconfig, ["access", "sa/auditor", "-n", namespace, "--verify"]);
    note(stderr);
    return status === 0;
  });
});
