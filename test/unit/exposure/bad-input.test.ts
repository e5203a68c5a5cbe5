import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { collect } from "../../../src/evidence/collect.ts";
import { exposureReport } from "../../../src/exposure/report.ts";
import type { Api } from "../../../src/model/api.ts";
import type { Carrier, ExposureItem, ExposureReport } from "../../../src/model/report.ts";
import type { CronJob } from "../../../src/model/workload.ts";
import {
  ago,
  controlledBy,
  cronJob,
  DAY,
  everything,
  finished,
  forbidden,
  HOUR,
  job,
  NOW,
  pod,
  running,
  template,
  terminated,
} from "../batch/objects.ts";
import { carrying, literal, reference, report, run, TOKEN } from "./objects.ts";

const only = ({ items }: ExposureReport): ExposureItem => {
  expect(items).toHaveLength(1);
  return items[0]!;
};
const of = (item: ExposureItem, kind: string): Carrier => item.carriers.find(({ object }) => object.kind === kind)!;
const shape = template({ literals: [literal("a")] });

describe("times in the future", () => {
  test("open a window that counts nothing yet", () => {
    const its = run("r", -HOUR, null, [literal("a")], { created: -HOUR });
    expect(only(report(its))).toMatchObject({ opens: ago(-HOUR), atRestHours: { soFar: 0, projected: null } });
  });

  test("of a deletion that already ended the window give no inverted one, and say why", () => {
    const tomorrow = pod("p", {
      template: template({ tokens: [TOKEN] }),
      startTime: ago(-DAY),
      containers: [terminated("main", ago(-DAY))],
      meta: { creationTimestamp: ago(-DAY) },
    });
    const item = only(report([tomorrow], { serviceaccounts: [] }));
    expect(item).toMatchObject({ opens: ago(-DAY), closes: ago(-DAY), atRestHours: { soFar: 0, projected: 0 } });
    expect(of(item, "Pod").closesWhy).toMatch(
      /no longer exists; by its times it ended at .*, so some clock was wrong$/,
    );
    expect(of(item, "Pod").closesIsBound).toBe(true);
  });

  test("a container that ended before it started used nothing, and its reference was open for no time", () => {
    const odd = pod("p", {
      template: template({ secretReferences: [reference("db")] }),
      startTime: ago(HOUR),
      containers: [terminated("main", ago(2 * HOUR))],
    });
    const item = only(report([odd]));
    expect(item.carriers).toMatchObject([{ class: "secret-env", opens: ago(HOUR), closes: ago(HOUR) }]);
    expect(item.carriers[0]!.closesWhy).toContain("some clock was wrong");
    expect(item.atRestHours).toEqual({ soFar: 0, projected: 0 });
  });
});

describe("times that are missing", () => {
  test("claim nothing before the evidence, and call that a bound", () => {
    const bare = { creationTimestamp: null, resourceVersion: "" };
    const item = only(report([carrying("backup", [literal("a")], { meta: bare })]));
    expect(item).toMatchObject({
      opens: NOW,
      closes: null,
      neededUntil: null,
      atRestHours: { soFar: 0, projected: null },
    });
    expect(of(item, "CronJob")).toMatchObject({
      opensIsBound: true,
      opensBecause: "the evidence has no creation time for the object",
    });
  });

  test("of a Job that has finished leave its TTL without an end, and say so", () => {
    const done = job("j", {
      conditions: [{ type: "Complete", status: "True", reason: null, lastTransitionTime: null }],
      spec: { ttlSecondsAfterFinished: 60, template: shape },
    });
    const item = only(report([done]));
    expect(item).toMatchObject({ closes: null, neededUntil: NOW });
    expect(of(item, "Job").closesWhy).toContain("its TTL never ends: the condition that ended it has no time");
  });

  test("of a container that has ended are taken from the pod", () => {
    const ended = pod("p", {
      template: shape,
      startTime: null,
      containers: [{ ...terminated("main", null) }],
      conditions: [{ type: "Ready", status: "False", reason: null, lastTransitionTime: ago(3 * HOUR) }],
      meta: { creationTimestamp: ago(4 * HOUR) },
    });
    expect(only(report([ended]))).toMatchObject({ neededUntil: ago(3 * HOUR) });
  });
});

