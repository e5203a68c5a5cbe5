import { describe, expect, test } from "vitest";
import type { AdversaryId, LiveOutcome, ReplayReport, ReplayStep, WorkloadReplay } from "../../../src/model/report.ts";
import type { Selection } from "../../../src/model/selection.ts";
import type { Resource, Snapshot } from "../../../src/model/snapshot.ts";
import { withAnswers } from "../../../src/scenarios/answers.ts";
import { scenarios } from "../../../src/scenarios/index.ts";
import { ADVERSARIES, needsOf } from "../../../src/scenarios/needs.ts";
import { replayReport, type ReplayQuestion } from "../../../src/scenarios/report.ts";
import type { Scenario } from "../../../src/scenarios/scenario.ts";
import { cronJob, everything, finished, forbidden, pod } from "../batch/objects.ts";
import { run, seen } from "../exposure/objects.ts";

/** A scenario that says of each workload what its label `outcome` says, and takes one step. */
function saying(id: AdversaryId, steps: Partial<ReplayStep>[] = []): Scenario {
  return {
    ...{ number: ADVERSARIES.indexOf(id) + 1, id, name: id, start: "", objective: "", defence: "", source: "" },
    ...{ summary: "", why: [], prevent: [], controls: [], related: [] },
    attack: [{ id: "T1552.007", name: "Container API" }],
    matrix: [{ id: "MS-TA9027", name: "Application credentials in configuration files" }],
    assess: ({ workloads }) =>
      workloads.map(({ object, ref }): WorkloadReplay => ({
        workload: ref,
        outcome: (object.meta.labels["outcome"] ?? "blocked") as LiveOutcome,
        because: "a label says so",
        blockedBy: [{ id: "rbac", what: "no role gives the right", how: null }],
        missing: [],
        path: steps.map((step) => ({
          ...{
            actor: "user alice",
            as: { kind: "User", namespace: null, name: "alice" } as const,
            act: "GET /api/v1/pods",
          },
          ...{ request: REQUEST, yields: "", allowed: null, verified: null, ...step },
        })),
        wouldBlock: [],
        facts: { kind: "stale-accumulation", histories: [], retained: 0 },
      })),
    summarise: (workloads) => `of ${String(workloads.length)}`,
  };
}

const REQUEST = { verb: "list", group: "", resource: "pods", subresource: "", namespace: "database", name: "" };
const labelled = (name: string, outcome: LiveOutcome, namespace = "database") =>
  cronJob(name, { meta: { labels: { outcome }, namespace } });
const backup = labelled("backup", "blocked");
const [backupJob, backupPod] = run("backup-1", 3600, backup, []);
const everyone = [
  labelled("z", "succeeds"),
  labelled("a", "succeeds", "payments"),
  labelled("none", "not-applicable"),
  labelled("unclear", "inconclusive"),
  ...[backup, backupJob, backupPod],
];

function ask(
  parts: { selection?: Partial<Selection>; more?: Partial<Snapshot> } & Partial<ReplayQuestion> = {},
  all = [saying("completed-pod"), saying("stale-accumulation")],
): ReplayReport {
  const { selection, more, adversaries = [], from = [] } = parts;
  return replayReport(seen(everyone, more), everything(selection), { adversaries, from }, all);
}

const namesIn = ({ items }: ReplayReport): string[] =>
  items[0]?.live?.workloads.map(({ workload }) => workload.name) ?? [];

