import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { JournalFile } from "../../src/cleanup/journal.ts";
import { journalFiles, type JournalFiles } from "../../src/cleanup/journal-files.ts";
import { find, must, pathOf, waitFor } from "../control-plane/act.ts";
import { useCluster } from "../control-plane/test.ts";
import { NO_PROCESS, replayHere, replayThere, useStates, type EndsAt, type From } from "./lab/support.ts";
import { differences, wholeCluster } from "./lab/whole.ts";

let before: Map<string, string>;
const cluster = useCluster({
  own: true,
  needs: ["fake-node"],
  once: async (plane) => void (before = await wholeCluster(plane)),
});
const newState = useStates();
const LAB = ["1", "--lab", "--context", "admin", "--confirm-cluster", "rig", "--node", "rig-0"];
const CLEANUP = ["cleanup", "--context", "admin"];
/** Objects of a run of the stub: of the lab itself, and of its two twins. */
const OBJECTS = 8 + 5 + 3;

async function newPlace(): Promise<From> {
  return { kubeconfig: cluster.plane.adminKubeconfig, state: await newState() };
}

async function unchanged(): Promise<void> {
  expect(differences(before, await wholeCluster(cluster.plane))).toEqual([]);
}

/** The journals of a state directory, in the order of their runs. */
async function journalPaths({ state }: From): Promise<string[]> {
  const [uid] = await readdir(join(state, "kubectl-cronaudit", "labs")).catch(() => []);
  if (uid === undefined) return [];
  const directory = join(state, "kubectl-cronaudit", "labs", uid);
  const names = (await readdir(directory)).filter((name) => name.endsWith(".jsonl"));
  return names.sort().map((name) => join(directory, name));
}

/** The only run of a state directory. */
async function onlyRun(from: From): Promise<{ run: string; path: string }> {
  const [path] = await journalPaths(from);
  return { run: /r[0-9a-f]{8}/.exec(path!.slice(-20))![0], path: path! };
}

async function killedAt(at: EndsAt, from: From): Promise<void> {
  const { signal, stderr } = await replayThere(LAB, from, at);
  if (signal !== "SIGKILL") throw new Error(`${at.step!} ${String(at.nth)} was not reached: ${stderr}`);
}

/** Journals of runs that were stopped: of these nobody else closes the file. */
const open: JournalFile[] = [];
const journals: JournalFiles = {
  ...journalFiles,
  create: async (path) => {
    const file = await journalFiles.create(path);
    open.push(file);
    return file;
  },
};
afterEach(async () => {
  for (const file of open.splice(0)) await file.close();
});

/** Runs a lab in this process that goes no further than a step: what it would have done next never happens. */
async function stoppedAt({ step, nth = 1 }: EndsAt, from: From): Promise<void> {
  let isOver = false;
  let count = 0;
  await new Promise<void>((resolve, reject) => {
    const reached = (name: string): Promise<void> => {
      if (name === step && ++count === nth) isOver = true;
      if (!isOver) return Promise.resolve();
      resolve();
      return new Promise(() => undefined);
    };
    const ended = ({ stderr }: { stderr: string }): void => {
      reject(new Error(`${step!} ${String(nth)} was not reached: ${stderr}`));
    };
    replayHere(LAB, { ...from, pid: NO_PROCESS, effects: { reached, journals } }).then(ended, reject);
  });
}

async function sideBySide(ends: readonly (() => Promise<void>)[], width: number): Promise<void> {
  const left = ends.values();
  const worker = async (): Promise<void> => {
    for (const end of left) await end();
  };
  await Promise.all(Array.from({ length: width }, worker));
}

const each = (step: string, every = 1): EndsAt[] =>
  [...Array(OBJECTS).keys()].filter((n) => n % every === 0).map((n) => ({ step, nth: n + 1 }));
const REST: EndsAt[] = [
  { step: "begun" },
  { step: "attack", nth: 2 },
  { step: "wait", nth: 1 },
  { step: "wait", nth: 2 },
];

const BY_JOURNAL = [...each("create"), ...each("created"), ...each("delete", 2), ...REST];
// Without the journal the cluster is the same before an object is made and after the one before it.
const BY_LABELS = [...each("created"), ...each("delete", 5), ...REST];
const KILLED: EndsAt[] = [
  ...["begun", "create", "created", "attack", "asked", "delete", "wait"].map((step) => ({ step, nth: 1 })),
  { step: "created", nth: 12 },
  { step: "delete", nth: 9 },
];

