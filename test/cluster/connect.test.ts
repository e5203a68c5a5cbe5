import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connect, type ConnectOptions } from "../../src/cluster/index.ts";
import type { Api, ListOptions } from "../../src/model/api.ts";
import { useCluster } from "../control-plane/test.ts";
import { connectOptions } from "../faults/options.ts";

const cluster = useCluster();

function open(overrides: Partial<ConnectOptions> = {}): Promise<Api> {
  return connect(connectOptions({ kubeconfig: cluster.plane.adminKubeconfig, ...overrides }));
}

async function names(api: Api, resource: string, options: ListOptions, sizes: number[] = []): Promise<string[]> {
  const found: string[] = [];
  for await (const { items } of api.list("", "v1", resource, options)) {
    sizes.push(items.length);
    found.push(...items.map((item) => (item["metadata"] as { name: string }).name));
  }
  return found;
}

test("the server is asked for its version, who we are, and its time", async () => {
  const api = await open();
  expect(api.server).toBe(cluster.plane.server);
  expect(await api.version()).toBe(cluster.plane.version);
  expect(await api.whoami()).not.toBe(null);
  expect(Math.abs(api.skewMs() ?? Infinity)).toBeLessThan(5000);
  await api.close();
});

test("pages of any size hold the same objects, each once", async () => {
  const { plane, namespace } = cluster;
  for (let number = 0; number < 23; number += 1) {
    const made = await plane.request("POST", `/api/v1/namespaces/${namespace}/secrets`, {
      metadata: { name: `s-${String(number).padStart(2, "0")}` },
      stringData: { password: "canary-value" },
    });
    expect(made.status).toBe(201);
  }
  const expected = Array.from({ length: 23 }, (_, number) => `s-${String(number).padStart(2, "0")}`);
  for (const [chunkSize, pages] of [
    [10, [10, 10, 3]],
    [1, Array<number>(23).fill(1)],
    [0, [23]],
  ] as const) {
    const api = await open({ chunkSize });
    const sizes: number[] = [];
    expect(await names(api, "secrets", { namespace, as: "metadata" }, sizes)).toEqual(expected);
    expect(sizes).toEqual(pages);
    await api.close();
  }
});

test("a list of metadata holds neither the data of a Secret nor its annotations", async () => {
  const { plane, namespace } = cluster;
  const annotations = { "kubectl.kubernetes.io/last-applied-configuration": "canary-value" };
  const secret = {
    metadata: { name: "s", labels: { app: "a" }, annotations },
    stringData: { password: "canary-value" },
  };
  expect((await plane.request("POST", `/api/v1/namespaces/${namespace}/secrets`, secret)).status).toBe(201);
  const api = await open();
  const seen: unknown[] = [];
  for await (const { items } of api.list("", "v1", "secrets", { namespace, as: "metadata" })) seen.push(...items);
  expect(seen).toMatchObject([{ metadata: { name: "s", namespace, labels: { app: "a" } } }]);
  expect(JSON.stringify(seen)).not.toContain("canary");
  const of = async (type: string) =>
    names(api, "secrets", { namespace, as: "metadata", fieldSelector: `type=${type}` });
  expect(await of("Opaque")).toEqual(["s"]);
  expect(await of("kubernetes.io/tls")).toEqual([]);

  // The account of a legacy token is the one annotation that stays: reports name it.
  const token = { "kubernetes.io/service-account.name": "default", remark: "canary-value" };
  const created = await plane.request("POST", `/api/v1/namespaces/${namespace}/secrets`, {
    metadata: { name: "t", annotations: token },
    type: "kubernetes.io/service-account-token",
  });
  expect(created.status).toBe(201);
  for await (const { items } of api.list("", "v1", "secrets", { namespace, as: "metadata" })) seen.push(...items);
  expect(seen.at(-1)).toMatchObject({ metadata: { annotations: { "kubernetes.io/service-account.name": "default" } } });
  expect(JSON.stringify(seen)).not.toContain("canary");
  await api.close();
});

test("who is impersonated is refused by name, and each group counts", async () => {
  const { plane, namespace } = cluster;
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  const rules = [{ apiGroups: [""], resources: ["configmaps"], verbs: ["list"] }];
  await plane.request("POST", `${rbac}/roles`, { metadata: { name: "readers" }, rules });
  await plane.request("POST", `${rbac}/rolebindings`, {
    metadata: { name: "readers" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "readers" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "second" }],
  });
  const nobody = await open({ as: "nobody" });
  await expect(names(nobody, "configmaps", { namespace })).rejects.toMatchObject({
    name: "ApiError",
    status: 403,
    reason: "Forbidden",
    fatal: false,
    message: expect.stringMatching(
      /^Error from server \(Forbidden\): configmaps is forbidden: User "nobody" cannot list/,
    ),
  });
  await nobody.close();
  const grouped = await open({ as: "nobody", asGroup: ["first", "second"] });
  await expect
    .poll(() => names(grouped, "configmaps", { namespace }).then(() => "listed", String), { timeout: 10_000 })
    .toBe("listed");
  await grouped.close();
});

test("a ServiceAccount's token file is read again when it was rotated", async () => {
  const { plane, namespace } = cluster;
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/default/token`;
  const { body } = await plane.request("POST", path, { spec: { expirationSeconds: 600 } });
  const file = join(plane.directory, `${namespace}.token`);
  await writeFile(file, "not-a-token\n");
  const kubeconfig = join(plane.directory, `${namespace}.kubeconfig`);
  const content = {
    "current-context": "c",
    clusters: [{ name: "k", cluster: { server: plane.server, "certificate-authority": plane.caFile } }],
    users: [{ name: "u", user: { tokenFile: `${namespace}.token` } }],
    contexts: [{ name: "c", context: { cluster: "k", user: "u", namespace } }],
  };
  await writeFile(kubeconfig, JSON.stringify(content));
  const api = await open({ kubeconfig });
  expect(api.namespace).toBe(namespace);
  await expect(api.version()).rejects.toMatchObject({ status: 401, fatal: true });
  await writeFile(file, `${body.status.token}\n`);
  expect(await api.whoami()).toBe(`system:serviceaccount:${namespace}:default`);
  await api.close();
});

test("a resource or version that is not served is not found", async () => {
  const api = await open();
  await expect(names(api, "nosuchthings", { namespace: null })).rejects.toMatchObject({
    status: 404,
    reason: "NotFound",
  });
  await expect(api.get("/apis/batch/v1beta9/jobs")).rejects.toMatchObject({ status: 404, fatal: false });
  await api.close();
});
