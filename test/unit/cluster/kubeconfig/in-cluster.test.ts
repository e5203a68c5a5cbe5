import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chooseTarget } from "../../../../src/cluster/kubeconfig/choose.ts";
import { inClusterConfig } from "../../../../src/cluster/kubeconfig/in-cluster.ts";
import { connectOptions } from "../../../faults/options.ts";

let folder: string;
const env = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "in-cluster-"));
  writeFileSync(join(folder, "token"), "t");
  writeFileSync(join(folder, "ca.crt"), "ca");
  writeFileSync(join(folder, "namespace"), "jobs\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a pod finds its server, its rotating token, its authority and its namespace", () => {
  const config = inClusterConfig(env, folder);
  expect(config).not.toBe(null);
  expect(chooseTarget(config!, connectOptions())).toEqual({
    context: null,
    knownAs: "",
    namespace: "jobs",
    clusterName: "",
    cluster: { server: "https://10.0.0.1:443", "certificate-authority": join(folder, "ca.crt") },
    userName: "",
    user: { tokenFile: join(folder, "token"), "as-groups": [], "as-user-extra": {} },
  });
});

test("an IPv6 service address is bracketed", () => {
  const config = inClusterConfig({ ...env, KUBERNETES_SERVICE_HOST: "fd00::1" }, folder);
  expect(config?.clusters.get("")?.server).toBe("https://[fd00::1]:443");
});

test("flags override what the pod has", () => {
  const config = inClusterConfig(env, folder)!;
  const target = chooseTarget(config, connectOptions({ token: "other", namespace: "n", as: "bob" }));
  expect(target).toMatchObject({ namespace: "n", user: { token: "other", as: "bob" } });
  expect(target.user).not.toHaveProperty("tokenFile");
});

test("outside of a pod there is none", () => {
  expect(inClusterConfig({}, folder)).toBe(null);
  rmSync(join(folder, "token"));
  expect(inClusterConfig(env, folder)).toBe(null);
});
