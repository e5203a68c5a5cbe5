import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { find, must, pathOf, waitFor } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import { useCluster } from "../../control-plane/test.ts";
import {
  copyToken,
  createPod,
  eventually,
  exec,
  fresh,
  gated,
  holder,
  inPhase,
  inState,
  isTaken,
  logOf,
  openGate,
  secret,
  statusOf,
  whoIs,
} from "./stage.ts";

const cluster = useCluster({ needs: ["real-node"] });

/** Beside the token that admission mounts others of the same account, so that some can stay unused. */
const UNUSED = {
  name: "unused",
  projected: {
    sources: [1, 2, 3, 4, 5, 6].map((n) => ({ serviceAccountToken: { path: String(n), expirationSeconds: 3600 + n } })),
  },
};
const KINDS = ["secret", "projected", "empty-dir"];

/** The volumes of a pod that are on the node's disk, by kind. */
function volumesOn({ node }: typeof cluster, pod: Stored): string[] {
  const folders = KINDS.map((kind) => join(node.disk(pod).folder, `volumes/kubernetes.io~${kind}`));
  return folders.flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []));
}

test("a finished pod keeps its logs, its last words and the token's power, and nothing on the node's disk", async () => {
  const { plane, namespace, node } = cluster;
  const [held, printed, written, kept] = [fresh(), fresh(), fresh(), fresh()];
  await secret(cluster, "login", { held, printed, written, kept });
  await must(plane, "POST", pathOf("ServiceAccount", namespace), { metadata: { name: "nightly" } });
  const mount = (name: string) => ({ name, mountPath: `/${name}` });
  const main = gated("main", {
    before: `cp /login/kept /scratch/file; echo "password $(cat /login/printed)"`,
    after: "cat /login/written >/dev/termination-log",
    volumeMounts: ["login", "unused", "scratch"].map(mount),
  });
  const volumes = [{ name: "login", secret: { secretName: "login" } }, UNUSED, { name: "scratch", emptyDir: {} }];
  const made = await createPod(cluster, "run", { serviceAccountName: "nightly", containers: [main], volumes });
  await inState(cluster, "run", "main", "running");
  const thief = await holder(cluster, "create", "pods/exec");
  const token = await copyToken(cluster, thief, "run", "main");
  const { stdout } = await exec(cluster, thief, "run", "main", "sh", "-c", "for f in /unused/*; do cat $f; echo; done");
  const unused = stdout.trim().split("\n");
  expect([unused.length, new Set([token, ...unused]).size]).toEqual([6, 7]);
  const mounted = volumesOn(cluster, made).map((name) => name.replace(/^(kube-api-access)-.*/, "$1"));
  expect(mounted.sort()).toEqual(["gates", "kube-api-access", "login", "scratch", "unused"]);
  openGate(cluster, made, "main");
  const done = await inPhase(cluster, "run", "Succeeded");

  expect((await exec(cluster, thief, "run", "main", "true")).status, "exec into what has ended").not.toBe(101);
  await eventually("the volumes to leave the node's disk", async (note) => {
    const left = volumesOn(cluster, done);
    note(left.join(", "));
    return left.length === 0;
  });

  const reader = await holder(cluster, "get", "pods/log");
  const log = await logOf(cluster, reader, "run", "main");
  expect(log.status).toBe(200);
  expect(log.body === `password ${printed}\n`, "get pods/log alone reads what was printed").toBe(true);
  const getter = await holder(cluster, "get", "pods");
  const seen = await getter.request("GET", pathOf("Pod", namespace, "run"));
  const { terminated } = statusOf(seen.body, "main")!["state"];
  expect(terminated.message === written, "get pods alone reads the last words").toBe(true);
  const text = JSON.stringify(seen.body);
  expect([held, printed, kept].some((value) => text.includes(value))).toBe(false);

  const { username, extra } = await whoIs(cluster, token);
  expect(username, "the copied token, after the end").toBe(`system:serviceaccount:${namespace}:nightly`);
  expect(extra["authentication.kubernetes.io/node-name"]).toEqual([node.name]);

  const { logs } = node.disk(done);
  expect(readdirSync(join(logs, "main"))).toEqual(["0.log"]);
  expect(await isTaken(cluster, token), "just before the deletion").toBe(true);
  await must(plane, "DELETE", pathOf("Pod", namespace, "run"));
  await eventually("the pod object to be gone", async () => (await find(plane, "Pod", namespace, "run")) === null);
  // The API server judges by a copy of the pods that is a moment late; each is tried once, or it would be one in use.
  const refused = async () => unused.length > 0 && !(await isTaken(cluster, unused.pop()!));
  await waitFor("a token that was never used to be refused", refused, { seconds: 10, everyMs: 500 });
  // The server remembers for up to ten seconds that a token was good.
  const start = Date.now();
  await eventually("the token in use to be refused", async () => !(await isTaken(cluster, token)));
  expect(Date.now() - start).toBeLessThan(20_000);
  await eventually("the logs to leave the node's disk", async () => !existsSync(logs));
  expect((await logOf(cluster, reader, "run", "main")).status).toBe(404);
});
