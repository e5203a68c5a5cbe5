import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { LAB_EFFECTS, type LabEffects } from "../../src/commands/replay-lab-effects.ts";
import type { LabPair, LabStep } from "../../src/model/lab.ts";
import type { ReplayReport } from "../../src/model/report.ts";
import { list, pathOf } from "../control-plane/act.ts";
import type { ControlPlane } from "../control-plane/provider.ts";
import { useCluster } from "../control-plane/test.ts";
import { linesWith, spellings, watchedLabs, watchSecrets } from "./lab/canaries.ts";
import { clusterOf, replayHere, useStates } from "./lab/support.ts";
import { differences, wholeCluster } from "./lab/whole.ts";
import { onRealNode } from "./labs/perform.ts";
import type { Run } from "./program.ts";

const cluster = useCluster({ own: true, needs: ["real-node", "fake-node", "audit-log"] });
const newState = useStates();

const AGENT = "kubectl-cronaudit/0.0.0-test";
const MERGE = "application/merge-patch+json";
const ASKS = "Now push another image under ";
const PAIRS = [
  [1, "no-value-in-object"],
  [2, "least-privilege"],
  [3, "concurrency-policy"],
  [4, "digest"],
  [5, "ttl"],
] as const;

interface AuditEvent {
  auditID: string;
  userAgent: string;
  level: string;
  user: { username: string; extra?: Record<string, string[]> };
  responseStatus: { code: number };
  requestObject?: unknown;
  responseObject?: unknown;
}

/** One run of the command: what it says, and what of it is to be found nowhere. */
interface Going {
  run: string;
  canaries: Set<string>;
  /** Resolves once standard error has this text. */
  said(text: string): Promise<void>;
  over(): boolean;
  ended: Promise<Run>;
}

function start(argv: string[], state: string, { labs = LAB_EFFECTS.labs, ...more }: Partial<LabEffects> = {}): Going {
  const id = randomBytes(4);
  const [canaries, watch] = [new Set<string>(), { stderr: "", isOver: false }];
  const random = (bytes: number) => (bytes === 4 ? id : randomBytes(bytes));
  const effects = { ...more, random, labs: watchedLabs(labs, canaries) };
  const from = { kubeconfig: cluster.plane.adminKubeconfig, state, effects };
  const said = (text: string) => {
    watch.stderr += text;
  };
  const ended = replayHere(argv, { ...from, said }).finally(() => (watch.isOver = true));
  return {
    run: `r${id.toString("hex")}`,
    canaries,
    ended,
    over: () => watch.isOver,
    async said(text) {
      while (!watch.stderr.includes(text) && !watch.isOver) await sleep(100);
    },
  };
}

/** On the node that only plays the test is registry and kubelet in one: runs of the tag now had another image. */
async function play(plane: ControlPlane, going: Going, tag: string): Promise<void> {
  await going.said(ASKS);
  const namespace = `cronaudit-lab-${going.run}`;
  const imageID = `${tag.replace(/:nightly$/, "")}@sha256:${"b".repeat(64)}`;
  while (!going.over()) {
    for (const { metadata, spec, status } of await list(plane, "Pod", namespace)) {
      const [run] = (status.containerStatuses ?? []) as { image: string; imageID: string }[];
      const isLater = /^4-.*-(?!1$)\d+$/.test(metadata.labels["batch.kubernetes.io/job-name"]);
      if (status.phase !== "Succeeded" || !isLater || spec.containers[0].image !== tag || run?.imageID === imageID)
        continue;
      const patch = { status: { containerStatuses: [{ ...run, imageID }] } };
      const path = pathOf("Pod", namespace, metadata.name, "status");
      const { status: answer } = await plane.request("PATCH", path, patch, { contentType: MERGE });
      // The run may be taking it down at this moment.
      expect([200, 404]).toContain(answer);
    }
    await sleep(300);
  }
}

