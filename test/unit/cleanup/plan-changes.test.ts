import { describe, expect, test } from "vitest";
import type { Also, CleanupChange } from "../../../src/model/cleanup.ts";
import { ago, cronJob, DAY, finished, forbidden, HOUR, template } from "../batch/objects.ts";
import { carrying, literal, manager, reference, run } from "../exposure/objects.ts";
import { itemNamed, named, owned, planOf, podOf } from "./objects.ts";

const SUSPEND: Also = { way: "suspend" };
const LIMIT: Also = { way: "history-limit", limit: 1 };

/** What a plan says of each change: way, name, and why it is refused. */
const said = (changes: CleanupChange[]): [string, string, string | null][] =>
  changes.map(({ way, object, refusedBecause }) => [way, object.name, refusedBecause]);

describe("changes", () => {
  test("are of the CronJobs of what may be deleted, and of those that were named", () => {
    const [a, b, c] = [carrying("a", [literal("now")]), cronJob("b"), cronJob("c")];
    const runs = [finished("a-1", 2 * DAY, a), finished("b-1", HOUR, b)];
    const asked = { also: [SUSPEND], olderThanSeconds: DAY };
    const { changes } = planOf([a, b, c, ...runs], asked);
    expect(changes).toMatchObject([
      {
        object: { name: "a" },
        items: ["uid-a-1"],
        patch: { spec: { suspend: true } },
        because: "each run carries DB_PASSWORD again, until the template is changed",
      },
    ]);
    const all = planOf([a, b, c, ...runs], { ...asked, named: named(c) });
    expect(all.changes.map(({ object, items }) => [object.name, items.length])).toEqual([
      ["a", 1],
      ["c", 0],
    ]);
    expect(planOf([a, ...runs]).changes).toEqual([]);
  });

  test("are none where it is so already: a TTL only gets shorter, limits only lower", () => {
    const job = { ...cronJob("x").job, ttlSecondsAfterFinished: 600 };
    const x = cronJob("x", { suspend: true, successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 0, job });
    const also: Also[] = [SUSPEND, { way: "ttl", seconds: 3600 }, LIMIT];
    expect(planOf([x], { also, named: named(x) }).changes).toEqual([]);
    const shorter = planOf([x], { also: [{ way: "ttl", seconds: 60 }], named: named(x) }).changes;
    expect(shorter[0]!.diff.slice(-2)).toEqual([
      "-      ttlSecondsAfterFinished: 600",
      "+      ttlSecondsAfterFinished: 60",
    ]);
  });

  test("leave alone what is protected, managed or in a protected namespace, unless it is named; never what is being deleted", () => {
    const marked = (name: string, meta: object) => cronJob(name, { meta });
    const objects = [
      marked("kept", { annotations: { "cronaudit/protect": "" } }),
      marked("synced", { labels: { "argocd.argoproj.io/instance": "x" } }),
      marked("going", { deletionTimestamp: ago(5) }),
      marked("system", { namespace: "kube-system" }),
    ];
    const runs = objects.map((one) =>
      finished(`${one.meta.name}-1`, 2 * DAY, one, { meta: { namespace: one.meta.namespace } }),
    );
    const by = named(...runs);
    expect(said(planOf([...objects, ...runs], { also: [SUSPEND], named: by }).changes)).toEqual([
      ["suspend", "going", "it is being deleted"],
      ["suspend", "synced", expect.stringContaining("name cronjob/synced") as string],
      ["suspend", "system", "namespace kube-system is protected: name it with -n"],
    ]);
    expect(said(planOf(objects, { also: [SUSPEND], named: named(...objects) }).changes)).toEqual([
      ["suspend", "going", "it is being deleted"],
      ["suspend", "kept", expect.stringContaining("cronaudit/protect") as string],
      ["suspend", "synced", null],
      ["suspend", "system", null],
    ]);
  });
});

test("a CronJob that a hold suspended is not suspended so: that is refused, and offered nowhere", () => {
  const held = (by: string, fields = ["spec.suspend"]) => {
    const managedFields = [manager(fields, HOUR, by)];
    const x = carrying("x", [literal("now")], { suspend: true, meta: { managedFields } });
    return planOf([x, finished("x-1", HOUR, x)], { also: [SUSPEND], named: named(x) });
  };
  const { changes, summary } = held("kubectl-cronaudit-hold-1a2b3c4d");
  expect(said(changes)).toEqual([
    [
      "suspend",
      "x",
      "a hold suspended it, and its release starts it again: release it first, with hold --release cronjob/x -n database",
    ],
  ]);
  expect(summary.otherWays.filter(({ way }) => way === "suspend")).toEqual([]);
  // It holds the limits, and somebody else has suspended it.
  expect(held("kubectl-cronaudit-hold-1a2b3c4d", []).changes).toEqual([]);
  expect(held("kubectl-patch").changes).toEqual([]);
});

