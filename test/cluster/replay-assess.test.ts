import { describe, expect, test } from "vitest";
import type { Reach } from "../../src/model/access-report.ts";
import type {
  AdversaryId,
  CredentialHistory,
  ReplayCredential,
  ReplayReport,
  WorkloadReplay,
} from "../../src/model/replay-report.ts";
import { useCluster } from "../control-plane/test.ts";
import { historiesAgree, readsAgree, tryAs } from "./replay/agree.ts";
import { openReplayed, POSITIONS, type Position, type Replayed } from "./replay/positions.ts";
import { reachAgrees, tokensDiffer } from "./replay/reach.ts";
import { expected, idsOf, outcomesOf, replaysOf, titleOf, VERDICTS } from "./replay/verdicts.ts";

let stage: Replayed | null = null;
const onStage = (): Replayed => {
  if (stage === null) throw new Error("the cast is loaded before the first test");
  return stage;
};

/** A plane of its own: the reports are about the whole cluster. */
useCluster({
  own: true,
  needs: ["edit-etcd", "fake-node", "static-tokens"],
  once: async (plane) => {
    stage = await openReplayed(plane);
  },
});

const ADVERSARIES = Object.keys(VERDICTS) as AdversaryId[];
const EVERYBODY = Object.keys(POSITIONS) as Position[];

describe("by the positions of the threat model", () => {
  test.each(ADVERSARIES)("%s: the verdict on each workload of the cast, and why", async (adversary) => {
    const { complete, blindSpots, notes } = await onStage().report("model");
    expect({ complete, blindSpots, notes }).toEqual({ complete: true, blindSpots: [], notes: [] });
    const replays = replaysOf(await onStage().report("model"), adversary);
    const told = replays.map((one) => [titleOf(one), [one.outcome, idsOf(one), one.because]] as const);
    const verdicts = Object.entries(VERDICTS[adversary]).map(([title, [outcome, ids, because]]) => [
      title,
      [outcome, ids, typeof because === "string" ? because : (expect.stringMatching(because) as string)],
    ]);
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(verdicts));
    // Each of the two orphaned pods has one.
    expect(told).toHaveLength(verdicts.length + 1);
    for (const { outcome, blockedBy, missing, wouldBlock } of replays) {
      expect(blockedBy.length > 0).toBe(outcome === "blocked");
      expect(missing.length > 0).toBe(outcome === "inconclusive");
      expect(wouldBlock.length > 0).toBe(outcome === "succeeds" || outcome === "inconclusive");
    }
  });

  test("the summary counts them", async () => {
    const { summary, items } = await onStage().report("model");
    const outcomes = items.flatMap(({ live }) => live!.workloads.map(({ outcome }) => outcome));
    for (const [outcome, count] of Object.entries(summary.byOutcome))
      expect(outcomes.filter((one) => one === outcome)).toHaveLength(count);
    expect(summary).toMatchObject({ from: [], workloads: 13, lab: null });
  });
});