/** All objects, once nothing is on its way any more: a node that has just joined still gets some. */
async function atRest(plane: ControlPlane): Promise<Map<string, string>> {
  for (let last = await wholeCluster(plane); ;) {
    await sleep(2000);
    const now = await wholeCluster(plane);
    if (differences(last, now).length === 0) return now;
    last = now;
  }
}

const stepsOf = ({ default: open, hardened }: LabPair): LabStep[] => [...open.steps, ...hardened.steps];

function pairsOf({ stdout }: Run): { report: ReplayReport; pairs: Map<number, LabPair> } {
  const report = JSON.parse(stdout) as ReplayReport;
  return { report, pairs: new Map(report.items.map(({ number, lab }) => [number, lab!])) };
}

/** Whether an audit log has each step of a run as its report says it, and every request of the program says of which run it is. */
async function expectJoined(run: string, steps: readonly LabStep[], state: string): Promise<void> {
  const texts = [`${AGENT} (lab ${run})`, `system:serviceaccount:cronaudit-lab-${run}:`];
  const events = (await linesWith(texts, cluster.plane.auditLog!, state)).map((line) => JSON.parse(line) as AuditEvent);
  const byProgram = events.filter(({ userAgent }) => userAgent === `${AGENT} (lab ${run})`);
  const unnamed = byProgram.filter(({ auditID }) => !auditID.startsWith(`cronaudit-${run}-`));
  expect(byProgram.length).toBeGreaterThan(0);
  expect(unnamed).toEqual([]);
  const logged = new Map(byProgram.map((event) => [event.auditID, event]));
  for (const { auditId, as, status, act } of steps.filter((step) => step.auditId !== null)) {
    const event = logged.get(auditId!);
    expect([event?.user.username, event?.responseStatus.code], `${act} (${auditId!})`).toEqual([as, status]);
  }
  // What a container's own process asked is found by its account and the name of its pod.
  const pods = Map.groupBy(events, ({ user }) => user.username);
  for (const { as, act } of steps.filter(({ by }) => by === "container")) {
    const own = pods
      .get(as!)
      ?.filter(({ user }) => user.extra?.["authentication.kubernetes.io/pod-name"]?.length === 1);
    expect(own?.length ?? 0, act).toBeGreaterThan(0);
  }
}

/**
 * The audit log names no canary outside of bodies. The bodies of writes to CronJobs, Jobs and pods, which this plane logs, hold
 * what was sent: the literal that adversaries 1 and 5 are about is in them, and no program could keep it out.
 */
async function expectNotLogged(canaries: ReadonlySet<string>, state: string): Promise<void> {
  const texts = spellings(canaries);
  const found = await linesWith(texts, cluster.plane.auditLog!, state);
  const bare = found.map((line) => {
    const { requestObject, responseObject, ...rest } = JSON.parse(line) as AuditEvent;
    const hasBody = requestObject !== undefined || responseObject !== undefined;
    return { hasBody, level: rest.level, text: JSON.stringify(rest) };
  });
  expect(new Set(bare.map(({ level }) => level))).toEqual(new Set(["RequestResponse"]));
  expect(bare.every(({ hasBody }) => hasBody)).toBe(true);
  expect(bare.filter(({ text }) => texts.some((one) => text.includes(one))).length).toBe(0);
}

function expectProof(pairs: ReadonlyMap<number, LabPair>, stderr: string): void {
  const told = [...pairs].map(([number, pair]) => [
    ...[number, pair.default.outcome, pair.hardened.outcome, pair.hardened.blockedBy, pair.predicted, pair.proof],
  ]);
  const because = [...pairs.values()].map((pair) => pair.because).join("\n");
  const as = PAIRS.map(([number, control]) => [number, "succeeded", "blocked", control, control, true]);
  expect(told, `${because}\n${stderr}`).toEqual(as);
}

