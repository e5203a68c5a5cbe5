import { expect, test } from "vitest";
import { find, must, pathOf } from "../../control-plane/act.ts";
import { podsInPhase } from "../../control-plane/time.ts";
import type { Stored } from "../../control-plane/story.ts";
import { useCluster } from "../../control-plane/test.ts";
import { REST_OF_POD_SECONDS } from "../../../src/batch/hung.ts";
import type { ExposureReport } from "../../../src/model/report.ts";
import type { StaleItem, StaleReport } from "../../../src/model/stale-report.ts";
import { run } from "../../cli/run.ts";
import { reportOf } from "../program.ts";
import {
  copyToken,
  endOf,
  eventually,
  fresh,
  fromSecret,
  gated,
  gatedSpec,
  hasVariable,
  holder,
  inState,
  openGate,
  secret,
  whoIs,
} from "./stage.ts";

const cluster = useCluster({ needs: ["real-node"] });

/** What `stale` says of the namespace's Jobs to somebody whose clock shows this. */
async function staleAt(now: Date): Promise<StaleItem[]> {
  const { plane, namespace } = cluster;
  const env = { KUBECONFIG: plane.adminKubeconfig, HOME: "/nonexistent" };
  const { exit, stdout, stderr } = await run(["stale", "jobs", "-n", namespace, "-o", "json"], {
    env,
    now: now.toISOString(),
  });
  if (exit !== 0) throw new Error(`stale: status ${String(exit)}: ${stderr}`);
  return (JSON.parse(stdout) as StaleReport).items;
}

/** Runs until it is told to end. */
const forever = { command: ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.2; done"] };

function jobOf(name: string, spec: Stored): Stored {
  return { metadata: { name }, spec: { template: { spec: gatedSpec(cluster, spec) } } };
}

test("a container that outlives the main one keeps the Job active, the token alive, and is named", async () => {
  const { plane, namespace } = cluster;
  const value = fresh();
  await secret(cluster, "login", { password: value });
  const main = gated("export", { env: [fromSecret("PASSWORD", "login", "password")] });
  const beside = jobOf("beside", { containers: [main, { name: "proxy", ...forever }] });
  const asSidecar = jobOf("sidecar", {
    containers: [main],
    initContainers: [{ name: "proxy", restartPolicy: "Always", ...forever }],
  });
  for (const job of [beside, asSidecar]) await must(plane, "POST", pathOf("Job", namespace), job);
  const pods: Stored[] = [];
  for (const job of ["beside", "sidecar"]) pods.push((await podsInPhase(plane, namespace, job, "Running"))[0]!);
  const names = pods.map(({ metadata }) => metadata.name as string) as [string, string];
  const thief = await holder(cluster, "create", "pods/exec");
  for (const [at, name] of names.entries()) {
    await inState(cluster, name, "export", "running");
    expect(await hasVariable(cluster, thief, [name, "export"], `PASSWORD=${value}`)).toBe(true);
    openGate(cluster, pods[at]!, "export");
  }

  // What is a sidecar to Kubernetes ends with the containers; what is only meant as one does not.
  await eventually("the Job with a sidecar to complete", async () => {
    const { conditions = [] } = (await find(plane, "Job", namespace, "sidecar"))!["status"];
    return conditions.some(({ type }: Stored) => type === "Complete");
  });
  const half = await inState(cluster, names[0], "export", "terminated");
  const ended = endOf(half, "export");
  const { status } = (await find(plane, "Job", namespace, "beside"))!;
  expect([status.active, status.conditions ?? []]).toEqual([1, []]);
  expect(await hasVariable(cluster, thief, [names[0], "export"], `PASSWORD=${value}`)).toBeNull();

  const after = (seconds: number) => new Date(Date.parse(ended) + (REST_OF_POD_SECONDS + seconds) * 1000);
  const of = (items: StaleItem[], name: string) => items.find(({ object }) => object.name === name);
  expect(of(await staleAt(after(0)), "beside"), "as long as a pod may take to end").toBeUndefined();
  const later = await staleAt(after(1));
  expect(of(later, "beside")).toMatchObject({
    state: "hung",
    because: expect.stringMatching(/^container export ended 5m\d*s? ago, but proxy runs on$/),
    finishedAt: null,
  });
  expect(of(later, "sidecar")).toMatchObject({ state: "completed" });

  const { username } = await whoIs(cluster, await copyToken(cluster, thief, names[0], "proxy"));
  expect(username).toBe(`system:serviceaccount:${namespace}:default`);
  const { items } = await reportOf<ExposureReport>(plane.adminKubeconfig, ["exposure", "job/beside", "-n", namespace]);
  const login = items.find(({ credential }) => credential.ref?.name === "login");
  const token = items.find(({ token }) => token !== null);
  expect(login!.neededUntil).toBe(ended);
  expect(login!.carriers.find((one) => one.class === "secret-env")!.closes).toBe(ended);
  expect(token).toMatchObject({ closes: null, neededUntil: null });
});
