import { describe, expect, test } from "vitest";
import type { TokenFacts } from "../../../src/model/report.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { Pod } from "../../../src/model/workload.ts";
import { ago, DAY, forbidden, HOUR, pod, running, template } from "../batch/objects.ts";
import { bind, bindCluster, clusterRole, group, role, rule, sa, user } from "../rbac/fixture.ts";
import { report, run, TOKEN } from "./objects.ts";

function finished(more: Partial<Pod["template"]> = {}, meta: Partial<Pod["meta"]> = {}): Pod {
  const [, made] = run("r", HOUR, null, [], { pod: { tokens: [TOKEN], nodeName: "node-3", ...more } });
  return { ...made, meta: { ...made.meta, ownerReferences: [], ...meta } };
}

const facts = (objects: Pod[], more: Partial<Snapshot> = {}): TokenFacts => report(objects, more).items[0]!.token!;
const mint = (...names: string[]) => rule("create", "serviceaccounts/token", names);

describe("when it expires at the latest", () => {
  test("a year after the end of the pod for what admission asks for; without the leeway", () => {
    expect(facts([finished()])).toMatchObject({ audience: null, expiresBy: ago(HOUR - 365 * DAY) });
  });

  test("the longest of the volumes that ask for the same audience", () => {
    const brief = { ...TOKEN, expirationSeconds: 600, path: "spec.volumes[1].projected.sources[0]" };
    const vault = { ...brief, audience: "vault", path: "spec.volumes[2].projected.sources[0]" };
    const { items } = report([finished({ tokens: [brief, TOKEN, vault] })]);
    expect(items.map(({ token }) => [token?.audience, token?.expiresBy])).toEqual([
      [null, ago(HOUR - 365 * DAY)],
      ["vault", ago(HOUR - 600)],
    ]);
  });

  test("nobody knows while the pod runs", () => {
    const busy = pod("busy", {
      phase: "Running",
      containers: [running("main")],
      template: template({ tokens: [TOKEN] }),
    });
    expect(facts([busy]).expiresBy).toBeNull();
  });
});

describe("the node that can ask for more", () => {
  test("is the pod's, until the object goes", () => {
    expect(facts([finished()]).mintedByNode).toBe("node-3");
    expect(facts([finished({ nodeName: null })]).mintedByNode).toBeNull();
  });

  test("is none a minute after the deletionTimestamp: what it would get is refused", () => {
    const deleted = (seconds: number) => facts([finished({}, { deletionTimestamp: ago(seconds) })]).mintedByNode;
    expect(deleted(50)).toBe("node-3");
    expect(deleted(61)).toBeNull();
  });

  test("is none where the account does not exist; one that was not seen may", () => {
    expect(facts([finished()], { serviceaccounts: [] }).mintedByNode).toBeNull();
    const blind = { serviceaccounts: [], blindSpots: [forbidden("serviceaccounts", null)] };
    expect(facts([finished()], blind).mintedByNode).toBe("node-3");
  });

  test("is none for a mirror pod, which the node makes itself", () => {
    const annotations = { "kubernetes.io/config.mirror": "x" };
    expect(facts([finished({}, { annotations })]).mintedByNode).toBeNull();
  });
});

