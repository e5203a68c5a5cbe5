import { describe, expect, test } from "vitest";
import type { OwnerReference } from "../../../src/model/object.ts";
import { EVERY_SECRET, NO_SECRET, wholeNamespace } from "../../../src/rbac/scopes.ts";
import { rule, user } from "./fixture.ts";
import { access, alices, runningPod, within } from "./grants.ts";

const owner = (apiVersion: string, kind: string, name: string): OwnerReference[] => [
  { apiVersion, kind, name, uid: `uid:${name}`, controller: true },
];

describe("changing a pod", () => {
  test("does nothing to a mirror pod, which runs what its node's file says (kubelet/types/pod_update.go)", () => {
    const mirror = runningPod("a", "etcd-n1", { annotations: { "kubernetes.io/config.mirror": "0f" } }, "n1");
    for (const [resource, edge] of [
      ["pods/ephemeralcontainers", "pods-ephemeralcontainers"],
      ["pods", "pods-patch"],
    ] as const) {
      const grants = [within("a", user("alice"), rule("patch", resource))];
      const { reach, maybe, ways, latent } = access(grants, { pods: [mirror] });
      expect([reach, maybe]).toEqual([NO_SECRET, NO_SECRET]);
      expect(ways.map((way) => way.edge)).not.toContain(edge);
      expect(latent.map(({ why }) => why.split(":")[0])).toEqual([edge]);
      // Another pod beside it is entered all the same.
      expect(access(grants, { pods: [mirror, runningPod("a", "web")] }).ways[0]?.edge).toBe(edge);
    }
  });
});

describe("changing a controller", () => {
  const patches = (resource: string) => rule("patch", resource, [], ["apps"]);

  test("takes one of that API group: a StatefulSet of another group is another kind (controller_ref.go)", () => {
    const effects = (apiVersion: string) =>
      access([within("a", user("alice"), patches("statefulsets"))], {
        pods: [runningPod("a", "db-0", { ownerReferences: owner(apiVersion, "StatefulSet", "db") })],
      }).ways.flatMap(({ edge, effect }) => (edge === "controllers-patch" ? [effect] : []));
    expect(effects("apps.kruise.io/v1beta1")).toEqual(["maybe"]);
    expect(effects("apps/v1")).toContain("act-as");
  });

  test("everywhere opens where one is seen, and still perhaps elsewhere: controllers are not listed", () => {
    const pods = [
      runningPod("a", "web-5d", {
        labels: { "pod-template-hash": "5d" },
        ownerReferences: owner("apps/v1", "ReplicaSet", "web-5d"),
      }),
    ];
    const without = access([alices(patches("deployments"))]);
    expect([without.reach, without.maybe]).toEqual([NO_SECRET, EVERY_SECRET]);
    const seen = access([alices(patches("deployments"))], { pods });
    expect([seen.reach, seen.maybe]).toEqual([wholeNamespace("a"), EVERY_SECRET]);
  });
});
