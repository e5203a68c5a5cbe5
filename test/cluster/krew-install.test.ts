import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { CleanupPlan } from "../../src/model/cleanup.ts";
import type { AccessReport, ExposureReport } from "../../src/model/report.ts";
import { archiveName } from "../../scripts/release/targets.ts";
import { actAs, allow, must, pathOf, waitFor } from "../control-plane/act.ts";
import { job } from "../control-plane/cast/character.ts";
import { useCluster } from "../control-plane/test.ts";
import { daysAgo, finishedJob, makeRunOld, minutesAfter } from "../control-plane/time.ts";
import { builtRelease, here, MAKING, unpacked, VERSION } from "../release/built.ts";
import { krewIn } from "../release/krew.ts";

const PASSWORD = "Vq3-krew-pL9x2TzR";
let folder = "";
/** krew's folder of links, for PATH: what krew made itself, and what is made by hand as krew does. */
let byKrew: string | null;
let byHand: string;

async function install(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), "cronaudit-krew-install-"));
  byHand = join(folder, "hand/bin");
  const store = join(folder, "hand/store/cronaudit", `v${VERSION}`);
  mkdirSync(byHand, { recursive: true });
  if (here === undefined) return;
  symlinkSync(await unpacked(store), join(byHand, "kubectl-cronaudit"));

  const krew = await krewIn(join(folder, "krew-bin"));
  byKrew = krew === null ? null : join(folder, "krew/bin");
  const release = await builtRelease();
  const target = { root: join(folder, "krew"), os: here.os, arch: here.arch };
  const archive = join(release, archiveName(here, VERSION));
  expect((await krew?.install(join(release, "krew-manifest.yaml"), archive, target)) ?? null).toBeNull();
}

const cluster = useCluster({ needs: ["edit-etcd", "fake-node"], once: install, onceTimeout: MAKING });
afterAll(() => {
  if (folder !== "") rmSync(folder, { recursive: true, force: true });
});

interface Run {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** `kubectl ARGS` by the control plane's own kubectl, with nothing in PATH but krew's links. */
async function kubectl(
  args: string[],
  { links = byKrew ?? byHand, kubeconfig = cluster.plane.adminKubeconfig } = {},
): Promise<Run> {
  const env = { PATH: links, HOME: folder, KUBECONFIG: kubeconfig, TZ: "UTC" };
  const child = spawn(cluster.plane.kubectl, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const run: Run = { status: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (run.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (run.stderr += text));
  run.status = await new Promise((done, failed) => child.on("error", failed).on("close", done));
  return run;
}

async function report<Report>(args: string[], status = 0): Promise<Report> {
  const run = await kubectl(["cronaudit", ...args, "-o", "json"]);
  expect(run.status, run.stderr).toBe(status);
  return JSON.parse(run.stdout) as Report;
}

const demo = resolve("examples/threat-model.jsonl");

test.skipIf(here === undefined)("kubectl finds the plugin by either link", async () => {
  for (const links of [byKrew, byHand]) {
    if (links === null) continue;
    const { status, stdout, stderr } = await kubectl(["cronaudit", "version"], { links });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain(VERSION);
    expect(dirname(realpathSync(join(links, "kubectl-cronaudit")))).toMatch(new RegExp(`store/cronaudit/v${VERSION}$`));
    expect((await kubectl(["plugin", "list"], { links })).stdout).toContain("kubectl-cronaudit");
  }
});

test.skipIf(here === undefined)("the demo, and its usage lines as a plugin's", async () => {
  const { status, stdout } = await kubectl(["cronaudit", "-f", demo]);
  expect(status).toBe(0);
  expect(stdout).toContain("DB_PASSWORD");
  const help = await kubectl(["cronaudit", "exposure", "--help"]);
  expect(help.stdout).toContain("kubectl cronaudit exposure");
  expect(help.stdout).not.toContain("npx");
});

test.skipIf(here === undefined)("reports and a plan of the real cluster", async () => {
  const { plane, namespace } = cluster;
  const containers = [
    { name: "main", image: "registry.example.com/nightly:1", env: [{ name: "DB_PASSWORD", value: PASSWORD }] },
  ];
  const secret = { metadata: { name: "db" }, stringData: { password: PASSWORD } };
  await must(plane, "POST", pathOf("Secret", namespace), secret);
  await must(plane, "POST", pathOf("Job", namespace), job(namespace, "nightly", { containers }));
  await finishedJob(plane, namespace, "nightly");
  await makeRunOld(plane, namespace, "nightly", { created: daysAgo(9), finished: minutesAfter(daysAgo(9), 5) });

  const exposure = await report<ExposureReport>(["exposure", "-n", namespace]);
  expect(JSON.stringify(exposure)).toContain("DB_PASSWORD");
  expect(JSON.stringify(exposure)).not.toContain(PASSWORD);
  const access = await report<AccessReport>(["access", "-n", namespace, "--secret", "db"]);
  expect(JSON.stringify(access)).toContain('"db"');
  const plan = await report<CleanupPlan>(["cleanup", "-n", namespace]);
  expect(plan.items.map(({ object, decision }) => `${object.kind}/${object.name} ${decision}`)).toContain(
    "Job/nightly delete",
  );
});

test.skipIf(here === undefined)("each exit status goes through kubectl", async () => {
  const { plane, namespace } = cluster;
  const actor = await actAs(plane, namespace, "narrow");
  const subjects = [{ kind: "ServiceAccount" as const, name: "narrow", namespace }];
  await allow(plane, { name: "narrow", namespace, subjects, verbs: ["get", "list"], resources: ["pods"] });
  await waitFor("the right", async () => (await actor.request("GET", pathOf("Pod", namespace))).status === 200);
  const kubeconfig = await actor.kubeconfig();
  const gate = ["cronaudit", "exposure", "-f", demo, "--fail-on", "low"];
  expect((await kubectl(["cronaudit", "exposure", "-f", demo])).status).toBe(0);
  expect((await kubectl(gate)).status).toBe(1);
  const misused = await kubectl(["cronaudit", "exposure", "--fail-on", "lowest"]);
  expect(misused).toMatchObject({ status: 2, stdout: "" });
  expect(misused.stderr).toMatch(/^error: /);
  expect((await kubectl(["cronaudit", "exposure", "-n", namespace], { kubeconfig })).status).toBe(3);
  // kubectl takes its own flags only behind the plugin's name.
  expect((await kubectl(["-n", namespace, "cronaudit"])).stderr).toContain("flags cannot be placed before plugin name");
});
