import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { pathOf } from "../control-plane/act.ts";
import { clearCast, loadDeveloperView } from "../control-plane/cast/index.ts";
import { TEAM_RUNS } from "../control-plane/cast/team.ts";
import { formsOf } from "../control-plane/cast/values.ts";
import type { Stored } from "../control-plane/story.ts";
import { useCluster } from "../control-plane/test.ts";

const cluster = useCluster({ needs: ["edit-etcd", "fake-node"] });
let loaded = false;
afterAll(async () => {
  if (loaded) await clearCast(cluster.plane);
});

test("the developer may list the pods of the team's namespace and nothing else", async () => {
  loaded = true;
  const { developer, kubeconfig, canaries } = await loadDeveloperView(cluster.plane);
  const pods = await developer.request("GET", pathOf("Pod", "team"));
  expect(pods.status).toBe(200);
  expect(pods.body.items).toHaveLength(TEAM_RUNS);
  expect(pods.body.items.every((pod: Stored) => canaries.includes(pod["spec"].containers[0].env[0].value))).toBe(true);
  const paths = [
    `${pathOf("Pod", "team")}/${String(pods.body.items[0].metadata.name)}`,
    ...["Job", "CronJob", "Secret", "RoleBinding", "ServiceAccount"].map((kind) => pathOf(kind, "team")),
    ...["Pod", "Namespace", "ClusterRole", "Node"].map((kind) => pathOf(kind, null)),
    pathOf("Pod", "default"),
  ];
  const statuses = await Promise.all(paths.map(async (path) => (await developer.request("GET", path)).status));
  expect(statuses).toEqual(paths.map(() => 403));
  const { stdout } = await promisify(execFile)(cluster.plane.kubectl, [
    "--kubeconfig",
    kubeconfig,
    "get",
    "pods",
    "-o",
    "name",
  ]);
  expect(stdout.trim().split("\n")).toHaveLength(TEAM_RUNS);
});

test("a value is found in base64 whatever stands before and after it", () => {
  const value = "aB3dE5fG7hJ9kL1mN3pQ5rS7";
  for (const before of ["", "x", "xy", "xyz", "user:"]) {
    for (const after of ["", "!", "!?", "!?."]) {
      const text = Buffer.from(before + value + after).toString("base64");
      expect(formsOf(value).some((form) => text.includes(form))).toBe(true);
    }
  }
});