describe("clock skew", () => {
  const api = (skewMs: number): Api => ({
    server: "https://127.0.0.1:6443",
    context: "test",
    namespace: "database",
    version: () => Promise.resolve("v1.36.4"),
    whoami: () => Promise.resolve(null),
    otherAuthorizers: () => Promise.resolve(false),
    review: () => Promise.resolve(null),
    skewMs: () => skewMs,
    get: () => Promise.resolve({ metadata: { uid: "u" } }),
    text: () => Promise.resolve({ text: "", cut: false }),
    close: () => Promise.resolve(),
    watch: () => Readable.from([]),
    async *list() {
      yield { items: [], resourceVersion: "1", restarted: false };
    },
  });
  const notes = async (skewMs: number): Promise<string[]> => {
    const collected = await collect(api(skewMs), {
      resources: ["cronjobs", "jobs", "pods"],
      namespace: null,
      allNamespaces: true,
      fingerprintKey: null,
      now: new Date(NOW),
      toolVersion: "0.1.0",
      progress: () => undefined,
    });
    return exposureReport(collected, everything()).notes;
  };

  test("against the server's Date is said in the report, with what it does to ages", async () => {
    expect(await notes(3_600_000)).toContain(
      "this machine's clock is 3600 s behind the server's: ages are too short by that",
    );
    expect(await notes(-90_000)).toContain(
      "this machine's clock is 90 s ahead of the server's: ages are too long by that",
    );
  });

  test("of a second is none", async () => {
    expect((await notes(1000)).filter((note) => note.includes("clock"))).toEqual([]);
  });
});

describe("containers without statuses", () => {
  test("of a finished pod: it ended when the pod did", () => {
    const ended = pod("p", {
      template: shape,
      startTime: ago(5 * HOUR),
      conditions: [{ type: "Ready", status: "False", reason: null, lastTransitionTime: ago(4 * HOUR) }],
      meta: { creationTimestamp: ago(5 * HOUR) },
    });
    expect(only(report([ended]))).toMatchObject({ neededUntil: ago(4 * HOUR), atRestHours: { soFar: 4 } });
  });

  test("of a pod that runs: it may be using it", () => {
    const busy = pod("p", {
      template: shape,
      phase: "Running",
      startTime: ago(HOUR),
      meta: { creationTimestamp: ago(HOUR) },
    });
    expect(only(report([busy]))).toMatchObject({ neededUntil: null, atRestHours: { soFar: 0, projected: null } });
  });

  test("of a pod that never started: nothing used it, so all of its time is rest", () => {
    const waiting = pod("p", {
      template: shape,
      phase: "Pending",
      startTime: null,
      meta: { creationTimestamp: ago(HOUR) },
    });
    expect(only(report([waiting]))).toMatchObject({ neededUntil: null, atRestHours: { soFar: 1, projected: null } });
  });
});

describe("owner references", () => {
  const carrier = (name: string) => job(name, { spec: { template: shape } });

  test("to nothing: the garbage collector is about to remove it", () => {
    const lost = carrier("lost");
    lost.meta.ownerReferences = controlledBy(cronJob("gone"));
    const item = only(report([lost]));
    expect(item.workload).toMatchObject({ kind: "Job", name: "lost" });
    expect(of(item, "Job")).toMatchObject({ closesBecause: "owner-deletion", closesIsBound: true });
    expect(of(item, "Job").closesWhy).toContain("cronjob/gone is gone");
  });

  test("to what was not seen: it may be there", () => {
    const lost = carrier("lost");
    lost.meta.ownerReferences = controlledBy(cronJob("unseen"));
    const item = only(report([lost], { blindSpots: [forbidden("cronjobs", null)] }));
    expect(item).toMatchObject({ closes: null, removedFromTemplate: null });
  });

  test("in a circle end nowhere, and each object is its own workload", () => {
    const [a, b] = [carrier("a"), carrier("b")];
    a.meta.ownerReferences = controlledBy(b);
    b.meta.ownerReferences = controlledBy(a);
    const self = carrier("self");
    self.meta.ownerReferences = controlledBy(self);
    const item = only(report([a, b, self]));
    expect(item.carriers).toHaveLength(3);
    expect(item.workload).toMatchObject({ kind: "Job", name: "a" });
  });
});

