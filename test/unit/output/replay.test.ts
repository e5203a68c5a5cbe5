import { describe, expect, test } from "vitest";
import type { LabRun, ReplayFacts, ReplayReport, WorkloadReplay } from "../../../src/model/report.ts";
import { name } from "../../../src/output/formats/name.ts";
import { table } from "../../../src/output/formats/table.ts";
import { replayView } from "../../../src/output/views/replay.ts";
import { itemOf, options, ref, replayOf, reportOf, twin } from "./replay-report.ts";

const detailed = { ...options, details: true };
const headers = (report: ReplayReport): string[] => replayView(report, options).columns.map(({ header }) => header);
const after = (report: ReplayReport, how = options): string => replayView(report, how).after.join("\n");
const alice = { kind: "User", namespace: null, name: "alice o'neil" } as const;
const dev = { kind: "Group", namespace: null, name: "dev" } as const;

describe("the table", () => {
  const report = reportOf([
    itemOf(1, [replayOf("backup", "succeeds"), replayOf("sync", "blocked")]),
    itemOf(2, [replayOf("backup", "blocked")]),
  ]);

  test("has a line for each adversary, with the worst outcome in its colour", () => {
    expect(replayView(report, options).rows.map((row) => row.slice(0, 3))).toEqual([
      ["1", "adversary 1", { text: "succeeds: 3 of them", severity: "high" }],
      ["2", "adversary 2", "blocked: 3 of them"],
    ]);
    expect(headers(report)).toEqual(["", "ADVERSARY", "LIVE WORKLOADS", "WORKLOADS", "ATT&CK", "THREAT MATRIX"]);
  });

  test("ends with the totals, how to run the lab, and the next command", () => {
    expect(after(report)).toBe(
      "\n2 adversaries on 2 workloads: 1 succeeds, 2 blocked.\nLab: not run. kubectl cronaudit replay --lab --context NAME\nNext: kubectl cronaudit replay 1 cronjob/backup -n database --context prod",
    );
  });

  test("says whose position it is, and says it again in the next command", () => {
    const text = after({ ...report, summary: { ...report.summary, from: [dev, alice] } });
    expect(text).toContain("on 2 workloads, from the position of Group dev with User alice o'neil: ");
    expect(text).toContain("replay 1 cronjob/backup -n database --as 'user:alice o'\\''neil' --as-group dev --context");
  });

  test.each([
    ["database", "--as sa/ci"],
    ["ops", "--as user:system:serviceaccount:ops:ci"],
  ])("an account of %s is found again by %s", (namespace, flag) => {
    const from = [{ kind: "ServiceAccount", namespace, name: "ci" } as const];
    expect(after({ ...report, summary: { ...report.summary, from } })).toContain(` -n database ${flag} --context`);
  });

  test("says what the server said", () => {
    const verified = { confirmed: 3, refuted: 1, unknown: 0 };
    expect(after({ ...report, summary: { ...report.summary, verified } })).toContain(
      "The API server confirms 3 steps that it was asked about, contradicts 1, and leaves 0 open.",
    );
  });

  test("of nothing has no lines around it", () => {
    expect(replayView(reportOf([]), options)).toMatchObject({ before: [], rows: [], after: [] });
  });

  test("a name from the cluster cannot steer the terminal", async () => {
    let text = "";
    const hostile = replayOf("x\u001b[2J\u202e", "succeeds", { because: "y\u001b]0;z\u0007" });
    const sink = { write: (part: string) => Promise.resolve(void (text += part)) };
    await table.write(reportOf([itemOf(1, [hostile])]), sink, detailed);
    expect(text).toContain("cronjob/x^[[2J\\u202e");
    expect(text).not.toMatch(/[\u001b\u0007\u202e]/);
  });

  test("-o name has the workloads that fall, each once", async () => {
    let text = "";
    const sink = { write: (part: string) => Promise.resolve(void (text += part)) };
    await name.write(reportOf([...report.items, itemOf(5, [replayOf("backup", "succeeds")])]), sink, options);
    expect(text).toBe("cronjob.batch/backup\n");
  });
});

