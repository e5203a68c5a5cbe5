import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { find, must, pathOf, waitFor } from "../control-plane/act.ts";
import { isAlive } from "../control-plane/identify.ts";
import { realNodeOf } from "../control-plane/node/start.ts";
import { machineSettings, tracesOf } from "../control-plane/node/traces.ts";
import type { Traces } from "../control-plane/node/traces.ts";
import { startPlane } from "../control-plane/plane.ts";
import type { Stored } from "../control-plane/story.ts";
import { useCluster } from "../control-plane/test.ts";

const run = promisify(execFile);
const untouched = machineSettings();
const cluster = useCluster({ needs: ["real-node"] });

async function kubectl(...args: string[]): Promise<string> {
  const { plane, namespace } = cluster;
  return (await run(plane.kubectl, ["--kubeconfig", plane.adminKubeconfig, "-n", namespace, ...args])).stdout;
}

async function create(name: string, spec: Stored): Promise<Stored> {
  return must(cluster.plane, "POST", pathOf("Pod", cluster.namespace), { metadata: { name }, spec });
}

/** Waits until the pod is in the phase, and returns it. */
async function inPhase(name: string, phase: string): Promise<Stored> {
  return waitFor(`pod ${name} to be ${phase}`, async (note) => {
    const pod = await find(cluster.plane, "Pod", cluster.namespace, name);
    note(JSON.stringify(pod?.["status"]));
    return pod?.["status"].phase === phase && pod;
  });
}

describe("what is placed on the real node", () => {
  test("runs: its process has the Secret, its logs are what it printed, its message is what it wrote", async () => {
    const { plane, namespace, node } = cluster;
    const value = crypto.randomUUID();
    await must(plane, "POST", pathOf("Secret", namespace), { metadata: { name: "login" }, stringData: { value } });
    const main = {
      name: "main",
      command: ["sh", "-c", "echo started; until [ -e /tmp/end ]; do sleep 0.1; done; echo over >/dev/termination-log"],
      env: [{ name: "LOGIN", valueFrom: { secretKeyRef: { name: "login", key: "value" } } }],
      volumeMounts: [{ name: "login", mountPath: "/login" }],
    };
    const volumes = [{ name: "login", secret: { secretName: "login" } }];
    await create("runs", node.spec({ containers: [main], volumes }));
    const running = await inPhase("runs", "Running");
    expect(running["status"].containerStatuses[0].imageID).toMatch(/^localhost\/busybox@sha256:[0-9a-f]{64}$/);
    expect(await kubectl("logs", "runs")).toBe("started\n");
    const environment = await kubectl("exec", "runs", "--", "cat", "/proc/1/environ");
    expect(environment.split("\0").includes(`LOGIN=${value}`)).toBe(true);

    const { folder, logs } = node.disk(running);
    const file = join(folder, "volumes/kubernetes.io~secret/login/value");
    expect(readFileSync(file, "utf8") === value).toBe(true);
    expect(readFileSync(join(logs, "main/0.log"), "utf8")).toMatch(/ stdout F started\n$/);

    await kubectl("exec", "runs", "--", "touch", "/tmp/end");
    const [status] = (await inPhase("runs", "Succeeded"))["status"].containerStatuses;
    expect(status.state.terminated).toMatchObject({ exitCode: 0, reason: "Completed", message: "over\n" });
    await waitFor("the Secret to leave the node's disk", async () => !existsSync(file));
  });

  test("reaches the API server with its own token, by the kubectl in its image", async () => {
    const { node } = cluster;
    const command = ["kubectl", "auth", "whoami", "-o", "jsonpath={.status.userInfo.username}"];
    const main = { name: "main", image: node.images.kubectl, command, env: node.apiServer };
    await create("asks", node.spec({ hostNetwork: true, containers: [main] }));
    await inPhase("asks", "Succeeded");
    expect(await kubectl("logs", "asks")).toBe(`system:serviceaccount:${cluster.namespace}:default`);
  });

  test("gets the image that its tag names when it starts", async () => {
    const { node } = cluster;
    const tag = "registry.test/backup:nightly";
    const runs: Stored[] = [];
    const images = [];
    for (const text of ["one", "other", "one"]) {
      const image = await node.image(tag, { files: { "/usr/local/bin/say": `#!/bin/sh\necho ${text}\n` } });
      images.push(image.pinned);
      const name = `run-${String(runs.length)}`;
      await create(name, node.spec({ containers: [{ name: "main", image: tag, command: ["say"] }] }));
      runs.push(await inPhase(name, "Succeeded"));
      expect(await kubectl("logs", name)).toBe(`${text}\n`);
    }
    expect(runs.map((pod) => pod["status"].containerStatuses[0].imageID)).toEqual(images);
    expect(images[0]).toBe(images[2]);
    expect(images[0]).not.toBe(images[1]);
    const main = { name: "main", image: images[1], command: ["say"] };
    await create("pinned", node.spec({ containers: [main] }));
    await inPhase("pinned", "Succeeded");
    expect(await kubectl("logs", "pinned")).toBe("other\n");
  });
});