describe("who reads pods, and who reads nothing", () => {
  const outcomes = async (position: Position) => {
    const report = await onStage().report(position);
    return Object.fromEntries(ADVERSARIES.map((id) => [id, outcomesOf(report, id)]));
  };
  /** Nobody without a role comes to an account, starts a run or changes a template. */
  const WITHOUT_RIGHTS = {
    "over-permissive-account": expected("over-permissive-account", {
      ...allOf("over-permissive-account", ["succeeds"], "blocked by rbac"),
      "CronJob database/database-backup": "blocked by rbac,least-privilege",
    }),
    "concurrent-rotation": expected("concurrent-rotation", {
      ...allOf("concurrent-rotation", ["blocked"], "blocked by concurrency-policy,rbac"),
    }),
    "image-substitution": expected("image-substitution", {
      "CronJob database/backup": "inconclusive",
      "CronJob database/database-backup": "blocked by digest,rbac",
    }),
  };

  test("a pod-reader of one namespace has the threat model's view of it", async () => {
    const elsewhere = { "CronJob team/newsletter": "blocked by rbac" };
    expect(await outcomes("alice")).toEqual({
      ...WITHOUT_RIGHTS,
      "completed-pod": expected("completed-pod", elsewhere),
      "stale-accumulation": expected("stale-accumulation", elsewhere),
    });
    const readsOf = (report: ReplayReport) =>
      replaysOf(report, "completed-pod")
        .filter(({ workload }) => workload.namespace === "database")
        .flatMap(({ facts }) => (facts.kind === "completed-pod" ? facts.reads : []))
        .map(({ name, fingerprint, object, path }) => [name, fingerprint, object, path]);
    expect(readsOf(await onStage().report("alice"))).toEqual(readsOf(await onStage().report("model")));
  });

  test("a stranger reads nothing, and what no pod shows is blocked by that", async () => {
    const open = ["succeeds", "inconclusive"] as const;
    expect(await outcomes("mallory")).toEqual({
      ...WITHOUT_RIGHTS,
      "completed-pod": expected("completed-pod", allOf("completed-pod", open, "blocked by rbac")),
      "stale-accumulation": expected("stale-accumulation", allOf("stale-accumulation", open, "blocked by rbac")),
    });
  });

  test("who sees nothing but pods is told what is not known, and nothing is called safe", async () => {
    const text = await onStage().shown(onStage().developer, ["replay", "-o", "json"], 3);
    const { items } = JSON.parse(text) as ReplayReport;
    for (const { id, live } of items) {
      expect(live!.workloads, id).toHaveLength(3);
      for (const { outcome, missing } of live!.workloads) {
        expect(outcome, id).toBe(id === "completed-pod" ? "succeeds" : "inconclusive");
        expect(missing.length > 0, id).toBe(id !== "completed-pod");
      }
    }
  });
});

describe("carried out with the identity's own token", () => {
  test.each(["alice", "carol", "developer", "deployer"] as const)("1, as %s", async (position) => {
    const found = await readsAgree(onStage(), position);
    expect(found.wrong).toEqual([]);
    expect(found.sent - found.refused).toBeGreaterThan(0);
  });

  test.each(["alice", "bob", "carol", "developer"] as const)("5, as %s", async (position) => {
    const found = await historiesAgree(onStage(), position);
    expect(found.wrong).toEqual([]);
    expect(found.sent - found.refused).toBeGreaterThan(0);
  });

  test.each(["model", "deployer", "alice"] as const)("2, from the position %s", async (position) => {
    const found = await reachAgrees(onStage(), position);
    expect(found.wrong).toEqual([]);
    expect(found.sent - found.refused).toBeGreaterThan(0);
    expect(found.refused).toBeGreaterThan(0);
  });

  test("2: a workload's pods hold a token of its account, or not, as the report says", async () => {
    expect(await tokensDiffer(onStage())).toEqual([]);
  });

  test("a stranger is refused each request of each path, the own and those of others", async () => {
    const token = await onStage().tokenOf({ kind: "User", namespace: null, name: "mallory" });
    const three = ["completed-pod", "over-permissive-account", "stale-accumulation"] as const;
    for (const position of ["mallory", "alice", "bob", "carol", "developer", "deployer"] as const) {
      const statuses = await tryAs(onStage(), position, three, token);
      expect(Object.keys(statuses), position).toEqual(["403"]);
    }
  });
});