describe("details", () => {
  const path: WorkloadReplay["path"] = [
    {
      ...{ actor: "user alice", as: alice, act: "GET /api/v1/namespaces/database/pods", request: null },
      ...{ yields: "3 pods", allowed: true, verified: false },
    },
    { actor: "whoever may push", as: null, act: "push", request: null, yields: "", allowed: null, verified: null },
  ];

  test("say each step, who makes it, what it yields, and who allows it", () => {
    expect(after(reportOf([itemOf(1, [replayOf("backup", "succeeds", { path })])]), detailed).split("\n")).toEqual([
      "",
      "1  adversary 1   ATT&CK T1552.007; Kubernetes threat matrix MS-TA9027",
      "  cronjob/backup (database): succeeds: because of it",
      "    step 1      user alice: GET /api/v1/namespaces/database/pods; yields 3 pods; RBAC allows it; the server refuses it",
      "    step 2      whoever may push: push",
      "",
      "1 adversary on 1 workload: 1 succeeds.",
      "Lab: not run. kubectl cronaudit replay --lab --context NAME",
    ]);
  });

  test("say what is missing, what blocks, and what would, with a command for this cluster", () => {
    const text = after(
      reportOf([
        itemOf(1, [
          replayOf("backup", "inconclusive", {
            because: "inconclusive: who knows",
            missing: ["pods of database"],
            blockedBy: [{ id: "ttl", what: "a TTL", how: null }],
            wouldBlock: [
              {
                id: "pod-deletion",
                what: "gone",
                how: "kubectl cronaudit cleanup cronjob/backup  # again after the next run",
              },
              { id: "digest", what: "pinned", how: "kubectl patch cronjob/backup -p '{}'" },
              { id: "ttl", what: "goes at once (first: kubectl cronaudit snapshot e.gz -n database)", how: null },
            ],
          }),
        ]),
      ]),
      { ...detailed, kubectlFlags: "--context prod", program: "kubectl-cronaudit" },
    );
    expect(text).toContain("(first: kubectl-cronaudit snapshot e.gz -n database --context prod)\n");
    expect(text).toContain("(database): inconclusive: who knows\n");
    expect(text).toContain("    missing     pods of database\n    blocked by  ttl: a TTL\n");
    expect(text).toContain(
      "    would block pod-deletion: gone: kubectl cronaudit cleanup cronjob/backup --context prod  # again after the next run\n",
    );
    expect(text).toContain("    would block digest: pinned: kubectl --context prod patch cronjob/backup -p '{}'\n");
  });

  test("name together the workloads that an adversary has nothing to do with", () => {
    const none = ["a", "b"].map((one) => replayOf(one, "not-applicable", { because: "uses none" }));
    expect(after(reportOf([itemOf(1, none)]), detailed)).toContain(
      "\n  cronjob/a (database), cronjob/b (database): not applicable: uses none\n",
    );
  });

  const facts: [ReplayFacts, string[]][] = [
    [
      {
        kind: "completed-pod",
        reads: ["a", "b"].map((pod, at) => ({
          ...{ name: "DB_PASSWORD", kind: "password", fingerprint: "3f2a", object: ref("Pod", pod), path: "spec.x" },
          ...{ opens: `2026-11-2${String(at)}T12:00:00Z`, opensIsBound: at === 0, closes: null },
          ...{ closesIsBound: false, closesWhy: "no TTL" },
        })),
        misses: [{ name: "API_KEY", why: "a reference" }],
      },
      [
        "    reads       DB_PASSWORD (password; fingerprint 3f2a) in 2 pods, first pod/a at spec.x, for more than 2d; no end known: no TTL",
        "    misses      API_KEY: a reference",
      ],
    ],
    [
      {
        kind: "over-permissive-account",
        account: { namespace: "database", name: "backup" },
        reach: { cluster: true, namespaces: [], secrets: [] },
        needs: [{ namespace: "database", name: "db" }],
        ways: [
          {
            ...{
              edge: "secrets-list",
              edges: ["secrets-list"],
              effect: "read",
              leadsTo: [],
              note: "wide",
              verified: null,
            },
            ...{ scope: { cluster: true, namespaces: [], secrets: [] }, provedSince: null },
            chain: [{ kind: "ClusterRoleBinding", namespace: null, name: "reader" }],
          } as never,
        ],
      },
      [
        "    reaches     every Secret, as ServiceAccount database/backup",
        "    needs       database/db",
        "    way         reads every Secret (secrets-list): ClusterRoleBinding reader; wide",
      ],
    ],
    [
      {
        kind: "concurrent-rotation",
        overlaps: [
          {
            ...{ earlier: ref("Job", "r-1"), later: ref("Job", "r-2"), from: "2026-11-22T11:00:00Z" },
            ...{ to: null, scheduled: false },
          },
        ],
        ...{ gapSeconds: 60, longestSeconds: 3720, medianSeconds: null },
        ...{ writes: { cluster: false, namespaces: [], secrets: [] }, writesIsBound: true },
      },
      [
        "    overlap     job/r-1 and job/r-2 from 2026-11-22 11:00:00 UTC, so far 60m; the later one was not started by the schedule",
        "    times       runs to come are at least 60s apart; the longest run took 62m, the median is unknown",
        "    changes     what both runs may change is unknown",
      ],
    ],
    [
      {
        kind: "image-substitution",
        changes: [],
        mutable: [
          {
            ...{ container: "main", image: "w:latest", imagePullPolicy: "Always" },
            cachedOn: ["n1"],
            pulledOn: ["n1", "n2"],
          },
          { ...{ container: "side", image: "s:1", imagePullPolicy: "IfNotPresent" }, cachedOn: [], pulledOn: null },
        ],
        pinned: ["db@sha256:1"],
      },
      [
        "    mutable     w:latest of container main (Always); n1 ran it already; pulled anew on n1, n2",
        "    mutable     s:1 of container side (IfNotPresent); which nodes would pull it was not seen",
        "    pinned      db@sha256:1",
      ],
    ],
  ];
  test.each(facts)("of $kind have its facts", (own, lines) => {
    const text = after(reportOf([itemOf(1, [replayOf("backup", "succeeds", { facts: own })])]), detailed);
    expect(text.split("\n").slice(3, 3 + lines.length)).toEqual(lines);
  });

  test("stop after five of a kind, and -o wide has them all", () => {
    const misses = Array.from({ length: 7 }, (_, at) => ({ name: `K${String(at)}`, why: "a reference" }));
    const report = reportOf([
      itemOf(1, [replayOf("backup", "blocked", { facts: { kind: "completed-pod", reads: [], misses } })]),
    ]);
    expect(after(report, detailed)).toContain("and 2 more; -o wide has them");
    expect(after(report, { ...detailed, wide: true })).toContain("misses      K6: a reference");
  });
});