test("the nodes leave each other's pods alone, and nothing lands on the real one unasked", async () => {
  const { plane, node } = cluster;
  const real = await find(plane, "Node", null, node.name);
  expect(real!["status"].nodeInfo.kubeletVersion).toBe(plane.version);
  expect(real!["spec"].taints).toEqual([{ key: "rig.test/real", effect: "NoSchedule" }]);
  const played = { containers: [{ name: "main", image: "registry.test/nowhere:1" }] };
  await create("played", { nodeName: plane.node, restartPolicy: "Never", ...played });
  await create("real", node.spec(played));
  await inPhase("played", "Succeeded");
  await waitFor("the real node to miss the image", async (note) => {
    const [status] = (await find(plane, "Pod", cluster.namespace, "real"))!["status"].containerStatuses ?? [];
    note(JSON.stringify(status));
    return status?.state.waiting.reason === "ErrImageNeverPull";
  });
});

const nothing: Traces = { cgroups: [], processes: [], mounts: [], interfaces: [], routes: [], files: [] };
const waits: Stored = { containers: [{ name: "main", command: ["sleep", "1000"] }] };

describe("a real node leaves no trace", { timeout: 240_000 }, () => {
  let owner: ChildProcess | null = null;
  afterEach(() => owner?.kill("SIGKILL"));

  /** Another process with a plane, a real node and a pod on it; `killed` ends its owner, and its watcher if told to. */
  async function elsewhere(): Promise<{ traces: () => Traces; killed: (watcher: boolean) => Promise<void> }> {
    const at = (name: string) => JSON.stringify(join(import.meta.dirname, "..", "control-plane", name));
    const program = `
      import { find, must, pathOf, waitFor } from ${at("act.ts")};
      import { realNodeOf } from ${at("node/start.ts")};
      import { startPlane } from ${at("plane.ts")};
      const plane = await startPlane();
      const node = await realNodeOf(plane);
      const pod = { metadata: { name: "waits" }, spec: node.spec(${JSON.stringify(waits)}) };
      await must(plane, "POST", pathOf("Pod", "default"), pod);
      const running = async () => (await find(plane, "Pod", "default", "waits")).status.phase === "Running";
      await waitFor("the pod", running);
      console.log(plane.directory);
      setInterval(() => {}, 1000);`;
    const args = ["--input-type=module-typescript", "--eval", program];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    owner = child;
    const failed = once(child, "exit").then(([status]) => {
      throw new Error(`the other process ended with status ${String(status)}`);
    });
    // Its end is expected once it has said where the plane is.
    failed.catch(() => {});
    const [directory] = (await Promise.race([once(createInterface(child.stdout), "line"), failed])) as [string];
    const killed = async (watcher: boolean) => {
      const pids = (await run("pgrep", ["-f", `watcher.ts ${directory}$`])).stdout.trim().split("\n").map(Number);
      expect(pids).toHaveLength(1);
      if (watcher) process.kill(pids[0]!, "SIGKILL");
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    };
    return { traces: tracesOf(directory), killed };
  }

  test("while it runs, beside another: the machine's settings and folders are as before", async () => {
    const plane = await startPlane();
    let traces: () => Traces;
    try {
      const node = await realNodeOf(plane);
      await must(plane, "POST", pathOf("Pod", "default"), { metadata: { name: "waits" }, spec: node.spec(waits) });
      await waitFor(
        "the pod",
        async () => (await find(plane, "Pod", "default", "waits"))!["status"].phase === "Running",
      );
      traces = tracesOf(plane.directory);
      const seen = traces();
      expect(seen.processes.length).toBeGreaterThan(4);
      expect(seen.processes.every(isAlive)).toBe(true);
      expect(seen.interfaces).toHaveLength(1);
      expect(seen.routes).toHaveLength(1);
      expect(seen.cgroups.length).toBeGreaterThan(4);
      expect(seen.mounts).toEqual([]);
      expect(machineSettings()).toEqual(untouched);
    } finally {
      await plane.stop();
    }
    expect(traces()).toEqual(nothing);
    expect(machineSettings()).toEqual(untouched);
  });

  test("after SIGKILL of its owner", async () => {
    const { traces, killed } = await elsewhere();
    await killed(false);
    await waitFor("everything to be gone", async (note) => {
      note(JSON.stringify(traces()));
      return JSON.stringify(traces()) === JSON.stringify(nothing);
    });
    expect(machineSettings()).toEqual(untouched);
  });

  test("after the next start, where nobody was left to clean up", async () => {
    const { traces, killed } = await elsewhere();
    await killed(true);
    expect(traces().processes.length).toBeGreaterThan(4);
    await (await startPlane()).stop();
    expect(traces()).toEqual(nothing);
    expect(machineSettings()).toEqual(untouched);
  });
});