describe("tokens that outlive the pod", () => {
  test.each([
    ["of any account there", "Role", mint()],
    ["of itself by name", "Role", mint("default")],
  ])("the account may ask for one %s", (_, __, its) => {
    const roles = [role("database", "mint", [its])];
    const rolebindings = [bind("database", "mint", "Role/mint", [sa("default", "database")])];
    expect(facts([finished()], { roles, rolebindings })).toMatchObject({ mintsOwn: true, mintedBy: [] });
  });

  test("a right in another namespace, or through a group, is enough", () => {
    const clusterroles = [clusterRole("mint", [mint()])];
    const there = [bind("other", "mint", "ClusterRole/mint", [sa("default", "database")])];
    expect(facts([finished()], { clusterroles, rolebindings: there })).toMatchObject({ mintsOwn: true, mintedBy: [] });
    const everyone = [bindCluster("mint", "ClusterRole/mint", [group("system:serviceaccounts")])];
    expect(facts([finished()], { clusterroles, clusterrolebindings: everyone })).toMatchObject({
      mintsOwn: true,
      mintedBy: [{ kind: "Group", namespace: null, name: "system:serviceaccounts" }],
    });
  });

  test("a right to an account that does not exist gives none; one that may exist is not known", () => {
    const roles = [role("database", "mint", [mint("gone")])];
    const rolebindings = [bind("database", "mint", "Role/mint", [sa("default", "database")])];
    expect(facts([finished()], { roles, rolebindings }).mintsOwn).toBe(false);
    const blind = { serviceaccounts: [], blindSpots: [forbidden("serviceaccounts", null)] };
    expect(facts([finished()], { roles, rolebindings, ...blind }).mintsOwn).toBeNull();
  });

  test("a role that does not exist gives nothing", () => {
    const rolebindings = [bind("database", "mint", "Role/mint", [sa("default", "database")])];
    expect(facts([finished()], { rolebindings })).toMatchObject({ mintsOwn: false, mintedBy: [] });
  });

  test("others are named where the right reaches this account; creating accounts is not enough", () => {
    const roles = [
      role("database", "mint", [mint("default")]),
      role("database", "other", [
        mint("another"),
        rule("create", "serviceaccounts"),
        rule("get", "serviceaccounts/token"),
      ]),
      role("elsewhere", "mint", [mint()]),
    ];
    const rolebindings = [
      bind("database", "a", "Role/mint", [user("alice"), sa("deployer", "ci")]),
      bind("database", "b", "Role/other", [user("bob")]),
      bind("elsewhere", "c", "Role/mint", [user("carol")]),
    ];
    expect(facts([finished()], { roles, rolebindings })).toMatchObject({
      mintsOwn: false,
      mintedBy: [
        { kind: "User", namespace: null, name: "alice" },
        { kind: "ServiceAccount", namespace: "ci", name: "deployer" },
      ],
    });
  });

  test("what Kubernetes itself binds is left out", () => {
    const name = "system:kube-controller-manager";
    const clusterroles = [clusterRole(name, [mint()])];
    const built = [bindCluster(name, `ClusterRole/${name}`, [user(name)])];
    expect(facts([finished()], { clusterroles, clusterrolebindings: built }).mintedBy).toEqual([]);
    const copy = [bindCluster("copy", `ClusterRole/${name}`, [user(name)])];
    expect(facts([finished()], { clusterroles, clusterrolebindings: copy }).mintedBy).toHaveLength(1);
  });

  test("none found is not none where grants were not all seen", () => {
    expect(facts([finished()]).mintsOwn).toBe(false);
    expect(facts([finished()], { blindSpots: [forbidden("rolebindings", "other")] }).mintsOwn).toBeNull();
    expect(facts([finished()], { otherAuthorizers: true }).mintsOwn).toBeNull();
  });

  test("accounts are told apart by namespace, and pods of one account are told the same", () => {
    const roles = [role("database", "mint", [mint()])];
    const rolebindings = [bind("database", "mint", "Role/mint", [sa("default", "database")])];
    const elsewhere = finished({}, { namespace: "other", uid: "uid-other", name: "r-other" });
    const again = finished({}, { uid: "uid-again", name: "r-again" });
    const { items } = report([finished(), again, elsewhere], { roles, rolebindings });
    const seen = new Map(items.map(({ carriers: [one], token }) => [one!.object.uid, token!.mintsOwn]));
    expect(seen.get("uid-r-x")).toBe(true);
    expect(seen.get("uid-again")).toBe(true);
    expect(seen.get("uid-other")).toBe(false);
  });
});
