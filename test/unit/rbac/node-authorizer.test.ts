import { describe, expect, test } from "vitest";
import type { ObjectMeta } from "../../../src/model/object.ts";
import type { Pod, SecretReference, SecretUse } from "../../../src/model/workload.ts";
import { nodeAllows, nodeBehind, nodeReach } from "../../../src/rbac/node-authorizer.ts";
import type { ResourceRequest } from "../../../src/rbac/rules.ts";
import type { Identity } from "../../../src/rbac/subjects.ts";
import { pod } from "./fixture.ts";

const KUBELET: Identity = { name: "system:node:n1", groups: ["system:nodes", "system:authenticated"] };
const MIRROR = "kubernetes.io/config.mirror";

function reference(secret: string, use: SecretUse = "volume"): SecretReference {
  return { use, secret, keys: null, optional: false, path: "", field: "", containers: [] };
}

/** A finished pod of namespace `a` on node `n1` that runs as `backup`. */
function bound(name: string, secrets: SecretReference[], more: Partial<ObjectMeta> = {}, nodeName = "n1"): Pod {
  const made = pod("a", name, "backup", more);
  return { ...made, template: { ...made.template, nodeName, secretReferences: secrets } };
}

function ask(verb: string, resource: string, name: string, more: Partial<ResourceRequest> = {}): ResourceRequest {
  return { verb, group: "", resource, subresource: "", namespace: "a", name, ...more };
}

function allows(pods: Pod[], request: ResourceRequest, identity = KUBELET): boolean {
  return nodeAllows(nodeReach(pods), identity, request);
}

describe("what a pod gives its node", () => {
  test.each<SecretUse>(["env", "envFrom", "volume", "projected", "csi", "storage", "pull"])(
    "a Secret referenced by %s, though the pod has finished",
    (use) => {
      const pods = [bound("p", [reference("db", use)])];
      expect(pods[0]!.phase).toBe("Succeeded");
      for (const verb of ["get", "list", "watch"]) expect(allows(pods, ask(verb, "secrets", "db"))).toBe(true);
    },
  );

  test("tokens of its ServiceAccount, whether or not it mounts one, and the account itself", () => {
    const pods = [bound("p", [])];
    const token = { subresource: "token" };
    expect(allows(pods, ask("create", "serviceaccounts", "backup", token))).toBe(true);
    expect(allows(pods, ask("get", "serviceaccounts", "backup"))).toBe(true);
    expect(allows(pods, ask("create", "serviceaccounts", "backup"))).toBe(false);
    expect(allows(pods, ask("list", "serviceaccounts", "backup"))).toBe(false);
    expect(allows(pods, ask("create", "serviceaccounts", "default", token))).toBe(false);
    expect(allows(pods, ask("create", "serviceaccounts", "backup", { ...token, namespace: "b" }))).toBe(false);
  });

  test("nothing beyond reads of that one Secret", () => {
    const pods = [bound("p", [reference("db")])];
    expect(allows(pods, ask("list", "secrets", ""))).toBe(false);
    expect(allows(pods, ask("get", "secrets", "api"))).toBe(false);
    expect(allows(pods, ask("get", "secrets", "db", { namespace: "b" }))).toBe(false);
    expect(allows(pods, ask("get", "secrets", "db", { subresource: "status" }))).toBe(false);
    expect(allows(pods, ask("get", "secrets", "db", { group: "apps" }))).toBe(false);
    expect(allows(pods, ask("update", "secrets", "db"))).toBe(false);
    expect(allows(pods, ask("get", "configmaps", "db"))).toBe(false);
  });

  test("nothing where it is bound to no node, has no namespace, or mirrors what the kubelet runs by itself", () => {
    const unbound = { ...bound("p", [reference("db")]), template: { ...bound("p", []).template, nodeName: null } };
    expect(nodeReach([unbound]).size).toBe(0);
    expect(nodeReach([bound("p", [reference("db")], { namespace: null })]).size).toBe(0);
    expect(nodeReach([bound("p", [reference("db")], { annotations: { [MIRROR]: "" } })]).size).toBe(0);
    const static_ = { annotations: { "kubernetes.io/config.source": "file" } };
    expect(nodeReach([bound("p", [reference("db")], static_)]).get("n1")!.secrets.size).toBe(1);
  });
});

test("a kubelet is known by user name and group together", () => {
  expect(nodeBehind(KUBELET)).toBe("n1");
  expect(nodeBehind({ name: KUBELET.name, groups: ["system:authenticated"] })).toBeNull();
  expect(nodeBehind({ name: "n1", groups: KUBELET.groups })).toBeNull();
  expect(nodeBehind({ name: "system:node:", groups: KUBELET.groups })).toBeNull();
  const pods = [bound("p", [reference("db")])];
  const other = { ...KUBELET, name: "system:node:n2" };
  expect(allows(pods, ask("get", "secrets", "db"), other)).toBe(false);
  expect(allows(pods, ask("get", "secrets", "db"), { ...KUBELET, groups: [] })).toBe(false);
});

test("each right names the pods that give it, once, by node", () => {
  const first = bound("p", [reference("db"), reference("db", "env"), reference("api", "pull")]);
  const second = bound("q", [reference("db")]);
  const elsewhere = bound("r", [reference("db")], {}, "n2");
  const reach = nodeReach([first, second, elsewhere]);
  expect([...reach.keys()]).toEqual(["n1", "n2"]);
  expect([...reach.get("n1")!.secrets]).toEqual([
    ["a/db", { namespace: "a", name: "db", pods: [first, second] }],
    ["a/api", { namespace: "a", name: "api", pods: [first] }],
  ]);
  expect([...reach.get("n1")!.accounts.values()]).toEqual([{ namespace: "a", name: "backup", pods: [first, second] }]);
  expect(reach.get("n2")!.secrets.get("a/db")!.pods).toEqual([elsewhere]);
});