/** Everything that a run wrote, but to the cluster. */
async function writtenBy({ stdout, stderr }: Run, { state, run, uid }: { state: string; run: string; uid: string }) {
  return stdout + stderr + (await readFile(`${state}/kubectl-cronaudit/labs/${uid}/${run}.jsonl`, "utf8"));
}

test("all five, by real processes and by the driver, leave proof and nothing else", { timeout: 270_000 }, async () => {
  const { plane, node } = cluster;
  const [state, { context, uid }] = [await newState(), await clusterOf(plane)];
  const here = ["--lab", "--context", context, "--confirm-cluster", uid];
  const tag = `localhost/lab-${randomBytes(4).toString("hex")}:nightly`;
  const played = "registry.test/team/backup:nightly";
  const first = await node.image(tag, { kubectl: true });
  const before = await atRest(plane);

  const made = new Set<string>();
  const watch = watchSecrets(plane, made);
  const adapted = watchedLabs(LAB_EFFECTS.labs, made, onRealNode(cluster));
  const onNode = { labs: adapted, podSecurity: "privileged" } as const;
  const real = start([...here, "--node", node.name, "--image", tag, "-o", "json"], state, onNode);
  const byDriving = ["--node", plane.node!, "--image", played, "--placement", "driver"];
  const driver = start([...here, ...byDriving, "-o", "json"], state);
  const table = start(["1", "2", "5", ...here, "--node", plane.node!], state);
  // Another image, in which what the other labs still run is there as well.
  const push = async () => {
    await real.said(ASKS);
    return node.image(tag, { kubectl: true, files: { "/two": "two" } });
  };
  const ends = [real.ended, driver.ended, table.ended] as const;
  const playing = play(plane, driver, played);
  const [second, runs] = await Promise.all([push(), Promise.all(ends), playing]);
  watch.stop();

  for (const { status, stderr } of runs) {
    expect(stderr).toContain("Nothing of the lab remains.");
    expect(status, stderr).toBe(0);
  }
  expect(differences(before, await wholeCluster(plane))).toEqual([]);
  expect(runs[2].stdout).toContain("3 of 3 pairs are proof");
  expect(runs.map(({ stderr }) => stderr.includes("name the others: replay --lab 1 2 3 5"))).toEqual([
    true,
    true,
    false,
  ]);

  const [byProcess, driven] = [pairsOf(runs[0]), pairsOf(runs[1])];
  for (const [{ report, pairs }, { stderr }, going, where] of [
    [byProcess, runs[0], real, { placement: "container", image: tag, node: node.name }],
    [driven, runs[1], driver, { placement: "driver", image: played, node: plane.node }],
  ] as const) {
    expectProof(pairs, stderr);
    expect(report.complete).toBe(true);
    expect(report.summary.lab).toMatchObject({ ...where, run: going.run, remains: [] });
    await expectJoined(going.run, [...pairs.values()].flatMap(stepsOf), state);
  }
  const who = ({ pairs }: typeof byProcess) =>
    [2, 3].map((number) => [...new Set(stepsOf(pairs.get(number)!).map(({ by }) => by))].sort());
  expect(who(byProcess)).toEqual([["container"], ["container", "controller"]]);
  expect(who(driven)).toEqual([["driver"], ["controller", "driver"]]);
  const { because } = byProcess.pairs.get(4)!.hardened;
  expect([because.includes(first.digest), because.includes(second.digest)]).toEqual([true, true]);

  // Three values of the race under Allow and two without it; the processes have made three of them, which no report ever names.
  const known = new Set([real, driver, table].flatMap(({ canaries }) => [...canaries]));
  expect([...made].filter((value) => !known.has(value)).length).toBeGreaterThanOrEqual(3);
  const all = new Set([...known, ...made]);
  for (const [index, { run }] of [real, driver, table].entries()) {
    const written = await writtenBy(runs[index]!, { state, run, uid });
    expect(spellings(all).filter((text) => written.includes(text)).length).toBe(0);
  }
  await expectNotLogged(all, state);
});