test("the list of scenarios is in the threat model's order", () => {
  expect(scenarios.map(({ id }) => id)).toEqual(ADVERSARIES);
  expect(scenarios.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
});

describe("the report", () => {
  test("has an item for each adversary, its workloads worst first, then by namespace and name", () => {
    const report = ask();
    expect(report.items.map(({ number, id }) => [number, id])).toEqual([
      [1, "completed-pod"],
      [5, "stale-accumulation"],
    ]);
    expect(namesIn(report)).toEqual(["z", "a", "unclear", "backup", "none"]);
    expect(report.items[0]).toMatchObject({ attack: ["T1552.007"], matrix: ["MS-TA9027"], lab: null });
    expect(report.items[0]!.live).toMatchObject({
      outcome: "succeeds",
      because: "of 5",
      byOutcome: { succeeds: 2, inconclusive: 1, blocked: 1, "not-applicable": 1 },
    });
    expect(report.summary).toEqual({
      from: [],
      verified: null,
      workloads: 5,
      byOutcome: { succeeds: 4, inconclusive: 2, blocked: 2, "not-applicable": 2 },
      lab: null,
    });
  });

  test("has only the adversaries that are asked for", () => {
    expect(ask({ adversaries: ["stale-accumulation"] }).items.map(({ id }) => id)).toEqual(["stale-accumulation"]);
  });

  test.each<[string, Partial<Selection>, string[]]>([
    ["the workload by name", { objects: [{ kind: "CronJob", namespace: null, name: "backup" }] }, ["backup"]],
    ["one of its Jobs", { objects: [{ kind: "Job", namespace: "database", name: "backup-1" }] }, ["backup"]],
    ["one of its pods", { objects: [{ kind: "Pod", namespace: "database", name: "backup-1-x" }] }, ["backup"]],
    ["a label", { labels: [{ key: "outcome", operator: "=", values: ["succeeds"] }] }, ["z", "a"]],
    ["a field of its pods", { fields: [{ key: "status.phase", operator: "=", values: ["Succeeded"] }] }, ["backup"]],
    ["its account", { subjects: [{ kind: "ServiceAccount", namespace: "payments", name: "default" }] }, ["a"]],
  ])("keeps what is selected by %s", (_, selection, names) => {
    expect(namesIn(ask({ selection }))).toEqual(names);
  });

  test("of no workload has no items", () => {
    const nothing = ask({ selection: { labels: [{ key: "nobody", operator: "exists", values: [] }] } });
    expect(nothing).toMatchObject({ items: [], summary: { workloads: 0 } });
  });

  test("of one namespace leaves out what others hold as evidence of rights", () => {
    const metadata = { ...seen([]).metadata, scope: { namespaces: ["payments"] } };
    expect(namesIn(ask({ more: { metadata, beyondScope: ["cronjobs", "pods"] } }))).toEqual(["a"]);
  });

  test("of what is deleted says nothing", () => {
    const gone = { cronjobs: [], jobs: [finished("gone", 60, null)], pods: [pod("gone-x")] };
    const earlier = { ...gone, at: "1" } as unknown as Snapshot["earlier"];
    expect(namesIn(ask({ more: { earlier } }))).not.toContain("gone");
  });
});

describe("is complete", () => {
  const hidden = (resource: Resource): Partial<Snapshot> => ({ blindSpots: [forbidden(resource, "database")] });

  test("where what the adversary is judged from was seen", () => {
    expect(ask().complete).toBe(true);
    expect(ask({ more: hidden("pods") })).toMatchObject({ complete: false, blindSpots: [{ resource: "pods" }] });
  });

  test("whatever is hidden of rights, unless it is judged from them", () => {
    expect(ask({ more: hidden("rolebindings") }).complete).toBe(true);
    const from = [{ kind: "User", namespace: null, name: "alice" }] as const;
    expect(ask({ more: hidden("rolebindings"), from }).complete).toBe(false);
    expect(ask({ more: hidden("rolebindings") }, [saying("over-permissive-account")]).complete).toBe(false);
  });

  test("whatever namespaces there are, unless Secrets are granted by name in all of them", () => {
    const rule = {
      verbs: ["get"],
      apiGroups: [""],
      resources: ["secrets"],
      resourceNames: ["db"],
      nonResourceURLs: [],
    };
    const role = { kind: "ClusterRole", meta: { ...backup.meta, name: "db", namespace: null }, rules: [rule] };
    const clusterroles = [{ ...role, aggregates: [] }] as unknown as Snapshot["clusterroles"];
    expect(ask({}, [saying("over-permissive-account")]).complete).toBe(true);
    expect(ask({ more: { clusterroles } }, [saying("over-permissive-account")]).complete).toBe(false);
  });

  test("each adversary needs the runs", () => {
    for (const id of ADVERSARIES)
      expect(needsOf([id], false)).toEqual(expect.arrayContaining(["cronjobs", "jobs", "pods"]));
  });
});

test("a user's position without groups says that they are not known", () => {
  const alice = { kind: "User", namespace: null, name: "alice" } as const;
  expect(ask({ from: [alice] })).toMatchObject({
    summary: { from: [alice] },
    notes: [expect.stringContaining("--as-group")],
  });
  expect(ask({ from: [alice, { kind: "Group", namespace: null, name: "dev" }] }).notes).toEqual([]);
});

describe("the server's answers", () => {
  const told = (step: Partial<ReplayStep>, answer: boolean | null, name: string): [ReplayReport, WorkloadReplay] => {
    const all = [saying("completed-pod", [step])];
    const report = withAnswers(ask({}, all), () => answer, all);
    return [report, report.items[0]!.live!.workloads.find(({ workload }) => workload.name === name)!];
  };

  test("stand in the steps, and in the summary", () => {
    const [report, one] = told({ allowed: true }, true, "z");
    expect(one).toMatchObject({ outcome: "succeeds", path: [{ verified: true }] });
    expect(report.summary.verified).toEqual({ confirmed: 5, refuted: 0, unknown: 0 });
    expect(told({ allowed: true }, null, "z")[0].summary.verified).toEqual({ confirmed: 0, refuted: 0, unknown: 5 });
  });

  test("that refuse what RBAC allows make an attack that succeeds inconclusive", () => {
    const [report, one] = told({ allowed: true }, false, "z");
    expect(one).toMatchObject({
      outcome: "inconclusive",
      blockedBy: [],
      missing: [expect.stringContaining("refuses")],
    });
    expect(report.summary).toMatchObject({
      verified: { confirmed: 0, refuted: 5, unknown: 0 },
      byOutcome: { succeeds: 0, inconclusive: 4, blocked: 0, "not-applicable": 1 },
    });
    expect(report.items[0]!.live!.outcome).toBe("inconclusive");
  });

  test("that allow what RBAC does not make a blocked one inconclusive", () => {
    expect(told({ allowed: false }, true, "backup")[1]).toMatchObject({
      outcome: "inconclusive",
      blockedBy: [],
      missing: [expect.stringContaining("allows GET /api/v1/pods to user alice")],
    });
    const [report, refused] = told({ allowed: false }, false, "backup");
    expect(refused.outcome).toBe("blocked");
    expect(report.summary.verified).toEqual({ confirmed: 5, refuted: 0, unknown: 0 });
  });

  test("change nothing where RBAC had no word, or nobody is asked about", () => {
    expect(told({ allowed: null }, false, "z")[1].outcome).toBe("succeeds");
    const [report, one] = told({ as: null }, false, "z");
    expect(one.path).toMatchObject([{ verified: null }]);
    expect(report.summary.verified).toEqual({ confirmed: 0, refuted: 0, unknown: 0 });
  });
});