describe("a report that claims something else is found out", () => {
  /** The stage with one position's report changed. */
  const changed = async (position: Position, change: (one: WorkloadReplay) => void): Promise<Replayed> => {
    const report = structuredClone(await onStage().report(position));
    for (const { live } of report.items) for (const one of live!.workloads) change(one);
    return { ...onStage(), report: () => Promise.resolve(report) };
  };
  const backup = (change: (one: WorkloadReplay) => void) => (one: WorkloadReplay) => {
    if (titleOf(one) === "CronJob database/backup") change(one);
  };

  test.each<[string, (reads: ReplayCredential[]) => void, RegExp]>([
    ["less", (reads) => reads.pop(), /1 missed, 0 invented/],
    ["elsewhere", (reads) => (reads[0]!.path = "spec.containers[0].env[0].value"), /DB_PASSWORD is not in/],
    ["another value", (reads) => (reads[0]!.fingerprint = "0".repeat(32)), /1 missed, 1 invented/],
  ])("1, %s", async (_, change, wrong) => {
    const stage = await changed(
      "alice",
      backup(({ facts }) => {
        if (facts.kind === "completed-pod") change(facts.reads);
      }),
    );
    expect((await readsAgree(stage, "alice")).wrong.join("\n")).toMatch(wrong);
  });

  test.each<[string, (history: CredentialHistory) => void, RegExp]>([
    ["another rotation", (history) => history.rotations++, /1 rotations, said 2/],
    ["one object more", (history) => history.values[0]!.runs++, /DB_PASSWORD is in 16, said 17/],
    ["another order", (history) => history.runs.reverse(), /the order of its values/],
    ["one value less", (history) => history.values.pop(), /1 missed, 0 invented/],
  ])("5, %s", async (_, change, wrong) => {
    const stage = await changed(
      "bob",
      backup(({ facts }) => {
        if (facts.kind === "stale-accumulation") change(facts.histories.find(({ name }) => name === "DB_PASSWORD")!);
      }),
    );
    expect((await historiesAgree(stage, "bob")).wrong.join("\n")).toMatch(wrong);
  });

  test.each<[string, Partial<Reach>]>([
    ["one Secret more", { secrets: [{ namespace: "database", name: "orders-api" }] }],
    ["a namespace", { namespaces: ["team"] }],
    ["all", { cluster: true }],
  ])("2, %s", async (_, reach) => {
    const stage = await changed("model", (one) => {
      if (titleOf(one) === "Job database/warehouse-export" && one.facts.kind === "over-permissive-account")
        one.facts.reach = { ...one.facts.reach, ...reach };
    });
    expect((await reachAgrees(stage, "model")).wrong.length).toBeGreaterThan(0);
  });

  test("a request that is said to be allowed", async () => {
    const stage = await changed("mallory", ({ path }) => {
      for (const step of path) step.allowed = true;
    });
    const { wrong, sent } = await readsAgree(stage, "mallory");
    // Refused, and the server's own word is another.
    expect(wrong).toHaveLength(2 * sent);
  });
});

test.each(EVERYBODY)("the server confirms every step that is said to be allowed: %s", async (position) => {
  const { summary, items, complete } = await onStage().report(position);
  const steps = items.flatMap(({ live }) => live!.workloads.flatMap(({ path }) => path));
  const asked = steps.filter(({ as, request }) => as !== null && request !== null);
  expect(asked.filter(({ allowed, verified }) => allowed !== verified)).toEqual([]);
  expect(asked.every(({ allowed }) => allowed !== null)).toBe(true);
  expect(summary.verified).toEqual({ confirmed: asked.length, refuted: 0, unknown: 0 });
  expect(complete).toBe(true);
});

test("no value of the cast is in anything that was printed", async () => {
  const admin = onStage().plane.adminKubeconfig;
  for (const args of [
    ["replay", "-A", "-o", "wide"],
    ["replay", "-A", "-o", "wide", "--as", "user:alice"],
  ])
    expect(await onStage().shown(admin, args, 0)).toContain("stale accumulation");
  await Promise.all(EVERYBODY.map((position) => onStage().report(position)));
  expect(onStage().leaks()).toEqual([]);
});

/** The workloads on which the threat model's adversary fares so, each with another verdict. */
function allOf(adversary: AdversaryId, outcomes: readonly string[], verdict: string): Record<string, string> {
  const titles = Object.entries(VERDICTS[adversary]).filter(([, [outcome]]) => outcomes.includes(outcome));
  return Object.fromEntries(titles.map(([title]) => [title, verdict]));
}
