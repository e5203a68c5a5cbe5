import { spawn } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import type { HoldReport, TriageReport } from "../../src/model/report.ts";
import { actAs, ensure, find, must, pathOf, waitFor } from "../control-plane/act.ts";
import { binding, cronJob, job, subject } from "../control-plane/cast/character.ts";
import { podAnnotations } from "../control-plane/pod-annotations.ts";
import { stamp, type Stored } from "../control-plane/story.ts";
import { useCluster } from "../control-plane/test.ts";
import { finishedJob, hoursAgo, minutesAgo, podsInPhase, rewrite, runAt } from "../control-plane/time.ts";
import { schemaErrors } from "../schema.ts";
import { hasTerminal, start } from "../cli/screens/terminal.ts";
import type { Run } from "./program.ts";

const cluster = useCluster({ needs: ["edit-etcd", "fake-node"] });
const podSpec = { containers: [{ name: "main", image: "registry.example.com/nightly:1" }] };
const SECOND = 1000;

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), "cronaudit-hold-"));
});
afterEach(() => rm(state, { recursive: true, force: true }));

async function run(
  args: string[],
  { kubeconfig = cluster.plane.adminKubeconfig, program = ["bin/kubectl-cronaudit.js"] } = {},
): Promise<Run> {
  const child = spawn(process.execPath, [...program, ...args], {
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", KUBECONFIG: kubeconfig, TZ: "UTC", XDG_STATE_HOME: state },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ran: Run = { status: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (ran.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (ran.stderr += text));
  child.stdin.end();
  ran.status = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return ran;
}

async function hold(
  args: string[],
  { status = 0, ...more }: { status?: number; kubeconfig?: string } = {},
): Promise<HoldReport> {
  const ran = await run(["hold", "-n", cluster.namespace, ...args, "-o", "json"], more);
  if (ran.status !== status) throw new Error(`status ${String(ran.status)}: ${ran.stderr}${ran.stdout}`);
  const report = JSON.parse(ran.stdout) as HoldReport;
  expect(schemaErrors(report)).toEqual([]);
  return report;
}

const said = ({ items }: HoldReport): Record<string, string> =>
  Object.fromEntries(items.map(({ object, state }) => [`${object.kind}/${object.name}`, state]));
const create = (object: Stored): Promise<Stored> =>
  must(cluster.plane, "POST", pathOf(object["kind"], cluster.namespace), object);
const get = (kind: string, name: string): Promise<Stored> =>
  must(cluster.plane, "GET", pathOf(kind, cluster.namespace, name));
const isThere = async (kind: string, name: string): Promise<boolean> =>
  (await find(cluster.plane, kind, cluster.namespace, name)) !== null;
const goes = (kind: string, name: string): Promise<unknown> =>
  waitFor(`${name} to go`, async () => !(await isThere(kind, name)));

async function finished(name: string, spec: Stored = {}): Promise<void> {
  await create(job(cluster.namespace, name, podSpec, spec));
  await finishedJob(cluster.plane, cluster.namespace, name);
}

/** A finished run made by hand, as `kubectl create job --from` does. */
async function runByHand(name: string, owner: Stored): Promise<void> {
  const { uid, name: of } = owner["metadata"] as { uid: string; name: string };
  const manifest = job(cluster.namespace, name, podSpec);
  const ownerReferences = [{ apiVersion: "batch/v1", kind: "CronJob", name: of, uid, controller: true }];
  await create({ ...manifest, metadata: { ...manifest["metadata"], ownerReferences } });
  await finishedJob(cluster.plane, cluster.namespace, name);
}

describe("a TTL that is about to end", () => {
  test("is held in time, released exactly, and then it goes, as was said", async () => {
    await finished("import", { ttlSecondsAfterFinished: 20 });
    const held = await hold(["job/import"]);
    expect(said(held)).toEqual({ "Job/import": "held" });
    expect(held.items[0]!.changes).toEqual([{ field: "ttlSecondsAfterFinished", from: 20, to: null }]);
    await finished("control", { ttlSecondsAfterFinished: 5 });
    await goes("Job", "control");
    await sleep(16 * SECOND);
    expect(await isThere("Job", "import")).toBe(true);

    const refused = await run(["hold", "-n", cluster.namespace, "--release", "job/import"]);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain(`GOES AT ONCE   job/import (${cluster.namespace})`);
    expect(refused.stderr).toContain("add --yes");
    await sleep(3 * SECOND);
    expect(await isThere("Job", "import")).toBe(true);

    const released = await hold(["--release", "job/import", "--yes"]);
    expect(said(released)).toEqual({ "Job/import": "released" });
    expect(released.summary.goesAtOnce.map(({ object }) => object.name)).toEqual(["import"]);
    await goes("Job", "import");
    expect((await hold(["--list"])).items).toEqual([]);
  });

  test("of a run that has not finished is held as well", async () => {
    const annotations = { [podAnnotations.runFor]: "5s" };
    await create(job(cluster.namespace, "slow", podSpec, { ttlSecondsAfterFinished: 0, annotations }));
    expect(said(await hold(["job/slow"]))).toEqual({ "Job/slow": "held" });
    await finishedJob(cluster.plane, cluster.namespace, "slow");
    await sleep(4 * SECOND);
    expect(await isThere("Job", "slow")).toBe(true);
  });
});

describe("a history that is about to be pruned", () => {
  const spec = { successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 0, suspend: false };

  test("is kept, whoever runs it by hand; the release puts back every field, says what goes, and it goes", async () => {
    const { plane, namespace } = cluster;
    await create(cronJob(namespace, "backup", "0 3 1 1 *", podSpec, spec));
    const before = (await get("CronJob", "backup"))["spec"] as Stored;
    const [first] = await runAt(plane, namespace, "backup", [minutesAgo(30)].map(minute));
    await finishedJob(plane, namespace, first!);
    expect(said(await hold(["cronjob/backup"]))).toEqual({ "CronJob/backup": "held", [`Job/${first!}`]: "already" });
    expect((await get("CronJob", "backup"))["spec"].suspend).toBe(true);
    await runByHand("second", await get("CronJob", "backup"));
    await runByHand("third", await get("CronJob", "backup"));
    await sleep(3 * SECOND);
    for (const name of [first!, "second", "third"]) expect(await isThere("Job", name)).toBe(true);

    const released = await hold(["--release", "cronjob/backup", "--yes"]);
    expect(released.summary.goesAtOnce.map(({ object }) => object.name).sort()).toEqual([first!, "second"].sort());
    expect((await get("CronJob", "backup"))["spec"]).toEqual(before);
    for (const name of [first!, "second"]) await goes("Job", name);
    expect(await isThere("Job", "third")).toBe(true);
  });

  test("a field that somebody changed since is refused, and nothing is put back", async () => {
    await create(cronJob(cluster.namespace, "backup", "0 3 1 1 *", podSpec, spec));
    await hold(["cronjob/backup"]);
    await must(cluster.plane, "PATCH", pathOf("CronJob", cluster.namespace, "backup"), {
      spec: { failedJobsHistoryLimit: 7 },
    });
    expect(said(await hold(["--list"]))).toEqual({ "CronJob/backup": "changed" });
    const refused = await hold(["--release", "--all", "--yes"], { status: 2 });
    expect(said(refused)).toEqual({ "CronJob/backup": "changed" });
    expect(refused.items[0]!.because).toContain("spec.failedJobsHistoryLimit is now 7");
    expect((await get("CronJob", "backup"))["spec"]).toMatchObject({ suspend: true, failedJobsHistoryLimit: 7 });
    await must(cluster.plane, "PATCH", pathOf("CronJob", cluster.namespace, "backup"), {
      spec: { suspend: false, successfulJobsHistoryLimit: 1 },
    });
    expect(said(await hold(["--release", "--all", "--yes"]))).toEqual({ "CronJob/backup": "already" });
    expect((await hold(["--list"])).items).toEqual([]);
  });
});

const minute = (time: Date): Date => new Date(Math.floor(time.getTime() / 60_000) * 60_000);

test("a run that the next one is about to replace stays, and without a hold it does not", async () => {
  const { plane, namespace } = cluster;
  const annotations = { [podAnnotations.runFor]: "forever" };
  const made = (name: string): Stored => {
    const manifest = cronJob(namespace, name, "* * * * *", podSpec, { concurrencyPolicy: "Replace" });
    manifest["spec"].jobTemplate.spec.template.metadata.annotations = annotations;
    return manifest;
  };
  const first: Record<string, string> = {};
  for (const name of ["kept", "lost"]) {
    await create({ ...made(name), spec: { ...made(name)["spec"], suspend: true } });
    [first[name]] = (await runAt(plane, namespace, name, [minute(hoursAgo(1))])) as [string];
    await podsInPhase(plane, namespace, first[name], "Running");
  }
  // The slot must not come before the hold.
  const seconds = new Date().getSeconds();
  if (seconds > 25) await sleep((61 - seconds) * SECOND);
  for (const name of ["lost", "kept"]) {
    const path = pathOf("CronJob", namespace, name);
    await must(plane, "PATCH", `${path}/status`, { status: { lastScheduleTime: stamp(new Date()) } });
    await must(plane, "PATCH", path, { spec: { suspend: false } });
  }
  const held = await hold([`job/${first["kept"]!}`]);
  expect(held.items.find(({ object }) => object.kind === "CronJob")!.changes).toContainEqual({
    field: "suspend",
    from: false,
    to: true,
  });
  await waitFor("the other to be replaced", async () => !(await isThere("Job", first["lost"]!)), { seconds: 90 });
  await sleep(2 * SECOND);
  expect(await isThere("Job", first["kept"]!)).toBe(true);
  const released = await hold(["--release", "--all", "--yes"]);
  expect(said(released)).toEqual({ "CronJob/kept": "released" });
  expect(released.summary.startsAtOnce.map(({ name }) => name)).toEqual(["kept"]);
  await goes("Job", first["kept"]!);
}, 200_000);

describe("what does not go well", () => {
  async function holder(rules: Stored[]): Promise<string> {
    const { plane, namespace } = cluster;
    const text = await readFile(join(import.meta.dirname, "../../docs/rbac.yaml"), "utf8");
    const documents = parseAllDocuments(text).map((document) => document.toJS() as Stored);
    const read = documents.find(({ metadata }) => metadata.name === "cronaudit-hold")!;
    const write = documents.find(({ metadata }) => metadata.name === "cronaudit-hold-changes")!;
    const name = `${namespace}-holder`;
    await ensure(plane, {
      ...read,
      metadata: { name },
      rules: [...read["rules"], ...(rules.length > 0 ? rules : write["rules"])],
    });
    await ensure(plane, binding(null, name, `ClusterRole/${name}`, subject.serviceAccount(namespace, "holder")));
    const actor = await actAs(plane, namespace, "holder");
    await waitFor("its rights", async () => (await actor.request("GET", "/apis/batch/v1/jobs?limit=1")).status === 200);
    return actor.kubeconfig();
  }

  test("with the documented roles all is held and released", async () => {
    await finished("import", { ttlSecondsAfterFinished: 900 });
    const kubeconfig = await holder([]);
    const held = await hold(["job/import"], { kubeconfig });
    expect(held).toMatchObject({ complete: true, summary: { mayDelete: { complete: true } } });
    expect(said(await hold(["--release", "job/import", "--yes"], { kubeconfig }))).toEqual({
      "Job/import": "released",
    });
    expect((await get("Job", "import"))["spec"].ttlSecondsAfterFinished).toBe(900);
  });

  test("a 403 in the middle stops no other, and is said", async () => {
    for (const name of ["a", "b", "c"]) await finished(name, { ttlSecondsAfterFinished: 900 });
    const kubeconfig = await holder([
      { apiGroups: ["batch"], resources: ["jobs"], verbs: ["get", "patch"], resourceNames: ["a", "c"] },
    ]);
    const held = await hold(["--all", "--yes"], { kubeconfig, status: 2 });
    expect(said(held)).toEqual({ "Job/a": "held", "Job/b": "forbidden", "Job/c": "held" });
    expect((await get("Job", "b"))["spec"].ttlSecondsAfterFinished).toBe(900);
    expect(said(await hold(["--list"]))).toEqual({ "Job/a": "held", "Job/c": "held" });
  });

  test("more than is named needs --yes where nobody can be asked; a dry run changes nothing", async () => {
    await finished("a", { ttlSecondsAfterFinished: 900 });
    const refused = await run(["hold", "--all", "-n", cluster.namespace]);
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining("add --yes")]);
    for (const where of ["client", "server"]) {
      expect(said(await hold(["--all", `--dry-run=${where}`]))).toEqual({ "Job/a": "would-hold" });
    }
    expect((await get("Job", "a"))["spec"].ttlSecondsAfterFinished).toBe(900);
    expect(await readdir(state)).toEqual([]);
  });

  test("a CronJob whose schedule the API server refuses cannot be held", async () => {
    const { plane, namespace } = cluster;
    await create(cronJob(namespace, "backup", "0 3 1 1 *", podSpec));
    await rewrite(plane, "CronJob", namespace, "backup", (stored) => ({
      ...stored,
      spec: { ...stored["spec"], schedule: "0 3 * *" },
    }));
    const held = await hold(["cronjob/backup"], { status: 2 });
    expect(said(held)).toEqual({ "CronJob/backup": "cannot" });
    const answer = await plane.request(
      "PATCH",
      pathOf("CronJob", namespace, "backup"),
      { spec: { suspend: true } },
      {
        contentType: "application/merge-patch+json",
      },
    );
    expect(answer.status).toBe(422);
  });

  test("Ctrl-C lets the patch under way end, and says what was held", async () => {
    for (const name of ["a", "b", "c", "d", "e", "f", "g"]) await finished(name, { ttlSecondsAfterFinished: 900 });
    const ran = await run(["intent:SIGINT", "hold", "-n", cluster.namespace, "--all", "--yes"], {
      program: ["test/cluster/hold/killed.ts"],
    });
    expect(ran.status).not.toBe(0);
    const [, held] = /(\d) objects? (?:was|were) held before it ended/.exec(ran.stderr) ?? [];
    const listed = await hold(["--list"]);
    expect([listed.notes, listed.items.length], ran.stderr).toEqual([[], Number(held)]);
    expect(Number(held)).toBeLessThan(7);
    expect((await hold(["--release", "--all", "--yes"])).summary.byState.released).toBe(Number(held));
  });

  test("without a place for the journal nothing is changed", async () => {
    await finished("import", { ttlSecondsAfterFinished: 900 });
    const folder = state;
    state = join(folder, "no-folder");
    await writeFile(state, "");
    const refused = await run(["hold", "-n", cluster.namespace, "job/import"]);
    state = folder;
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("cannot write the journal of holds");
    expect((await get("Job", "import"))["spec"].ttlSecondsAfterFinished).toBe(900);
  });
});

