import { expect, test } from "vitest";
import { must, pathOf } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import { useCluster } from "../../control-plane/test.ts";
import {
  copyToken,
  createPod,
  eventually,
  fresh,
  fromSecret,
  gated,
  hasVariable,
  holder,
  inState,
  logOf,
  secret,
  statusOf,
  whoIs,
} from "./stage.ts";

const cluster = useCluster({ needs: ["real-node", "static-tokens"] });

test("exec alone reads the Secret in the process environment, and a token that is good anywhere", async () => {
  const { plane, namespace, node } = cluster;
  const value = fresh();
  await secret(cluster, "login", { password: value });
  await must(plane, "POST", pathOf("ServiceAccount", namespace), { metadata: { name: "nightly" } });
  const main = gated("main", { env: [fromSecret("PASSWORD", "login", "password")] });
  const pod = await createPod(cluster, "runs", { serviceAccountName: "nightly", containers: [main] });
  await inState(cluster, "runs", "main", "running");
  const thief = await holder(cluster, "create", "pods/exec");

  expect(await hasVariable(cluster, thief, ["runs", "main"], `PASSWORD=${value}`)).toBe(true);
  for (const path of [pathOf("Pod", namespace, "runs"), pathOf("Secret", namespace, "login")]) {
    expect((await thief.request("GET", path)).status, "nothing else is granted").toBe(403);
  }
  const logs = await logOf(cluster, thief, "runs", "main");
  expect(logs.status).toBe(403);

  const { username, extra } = await whoIs(cluster, await copyToken(cluster, thief, "runs", "main"));
  expect(username).toBe(`system:serviceaccount:${namespace}:nightly`);
  expect(extra).toMatchObject({
    "authentication.kubernetes.io/pod-name": ["runs"],
    "authentication.kubernetes.io/pod-uid": [pod["metadata"].uid],
    "authentication.kubernetes.io/node-name": [node.name],
  });
});

const patch = { contentType: "application/strategic-merge-patch+json" };

/** A container that has a Secret of the namespace, prints it and writes it as its last words. */
function spy(image: string): Stored {
  const command = ["sh", "-c", "echo $LOOT; echo $LOOT >/dev/termination-log"];
  return { name: "spy", image, imagePullPolicy: "Never", command, env: [fromSecret("LOOT", "vault", "key")] };
}

test("a Secret that the pod never named is read by whoever may add an ephemeral container to it", async () => {
  const { plane, namespace, node } = cluster;
  const value = fresh();
  await secret(cluster, "vault", { key: value });
  const pod = await createPod(cluster, "victim", { containers: [gated("main")] });
  await inState(cluster, "victim", "main", "running");
  const asNode = () =>
    plane.request("GET", pathOf("Secret", namespace, "vault"), undefined, { token: plane.users!.realNode });
  expect((await asNode()).status, "the node, before").toBe(403);

  const adder = await holder(cluster, "patch", "pods/ephemeralcontainers");
  const path = pathOf("Pod", namespace, "victim", "ephemeralcontainers");
  const added = { spec: { ephemeralContainers: [spy(node.images.busybox)] } };
  const send = (body: object) => plane.request("PATCH", path, body, { ...patch, token: adder.token });
  expect((await send(added)).status).toBe(200);
  // A patch that changes nothing answers with the whole pod, its status included.
  const message = await eventually("the spy's last words in the answer of a patch", async (note) => {
    const { status, body } = await send({});
    const ended = status === 200 ? statusOf(body, "spy")?.["state"].terminated : undefined;
    note(`${String(status)} ${String(ended?.reason)}`);
    return (ended?.message as string | undefined) ?? null;
  });
  expect(message === `${value}\n`).toBe(true);
  expect((await asNode()).status, "the node, since it has a container that names it").toBe(200);

  const reader = await holder(cluster, "get", "pods/log");
  const { status, body } = await logOf(cluster, reader, "victim", "spy");
  expect(status).toBe(200);
  expect(body === `${value}\n`, "the same by get pods/log alone").toBe(true);
  for (const { request } of [adder, reader]) {
    expect((await request("GET", pathOf("Secret", namespace, "vault"))).status).toBe(403);
    expect((await request("GET", pathOf("Pod", namespace, "victim"))).status).toBe(403);
  }
  expect(JSON.stringify(pod["spec"])).not.toContain("vault");
});