describe("a lower history limit", () => {
  const owner = cronJob("nightly", { successfulJobsHistoryLimit: 5 });
  const runs = [4, 3, 2, 1].map((days) => finished(`nightly-${String(days)}`, days * DAY, owner));

  test("takes what is beyond it at once, all of which has to be chosen", () => {
    const [change] = planOf([owner, ...runs], { also: [LIMIT] }).changes;
    expect(change).toMatchObject({ decision: "change", patch: { spec: { successfulJobsHistoryLimit: 1 } } });
    expect(change!.takes.map(({ name }) => name)).toEqual(["nightly-4", "nightly-3", "nightly-2"]);
    const older = planOf([owner, ...runs], { also: [LIMIT], olderThanSeconds: 3 * DAY });
    expect(older.changes[0]!.refusedBecause).toMatch(/^job\/nightly-2 would go at once by it, and finished 2d ago/);
    const two = planOf([owner, ...runs], { also: [{ way: "history-limit", limit: 2 }], olderThanSeconds: 3 * DAY });
    expect(said(two.changes)).toEqual([["history-limit", "nightly", null]]);
  });

  test("is not judged where not all Jobs were seen, nor set below a hold", () => {
    const blind = { snapshot: { blindSpots: [forbidden("jobs", "database")] } };
    expect(planOf([owner, ...runs], { also: [LIMIT], named: named(owner) }, blind).changes[0]!.refusedBecause).toMatch(
      /^what would go at once by it was not all seen: jobs could not be listed/,
    );
    const held = cronJob("held", { successfulJobsHistoryLimit: 2_147_483_647 });
    expect(planOf([held], { also: [LIMIT], named: named(held) }).changes[0]!.refusedBecause).toContain(
      "hold --release",
    );
  });
});

describe("the Secret of a legacy token", () => {
  const shape = { secretReferences: [reference("etl-token", { keys: ["token"] })] };
  const secret = {
    kind: "Secret" as const,
    type: "kubernetes.io/service-account-token",
    meta: {
      ...cronJob("etl-token").meta,
      creationTimestamp: ago(9 * DAY),
      annotations: { "kubernetes.io/service-account.name": "default" } as Record<string, string>,
    },
  };
  const objects = run("etl", HOUR, null, [], { pod: { ...shape, nodeName: "node-1" } });
  const also: Also[] = [{ way: "delete-token" }];

  test("goes where it was seen, with who still names it", () => {
    const waiting = cronJob("next", { job: { ...cronJob("next").job, template: template(shape) } });
    const plan = planOf([...objects, waiting], { also }, { snapshot: { secrets: [secret] } });
    expect(plan.summary.otherWays).toEqual([]);
    expect(plan.changes).toMatchObject([
      { way: "delete-token", decision: "change", patch: null, object: { uid: secret.meta.uid }, resourceVersion: "1" },
    ]);
    expect(plan.changes[0]!.because).toContain("cronjob/next names it, and its next pods will not start");
  });

  test("stays where it is protected, or something would go along", () => {
    const kept = {
      ...secret,
      meta: { ...secret.meta, annotations: { ...secret.meta.annotations, "cronaudit/protect": "" } },
    };
    expect(planOf(objects, { also }, { snapshot: { secrets: [kept] } }).changes[0]!.refusedBecause).toContain(
      "protect",
    );
    const tied = owned("ConfigMap", "tied", [secret as never]);
    const evidence = { owned: [tied] };
    expect(planOf(objects, { also }, { evidence, snapshot: { secrets: [secret] } }).changes[0]!.refusedBecause).toBe(
      "configmap/tied would go along with it",
    );
  });
});

test("by a TTL go finished Jobs alone", () => {
  const done = finished("done", DAY, null);
  const bare = {
    ...podOf(done, DAY),
    meta: { ...podOf(done, DAY).meta, name: "bare", uid: "uid-bare", ownerReferences: [] },
  };
  const plan = planOf([done, podOf(done, DAY), bare], { by: "ttl", named: named(bare, done) });
  expect(itemNamed(plan, "done")).toMatchObject({ decision: "delete" });
  expect(itemNamed(plan, "bare")).toMatchObject({ decision: "refuse", refusal: "no-ttl" });
});