describe("a run that was killed", () => {
  const spec = { successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 0, suspend: false };
  const same = { suspend: true, successfulJobsHistoryLimit: 2_147_483_647, failedJobsHistoryLimit: 2_147_483_647 };
  const patch = (kind: string, name: string, body: Stored): Promise<Stored> =>
    must(cluster.plane, "PATCH", pathOf(kind, cluster.namespace, name), body);
  const specOf = async (kind: string, name: string): Promise<Stored> => (await get(kind, name))["spec"] as Stored;

  /** Ends a hold at that step, of which the journal then does not say what became of it. */
  async function killedAt(step: "intent" | "patched", object: string): Promise<void> {
    const killed = await run([`${step}:SIGKILL`, "hold", "-n", cluster.namespace, object], {
      program: ["test/cluster/hold/killed.ts"],
    });
    expect([killed.status, killed.stderr]).toEqual([null, killed.stderr]);
    expect((await hold(["--list"])).notes.join()).toContain(`whether ${object} is held is not known`);
  }

  test("before its patch: what somebody else then does alike stays theirs", async () => {
    for (const [name, theirs] of [
      ["all", same],
      ["suspends", { suspend: true }],
    ] as const) {
      await create(cronJob(cluster.namespace, name, "0 3 1 1 *", podSpec, spec));
      await killedAt("intent", `cronjob/${name}`);
      await patch("CronJob", name, { spec: theirs });
      // The next hold finds out, and adds what is missing.
      const again = await hold([`cronjob/${name}`]);
      expect(said(again)).toEqual({ [`CronJob/${name}`]: name === "all" ? "already" : "held" });
      const released = await run(["hold", "-n", cluster.namespace, "--release", `cronjob/${name}`]);
      expect([released.status, (await specOf("CronJob", name))["suspend"]]).toEqual([name === "all" ? 2 : 0, true]);
      expect(await specOf("CronJob", name)).toMatchObject({ ...spec, ...theirs });
    }
    expect((await hold(["--list"])).items).toEqual([]);
  });

  test("after its patch: managedFields name it, and the release puts back exactly what was there", async () => {
    await create(cronJob(cluster.namespace, "backup", "0 3 1 1 *", podSpec, spec));
    const before = await specOf("CronJob", "backup");
    await killedAt("patched", "cronjob/backup");
    expect(await specOf("CronJob", "backup")).toMatchObject(same);
    expect(said(await hold(["cronjob/backup"]))).toEqual({ "CronJob/backup": "already" });
    expect(said(await hold(["--list"]))).toEqual({ "CronJob/backup": "held" });
    expect(said(await hold(["--release", "--all", "--yes"]))).toEqual({ "CronJob/backup": "released" });
    expect(await specOf("CronJob", "backup")).toEqual(before);
  });

  test.each(["intent", "patched"] as const)(
    "at %s of a Job: who took a TTL away leaves no trace, so it is said and not put back",
    async (step) => {
      await finished("import", { ttlSecondsAfterFinished: 900 });
      await killedAt(step, "job/import");
      if (step === "intent") await patch("Job", "import", { spec: { ttlSecondsAfterFinished: null } });
      const again = await hold(["job/import"]);
      expect(said(again)).toEqual({ "Job/import": "already" });
      expect(again.items[0]!.because).toContain("cannot be told");
      expect(again.notes.join()).toContain("spec.ttlSecondsAfterFinished was 900 and is absent");
      expect(said(await hold(["--list"]))).toEqual({ "Job/import": "unknown" });
      const released = await hold(["--release", "job/import"], { status: 2 });
      expect(said(released)).toEqual({ "Job/import": "unknown" });
      expect(released.items[0]!.because).toContain(
        `kubectl patch job/import -n ${cluster.namespace} --type=merge -p '{"spec":{"ttlSecondsAfterFinished":900}}'`,
      );
      expect((await specOf("Job", "import"))["ttlSecondsAfterFinished"]).toBeUndefined();
      expect((await hold(["--list"])).items).toEqual([]);
    },
  );

  test("and whose managedFields somebody emptied: it is said and not put back", async () => {
    await create(cronJob(cluster.namespace, "backup", "0 3 1 1 *", podSpec, spec));
    await killedAt("patched", "cronjob/backup");
    await patch("CronJob", "backup", { metadata: { managedFields: [{}] } });
    expect(said(await hold(["--release", "--all", "--yes"], { status: 2 }))).toEqual({ "CronJob/backup": "unknown" });
    expect(await specOf("CronJob", "backup")).toMatchObject(same);
  });
});