// All at once, and one cleanup for all: what takes time is waiting for namespaces to go.
test("ended at every step of set-up, attack and teardown: nothing is left", { timeout: 300_000 }, async () => {
  const [from, lost] = [await newPlace(), await newPlace()];
  const stopped = [
    ...BY_JOURNAL.map((at) => () => stoppedAt(at, from)),
    ...BY_LABELS.map((at) => () => stoppedAt(at, lost)),
  ];
  const killed = KILLED.map((at) => () => killedAt(at, from));
  // A run in this process mostly waits, and one of its own is mostly its start.
  await Promise.all([sideBySide(killed, 3), sideBySide(stopped, 16)]);
  const paths = await Promise.all([from, lost].map(journalPaths));
  expect(paths.map(({ length }) => length)).toEqual([KILLED.length + BY_JOURNAL.length, BY_LABELS.length]);
  const asked = await replayHere(CLEANUP, from);
  expect([asked.status, asked.stderr]).toEqual([2, expect.stringContaining("add --yes") as string]);
  const cleaned = await replayHere([...CLEANUP, "--yes"], from);
  expect([cleaned.status, cleaned.stderr]).toEqual([0, ""]);
  expect(cleaned.stdout).not.toContain("remains:");
  await unchanged();
  const again = await replayHere(CLEANUP, from);
  expect([again.status, again.stdout]).toEqual([0, "Nothing of a lab was found.\n"]);
});