test("names that repeat after a deletion: uid decides whose run it is", () => {
  const first = carrying("backup", [literal("old")], { meta: { uid: "first" } });
  const second = carrying("backup", [literal("new")], { meta: { uid: "second" } });
  const { items } = report([second, ...run("backup-1", 9 * DAY, first, [literal("old")])]);
  const item = items.find(({ credential }) => credential.fingerprint === "old")!;
  expect(item).toMatchObject({ workload: { kind: "Job", name: "backup-1" }, removedFromTemplate: false });
  expect(of(item, "Job").closesWhy).toContain("its cronjob/backup was replaced by another of that name");
});

describe("a schedule that never fires", () => {
  const kept = (more: Partial<CronJob>): Carrier => {
    const owner = { ...carrying("backup", []), timeZone: "Etc/UTC", successfulJobsHistoryLimit: 1, ...more };
    return of(only(report([owner, ...run("r", DAY, owner, [literal("a")])])), "Job");
  };

  test.each<[string, Partial<CronJob>, RegExp]>([
    ["as it is invalid", { schedule: "every day" }, /no run follows: UnparseableSchedule, it has 2 fields, not 5/],
    [
      "as it has six fields",
      { schedule: "0 0 * * * *" },
      /no run follows: UnparseableSchedule, it has 6 fields, not 5/,
    ],
    [
      "as its time zone is unknown",
      { timeZone: "Mars/Olympus" },
      /no run follows: UnknownTimeZone, unknown time zone "Mars\/Olympus"/,
    ],
    [
      "as its day does not exist",
      { schedule: "0 0 31 2 *" },
      /no run follows: InvalidSchedule, it names no time to come/,
    ],
  ])("%s brings no run that pushes one out: no end, and the reason", (_, more, reason) => {
    const carrier = kept(more);
    expect(carrier).toMatchObject({ closes: null, closesBecause: "never", closesAssumes: null });
    expect(carrier.closesWhy).toMatch(reason);
  });

  test("unlike one that does", () => {
    expect(kept({})).toMatchObject({ closesBecause: "history-limit", closesAfterRuns: 1, closesIsBound: true });
    expect(kept({}).closes).not.toBeNull();
  });
});

test("a history limit of 0 keeps nothing: what finished is about to go, whatever the schedule", () => {
  const owner = { ...carrying("backup", []), successfulJobsHistoryLimit: 0, suspend: true, schedule: "no schedule" };
  const done = finished("r", 60, owner, { spec: { template: shape } });
  const carrier = of(only(report([owner, done])), "Job");
  expect(carrier).toMatchObject({
    closesBecause: "history-limit",
    closes: NOW,
    closesIsBound: true,
    closesAssumes: null,
  });
  expect(carrier.closesWhy).toContain("keeps 0 successful, and it is beyond: goes at the CronJob's next sync");
  const busy = job("busy", { active: 1, spec: { template: shape }, meta: { ownerReferences: controlledBy(owner) } });
  const its = pod("busy-x", {
    phase: "Running",
    containers: [running("main")],
    meta: { ownerReferences: controlledBy(busy) },
  });
  expect(of(only(report([{ ...owner, suspend: false }, busy, its])), "Job").closesBecause).toBe("history-limit");
});