describe("what others do meanwhile", () => {
  const suspend = (value: boolean): Promise<Stored> =>
    must(cluster.plane, "PATCH", pathOf("CronJob", cluster.namespace, "backup"), { spec: { suspend: value } });

  test("a value that somebody set to the hold's own is theirs", async () => {
    await create(cronJob(cluster.namespace, "backup", "0 3 1 1 *", podSpec));
    await hold(["cronjob/backup"]);
    await suspend(false);
    await suspend(true);
    const released = await hold(["--release", "cronjob/backup"], { status: 2 });
    expect(said(released)).toEqual({ "CronJob/backup": "changed" });
    expect(released.items[0]!.because).toMatch(
      /^changed since it was held: spec\.suspend is now true by [^;]+; the rest/,
    );
    expect((await get("CronJob", "backup"))["spec"]).toMatchObject({
      ...{ suspend: true, failedJobsHistoryLimit: 2_147_483_647 },
    });
  });

  test("another operator's hold is told from a CronJob that was suspended by itself", async () => {
    await create(cronJob(cluster.namespace, "backup", "0 3 1 1 *", podSpec));
    await hold(["cronjob/backup"]);
    const mine = state;
    state = join(mine, "other");
    const second = await hold(["cronjob/backup"]);
    state = mine;
    expect(second.items).toMatchObject([{ state: "already", heldSince: null }]);
    expect(second.items[0]!.because).toContain(
      "another hold did that, which is not in this journal: its release ends it",
    );
    expect(said(await hold(["--release", "cronjob/backup"]))).toEqual({ "CronJob/backup": "released" });
  });

  test.runIf(hasTerminal)("what is held anew while the question stands is not closed as put back", async () => {
    await finished("import", { ttlSecondsAfterFinished: 900 });
    await create(cronJob(cluster.namespace, "backup", "0 3 1 1 *", podSpec));
    await hold(["--all", "--yes"]);
    const limits = { successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 };
    await must(cluster.plane, "PATCH", pathOf("CronJob", cluster.namespace, "backup"), {
      spec: { suspend: false, ...limits },
    });
    const argv = ["bin/kubectl-cronaudit.js", "hold", "--release", "--all", "-n", cluster.namespace];
    const env = { KUBECONFIG: cluster.plane.adminKubeconfig, TZ: "UTC", XDG_STATE_HOME: state };
    const given = start(argv, { columns: 160, rows: 30 }, { env });
    await given.until(/Release 1 held object\? \[y\/N\]/);
    expect(said(await hold(["cronjob/backup"]))).toMatchObject({ "CronJob/backup": "held" });
    given.type("y\r");
    const { exit, before, after } = await given.end();
    expect([exit, after], given.screen()).toEqual([2, before]);
    expect(given.screen()).toContain("another run held or released it meanwhile");
    expect(said(await hold(["--list"]))).toEqual({ "CronJob/backup": "held" });
    expect(said(await hold(["--release", "--all", "--yes"]))).toEqual({ "CronJob/backup": "released" });
    expect((await get("CronJob", "backup"))["spec"]).toMatchObject({ suspend: false, ...limits });
  });

  test.runIf(hasTerminal)("Ctrl-C at the question leaves the terminal as it was, and all held", async () => {
    await create(cronJob(cluster.namespace, "backup", "0 3 1 1 *", podSpec));
    const env = { KUBECONFIG: cluster.plane.adminKubeconfig, TZ: "UTC", XDG_STATE_HOME: state };
    const at = async (...argv: string[]): Promise<void> => {
      const words = ["bin/kubectl-cronaudit.js", "hold", ...argv, "-n", cluster.namespace];
      const given = start(words, { columns: 160, rows: 30 }, { env });
      await given.until(/\[y\/N\]/);
      given.type("\u0003");
      const { exit, before, after } = await given.end();
      expect([exit, after], given.screen()).toEqual([130, before]);
    };
    await at("--all");
    expect((await get("CronJob", "backup"))["spec"].suspend).toBe(false);
    await hold(["--all", "--yes"]);
    await at("--release", "--all");
    expect(said(await hold(["--list"]))).toEqual({ "CronJob/backup": "held" });
  });
});

test("triage begins with what goes within the hour, and the command that it names keeps it", async () => {
  await finished("import", { ttlSecondsAfterFinished: 900 });
  const ran = await run(["-n", cluster.namespace, "-o", "json"]);
  const { summary } = JSON.parse(ran.stdout) as TriageReport;
  expect(summary.goesAwaySoon.map(({ hold }) => hold)).toEqual([`hold job/import -n ${cluster.namespace}`]);
  for (const verb of [[], ["stale"]]) {
    const shown = await run([...verb, "-n", cluster.namespace]);
    expect(shown.stdout).toMatch(/^GOES AWAY SOON {3}job\/import /);
    expect(shown.stdout).toContain(`Hold it: npx kubectl-cronaudit hold job/import -n ${cluster.namespace}`);
  }
  expect((await run(summary.goesAwaySoon[0]!.hold!.split(" "))).status).toBe(0);
  const after = JSON.parse((await run(["-n", cluster.namespace, "-o", "json"])).stdout) as TriageReport;
  expect(after.summary.goesAwaySoon).toEqual([]);
});
