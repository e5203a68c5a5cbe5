import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { stringify } from "yaml";
import type { AccessReport } from "../../src/model/report.ts";
import { actAs, allow, must, pathOf, waitFor } from "../control-plane/act.ts";
import { startPlane } from "../control-plane/plane.ts";
import { useCluster } from "../control-plane/test.ts";
import { cronaudit, reportOf } from "./program.ts";

const cluster = useCluster();
const folder = mkdtempSync(join(tmpdir(), "authorizer-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const OTHERS = /also asks authorizers that RBAC does not show/;

it("a dangling role is no sign of other authorizers", async () => {
  const { plane, namespace } = cluster;
  await must(plane, "POST", pathOf("RoleBinding", namespace), {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "dangling", namespace },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "gone" },
    subjects: [{ kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: "system:authenticated" }],
  });
  const report = await reportOf<AccessReport>(plane.adminKubeconfig, ["access", "sa/default", "-n", namespace]);
  expect(report.notes.join("\n")).not.toMatch(OTHERS);
  const [item] = report.items;
  expect(item!.reachIsBound).toBe(false);
  expect(item!.ineffective).toContainEqual(
    expect.objectContaining({ state: "latent", why: expect.stringContaining("Role gone does not exist") as string }),
  );
});

it(
  "where a webhook decides as well, every reach is a lower bound and is said to be",
  { timeout: 180_000 },
  async () => {
    const { plane } = cluster;
    expect(plane.provider).toBe("built");
    // Nobody listens there: what RBAC allows is allowed before anybody asks.
    const config = join(folder, "webhook.yaml");
    writeFileSync(
      config,
      stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [
          { name: "webhook", cluster: { server: "https://127.0.0.1:1/authorize", "insecure-skip-tls-verify": true } },
        ],
        users: [{ name: "apiserver", user: {} }],
        contexts: [{ name: "webhook", context: { cluster: "webhook", user: "apiserver" } }],
        "current-context": "webhook",
      }),
    );
    const other = await startPlane({
      apiserver: ["--authorization-mode=Webhook", `--authorization-webhook-config-file=${config}`],
    });
    try {
      const report = await reportOf<AccessReport>(other.adminKubeconfig, ["access", "sa/default", "-n", "default"]);
      expect(report.notes.join("\n")).toMatch(OTHERS);
      expect(report.items.map(({ reachIsBound }) => reachIsBound)).toEqual([true]);
      const masters = await reportOf<AccessReport>(other.adminKubeconfig, ["access", "group:system:masters"]);
      // Whoever reads everything can read no more.
      expect(masters.items[0]).toMatchObject({ reach: { cluster: true }, reachIsBound: false });
    } finally {
      await other.stop();
    }
  },
);

it("a Secret, a namespace, an account or a user that does not exist has a line of its own", async () => {
  const { plane, namespace } = cluster;
  const said = async (...args: string[]): Promise<[number | null, string]> => {
    const { status, stderr, stdout } = await cronaudit(plane.adminKubeconfig, ["access", ...args]);
    expect(stdout).toBe("");
    return [status, stderr];
  };
  const [status, text] = await said("--secret", `${namespace}/none`, "--list-secrets");
  expect(status).toBe(2);
  expect(text).toContain(`secrets "none" not found in namespace "${namespace}"`);
  expect(await said("--secret", "no-such-namespace/none")).toEqual([
    2,
    expect.stringContaining('namespaces "no-such-namespace" not found') as string,
  ]);
  expect(await said("sa/nobody", "-n", namespace)).toEqual([
    2,
    expect.stringContaining(`serviceaccounts "nobody" not found in namespace "${namespace}"`) as string,
  ]);
  expect(await said("user:nobody-at-all")).toEqual([2, expect.stringContaining("no binding names it") as string]);
});

it("over forbidden roles it says what it cannot say, and ends with status 3", async () => {
  const { plane, namespace } = cluster;
  const actor = await actAs(plane, namespace, "half-blind");
  const subjects = [{ kind: "ServiceAccount" as const, name: "half-blind", namespace }];
  const lists = { namespace: null, subjects, verbs: ["list"] };
  await allow(plane, {
    ...{ ...lists, name: `half-blind-${namespace}`, apiGroups: ["", "batch", "rbac.authorization.k8s.io"] },
    resources: [
      ...["namespaces", "cronjobs", "jobs", "pods", "serviceaccounts"],
      ...["rolebindings", "clusterrolebindings", "clusterroles"],
    ],
  });
  const kubeconfig = await actor.kubeconfig();
  const args = ["access", "sa/half-blind", "-n", namespace];
  const report = await waitFor("the right to list bindings", async () => {
    const { stdout } = await cronaudit(kubeconfig, [...args, "-o", "json"]);
    const made = stdout === "" ? null : (JSON.parse(stdout) as AccessReport);
    return made?.blindSpots.length === 1 ? made : null;
  });
  expect(report).toMatchObject({ complete: false, blindSpots: [{ resource: "roles", reason: "Forbidden" }] });
  expect(report.items[0]).toMatchObject({ reachIsBound: true });
  const shown = await cronaudit(kubeconfig, args);
  expect(shown.status).toBe(3);
  expect(shown.stdout).toContain("reads: <unknown>");
  expect(shown.stderr).toMatch(/Not seen: roles .*Forbidden/);
  await plane.request("DELETE", pathOf("ClusterRoleBinding", null, `half-blind-${namespace}`));
  await plane.request("DELETE", pathOf("ClusterRole", null, `half-blind-${namespace}`));
});