describe("a lab", () => {
  const pair = (proof: boolean) => ({
    ...{ default: twin("succeeded", "the value is in the pod"), hardened: twin("blocked", "403") },
    ...{ predicted: "digest" as const, proof, because: "it was not as predicted", variants: [] },
  });
  const run: LabRun = {
    ...{
      run: "r0a1b2c3d",
      namespaces: ["cronaudit-lab-r0a1b2c3d"],
      placement: "driver",
      image: "busybox:1",
      node: null,
    },
    ...{ startedAt: "2026-11-22T11:00:00Z", endedAt: "2026-11-22T11:01:00Z", differs: ["TTL of 5 seconds"] },
    ...{ journal: "lab.jsonl", remains: [] },
  };

  test("has a column for each form, and none for workloads that were not assessed", () => {
    const report = reportOf([itemOf(1, null, pair(true)), itemOf(2, null)], { lab: run, workloads: 0 });
    expect(headers(report).slice(0, 4)).toEqual(["", "ADVERSARY", "DEFAULT, IN THE LAB", "HARDENED, IN THE LAB"]);
    expect(replayView(report, options).rows.map((row) => row.slice(2, 4))).toEqual([
      ["succeeded: the value is in the pod", "blocked: 403"],
      ["-", "-"],
    ]);
    expect(after(report)).toContain("1 of 1 pair is proof");
    expect(after(report)).toContain("Nothing of it remains.");
    expect(after(report)).not.toMatch(/Next:|not run/);
  });

  test("says which pair is no proof, and what is left behind", () => {
    const report = reportOf([itemOf(1, null, pair(false))], { lab: { ...run, remains: [ref("Secret", "s")] } });
    expect(after(report)).toContain("No proof for 1  adversary 1: it was not as predicted\n0 of 1 pair is proof");
    expect(after(report)).toContain("1 object of it remains:\n  secret/s (database)");
    expect(after(reportOf([itemOf(1, null, pair(false))], { lab: { ...run, remains: null } }))).toContain(
      "could not be told",
    );
  });

  test("has a log of its steps where details are wanted", () => {
    const step = {
      ...({
        at: "2026-11-22T11:00:07Z",
        as: "system:serviceaccount:l:r",
        by: "driver",
        act: "GET /api/v1/pods",
      } as const),
      ...{ auditId: "cronaudit-r-1", status: 403, reason: "Forbidden", shows: "nothing" },
    };
    const own = { ...pair(true), hardened: { ...twin("blocked", "403"), steps: [step] } };
    expect(after(reportOf([itemOf(1, null, own)], { lab: run }), detailed)).toContain(
      "    2026-11-22 11:00:07 UTC  system:serviceaccount:l:r (driver): GET /api/v1/pods → 403 Forbidden: nothing  [cronaudit-r-1]",
    );
  });
});