describe.concurrent("one run", { timeout: 120_000 }, () => {
  test("one run alone is named, its journal ended, and a stranger with its label is left alone", async () => {
    const { plane } = cluster;
    const [from, namespace] = [await newPlace(), "default"];
    await Promise.all([killedAt({ step: "attack" }, from), killedAt({ step: "attack" }, from)]);
    const [first, second] = (await journalPaths(from)).map((path) => /r[0-9a-f]{8}/.exec(path.slice(-20))![0]);
    const labels = { "cronaudit.io/run": first!, "app.kubernetes.io/managed-by": "kubectl-cronaudit" };
    await must(plane, "POST", pathOf("ConfigMap", namespace), { metadata: { name: "stranger", labels } });
    const cleaned = await replayHere([...CLEANUP, "--run", first!], from);
    expect(cleaned.stderr).toContain(`ConfigMap stranger in ${namespace} carries the label of ${first!}`);
    expect([cleaned.status, cleaned.stdout]).toEqual([0, expect.stringContaining("nothing remains") as string]);
    expect(await find(plane, "ConfigMap", namespace, "stranger")).not.toBeNull();
    expect(await find(plane, "Namespace", null, `cronaudit-lab-${first!}`)).toBeNull();
    expect(await find(plane, "Namespace", null, `cronaudit-lab-${second!}`)).not.toBeNull();
    await must(plane, "DELETE", `${pathOf("ConfigMap", namespace)}/stranger`);
    const rest = await replayHere([...CLEANUP, "--run", second!, "-o", "json"], from);
    expect(JSON.parse(rest.stdout)).toMatchObject({ kind: "LabCleanup", runs: [{ run: second, remains: [] }] });
    expect(rest.status).toBe(0);
  });

  test("what has taken a name since, or lost the label before its journal said so, is left alone", async () => {
    const { plane } = cluster;
    const from = await newPlace();
    await killedAt({ step: "created", nth: 2 }, from);
    const { run } = await onlyRun(from);
    const [own, other] = [`cronaudit-lab-${run}`, `cronaudit-lab-${run}-other`];
    // The first is made anew by somebody else; of the second the journal has no uid.
    await must(plane, "DELETE", pathOf("Namespace", null, own));
    await waitFor("it to go", async () => (await find(plane, "Namespace", null, own)) === null);
    await must(plane, "POST", pathOf("Namespace", null), { metadata: { name: own } });
    await must(plane, "PATCH", pathOf("Namespace", null, other), {
      metadata: { labels: { "cronaudit.io/run": null } },
    });
    const cleaned = await replayHere([...CLEANUP, "--run", run], from);
    expect(cleaned.stdout).toContain(`Namespace ${own} was made anew by somebody else, and was left alone`);
    expect(cleaned.stdout).toContain(`Namespace ${other} does not carry the run's label, and was left alone`);
    expect(cleaned.status).toBe(0);
    for (const name of [own, other]) {
      expect((await find(plane, "Namespace", null, name))!["metadata"].deletionTimestamp).toBeUndefined();
      await must(plane, "DELETE", pathOf("Namespace", null, name));
      await waitFor("it to go", async () => (await find(plane, "Namespace", null, name)) === null);
    }
  });

  test("what cannot be deleted is named, and cleaned up later", async () => {
    const { plane } = cluster;
    const from = await newPlace();
    await killedAt({ step: "attack" }, from);
    const { run } = await onlyRun(from);
    const secret = pathOf("Secret", `cronaudit-lab-${run}`, "1-default");
    await must(plane, "PATCH", secret, { metadata: { finalizers: ["example.com/stuck"] } });
    const stuck = await replayHere([...CLEANUP, "--run", run], { ...from, effects: { patience: 3 } });
    expect(stuck.status).toBe(2);
    expect(stuck.stdout).toContain("remains:");
    expect(stuck.stdout).toContain(`Secret 1-default in cronaudit-lab-${run}`);
    await must(plane, "PATCH", secret, { metadata: { finalizers: null } });
    const cleaned = await replayHere([...CLEANUP, "--run", run], from);
    expect([cleaned.status, cleaned.stdout]).toEqual([0, expect.stringContaining("nothing remains") as string]);
  });

  test("what somebody else put into its namespace keeps that, and is named", async () => {
    const { plane } = cluster;
    const from = await newPlace();
    await killedAt({ step: "attack" }, from);
    const { run } = await onlyRun(from);
    const namespace = `cronaudit-lab-${run}`;
    await must(plane, "POST", pathOf("ConfigMap", namespace), { metadata: { name: "notes" } });
    const kept = await replayHere([...CLEANUP, "--run", run], from);
    expect(kept.status).toBe(2);
    expect(kept.stdout).toContain(`ConfigMap notes in ${namespace} is none of the run's, and was left alone`);
    expect(kept.stdout).toContain(`Namespace ${namespace}: it stays for what the run did not make: ConfigMap notes;`);
    expect(await find(plane, "ConfigMap", namespace, "notes")).not.toBeNull();
    expect((await find(plane, "Namespace", null, namespace))!["metadata"].deletionTimestamp).toBeUndefined();
    expect(await find(plane, "Secret", namespace, "1-default")).toBeNull();
    expect(await find(plane, "Namespace", null, `${namespace}-other`)).toBeNull();
    await must(plane, "DELETE", `${pathOf("ConfigMap", namespace)}/notes`);
    const cleaned = await replayHere([...CLEANUP, "--run", run], from);
    expect([cleaned.status, cleaned.stdout]).toEqual([0, expect.stringContaining("nothing remains") as string]);
  });

  test("a journal that was changed counts for nothing: labels do", async () => {
    const from = await newPlace();
    await killedAt({ step: "attack" }, from);
    const { run, path } = await onlyRun(from);
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace('"name":"1-default"', '"name":"1-other"'));
    const cleaned = await replayHere([...CLEANUP, "--run", run], from);
    expect(cleaned.stderr).toContain("is damaged");
    expect(cleaned.status).toBe(0);
  });

  test("Ctrl-C in the attack: it stops, and takes everything down", async () => {
    const run = await replayThere(LAB, await newPlace(), { step: "attack", nth: 1, signal: "SIGINT" });
    expect([run.status, run.signal]).toEqual([130, null]);
    expect(run.stderr).toMatch(
      /Stopping, and taking the lab down; .*replay cleanup --run r[0-9a-f]{8} --context admin/,
    );
    expect(run.stderr).toContain("Nothing of the lab remains.");
  });

  test("the run's own teardown leaves such a namespace too", async () => {
    const { plane } = cluster;
    const from = await newPlace();
    let paths: string[] = [];
    const reached = async (step: string): Promise<void> => {
      if (step !== "delete" || paths.length > 0) return;
      const { run } = await onlyRun(from);
      paths = [pathOf("ConfigMap", `cronaudit-lab-${run}-other`)];
      await must(plane, "POST", paths[0]!, { metadata: { name: "notes" } });
    };
    const run = await replayHere(LAB, { ...from, effects: { reached } });
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/Remains: Namespace cronaudit-lab-r[0-9a-f]{8}-other\n/);
    expect(run.stderr).toContain("it stays for what the run did not make: ConfigMap notes;");
    await must(plane, "DELETE", `${paths[0]!}/notes`);
    const cleaned = await replayHere([...CLEANUP, "--run", (await onlyRun(from)).run], from);
    expect(cleaned.status).toBe(0);
  });

  test("that still goes on is left alone, unless it is named and meant", async () => {
    const { plane } = cluster;
    const from = await newPlace();
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    let isThere = (): void => undefined;
    const attacked = new Promise<void>((resolve) => (isThere = resolve));
    const reached = async (step: string): Promise<void> => {
      if (step !== "attack") return;
      isThere();
      await held;
    };
    const going = replayHere(LAB, { ...from, effects: { reached } });
    await attacked;
    const { run } = await onlyRun(from);
    const left = await replayHere([...CLEANUP, "--run", run], from);
    expect(left.stderr).toContain(`${run} still runs, in process ${String(process.pid)} of this machine`);
    expect(left.stderr).toContain(`replay cleanup --run ${run} --yes --context admin`);
    expect([left.status, left.stdout]).toEqual([2, expect.stringContaining(`Secret 1-default in cronaudit`) as string]);
    expect(await find(plane, "Secret", `cronaudit-lab-${run}`, "1-default")).not.toBeNull();
    const meant = await replayHere([...CLEANUP, "--run", run, "--yes"], from);
    expect([meant.status, meant.stdout]).toEqual([0, expect.stringContaining("nothing remains") as string]);
    goOn();
    expect((await going).stderr).toContain("Nothing of the lab remains.");
  });
});

test("and after all of them the cluster holds what it held before", unchanged);
