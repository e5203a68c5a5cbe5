import { describe, expect, it } from "vitest";
import { indexOwners } from "../../../src/batch/owners.ts";
import { retention } from "../../../src/batch/retention.ts";
import type { CronJob, Job } from "../../../src/model/workload.ts";
import { ago, condition, controlledBy, cronJob, DAY, finished, HOUR, job, NOW, snapshot } from "./objects.ts";

/** Hourly, on the hour, in UTC; it ran at noon, which is now. */
const hourly = (more: Parameters<typeof cronJob>[1] = {}) =>
  cronJob("backup", { timeZone: "Etc/UTC", lastScheduleTime: NOW, successfulJobsHistoryLimit: 1, ...more });
/** Ran at ten and took a minute. */
const last = (owner: CronJob, more: Parameters<typeof finished>[3] = {}) =>
  finished("last", 2 * HOUR - 60, owner, { startTime: ago(2 * HOUR), ...more });
const active = (owner: CronJob, name = "active", more: Parameters<typeof job>[1] = {}) =>
  job(name, { startTime: ago(HOUR), ...more, meta: { ownerReferences: controlledBy(owner), ...more.meta } });

const judge = (object: Job, ...others: (CronJob | Job)[]) =>
  retention(object, indexOwners(snapshot([object, ...others])));

describe("the next runs", () => {
  it("start at the slots to come, and take what such runs took (median)", () => {
    const owner = hourly();
    expect(judge(last(owner), owner)).toMatchObject({
      governedBy: "history-limit",
      deletesAt: ago(-HOUR - 60),
      isBound: true,
      assumes: "the next run succeeds",
      afterRuns: 1,
    });
  });

  it("may end at once where none was seen to end with that outcome", () => {
    const owner = hourly();
    const turned = last(owner, {
      startTime: ago(HOUR),
      conditions: [condition("Complete", ago(2 * HOUR))],
      completionTime: null,
    });
    expect(judge(turned, owner).deletesAt).toBe(ago(-HOUR));
    expect(judge(turned, owner).why).toContain("how long one takes is not known: it may end at once");
  });

  it("count with the outcome that the limit is about", () => {
    const owner = hourly();
    expect(judge(last(owner, { outcome: "Failed" }), owner).assumes).toBe("the next run fails");
  });

  it("follow spec.timeZone, clock changes included", () => {
    // In Berlin it is 13:00; 01:30 the next day is 00:30 UTC.
    const owner = hourly({ schedule: "30 1 * * *", timeZone: "Europe/Berlin" });
    expect(judge(last(owner), owner).deletesAt).toBe("2026-11-23T00:31:00Z");
  });

  it("follow @every from the last start, not the clock", () => {
    const owner = hourly({ schedule: "@every 90m", timeZone: null, lastScheduleTime: ago(30 * 60) });
    expect(judge(last(owner), owner).deletesAt).toBe(ago(-HOUR - 60));
  });

  it("make up for a slot that was missed, at once", () => {
    const owner = hourly({ lastScheduleTime: ago(HOUR) });
    expect(judge(last(owner), owner).deletesAt).toBe(ago(-60));
  });

  it("do not make up for it once its starting deadline has passed", () => {
    const owner = hourly({ schedule: "30 * * * *", lastScheduleTime: ago(90 * 60), startingDeadlineSeconds: 60 });
    expect(judge(last(owner), owner).deletesAt).toBe(ago(-30 * 60 - 60));
  });

  it("are more than can be played where the limit is high: then no time is given", () => {
    const owner = hourly({ successfulJobsHistoryLimit: 90 });
    expect(judge(last(owner), owner)).toMatchObject({ governedBy: "history-limit", deletesAt: null, afterRuns: 90 });
  });

  it("come later than a lastScheduleTime that lies in the future", () => {
    const owner = hourly({ lastScheduleTime: ago(-5 * HOUR) });
    expect(judge(last(owner), owner).deletesAt).toBe(ago(-6 * HOUR - 60));
  });
});

describe("no run follows, so the Job stays", () => {
  it.each<[string, Parameters<typeof cronJob>[1], string]>([
    ["a schedule that does not parse", { schedule: "61 * * * *" }, "UnparseableSchedule"],
    ["an unknown time zone", { timeZone: "Mars/Olympus" }, 'UnknownTimeZone, unknown time zone "Mars/Olympus"'],
    ["a date that never comes", { schedule: "0 0 31 2 *" }, "InvalidSchedule, it names no time to come"],
    ["a starting deadline of nothing", { startingDeadlineSeconds: 0 }, "MissSchedule, with startingDeadlineSeconds 0"],
    [
      "@every with a starting deadline that is shorter",
      { schedule: "@every 1h", timeZone: null, startingDeadlineSeconds: 60 },
      "MissSchedule, with startingDeadlineSeconds 60",
    ],
    ["suspension", { suspend: true }, "no run follows while it is suspended"],
    ["the CronJob's own deletion", { meta: { deletionTimestamp: NOW, finalizers: ["orphan"] } }, "no run follows"],
  ])("for %s", (_, more, why) => {
    const owner = hourly(more);
    const judged = judge(last(owner), owner);
    expect(judged).toMatchObject({ governedBy: "none", deletesAt: null, isBound: false, assumes: null });
    expect(judged.why).toContain(why);
  });

  it("for a suspended Job that concurrencyPolicy Forbid waits for", () => {
    const owner = hourly({ concurrencyPolicy: "Forbid", active: ["active"] });
    const waiting = active(owner, "active", { spec: { suspend: true }, startTime: null });
    const judged = judge(last(owner), owner, waiting);
    expect(judged).toMatchObject({ governedBy: "none", deletesAt: null });
    expect(judged.why).toContain("its job/active is suspended, and concurrencyPolicy is Forbid");
  });

  it("for a template's TTL that takes each run away before the limit is reached", () => {
    const owner = hourly({ successfulJobsHistoryLimit: 2 });
    owner.job = { ...owner.job, ttlSecondsAfterFinished: 60 };
    expect(judge(last(owner), owner)).toMatchObject({ governedBy: "none", deletesAt: null });
    expect(judge(last(owner), owner).why).toContain("go by their own TTL before 2 are there together");
    owner.job = { ...owner.job, ttlSecondsAfterFinished: 2 * HOUR };
    expect(judge(last(owner), owner)).toMatchObject({ governedBy: "history-limit", deletesAt: ago(-2 * HOUR - 60) });
  });
});

describe("a TTL beside the limit", () => {
  it("on a newer Job takes it out of the count, and makes room for one more run", () => {
    const owner = hourly({ successfulJobsHistoryLimit: 2 });
    const newer = finished("newer", HOUR - 60, owner, { startTime: ago(HOUR) });
    expect(judge(last(owner), owner, newer)).toMatchObject({ deletesAt: ago(-HOUR - 60) });
    const brief = { ...newer, spec: { ...newer.spec, ttlSecondsAfterFinished: 90 * 60 } };
    expect(judge(last(owner), owner, brief)).toMatchObject({
      deletesAt: ago(-2 * HOUR - 60),
      assumes: "the next 2 runs succeed",
    });
  });

  it("ends the Job in any case where the runs do not come", () => {
    const owner = hourly();
    const given = last(owner, { spec: { ttlSecondsAfterFinished: 5 * HOUR } });
    const judged = judge(given, owner);
    expect(judged).toMatchObject({ governedBy: "history-limit", deletesAt: ago(-HOUR - 60) });
    expect(judged.why).toContain(`otherwise ${ago(-3 * HOUR - 60)}: TTL of 18000 s after it finished`);
  });

  it("is a bound where quicker runs may push the Job out before", () => {
    const owner = hourly();
    const at = (seconds: number) =>
      judge(last(owner, { spec: { ttlSecondsAfterFinished: 3 * HOUR - 60 + seconds } }), owner);
    expect(at(30)).toMatchObject({ governedBy: "ttl", deletesAt: ago(-HOUR - 30), isBound: true });
    expect(at(-30)).toMatchObject({ governedBy: "ttl", deletesAt: ago(-HOUR + 30), isBound: false });
  });
});

describe("a run under way", () => {
  it("counts when it ends: after what such runs take, or at once where it takes longer already", () => {
    const owner = hourly();
    const [young, old] = [active(owner, "a", { startTime: ago(20) }), active(owner)];
    expect(judge(last(owner), owner, young)).toMatchObject({
      deletesAt: ago(-40),
      assumes: "the run under way succeeds",
    });
    expect(judge(last(owner), owner, old)).toMatchObject({ deletesAt: NOW, assumes: "the run under way succeeds" });
  });

  it("does not push out what started after it", () => {
    const owner = hourly();
    const older = active(owner, "older", { startTime: ago(DAY) });
    expect(judge(last(owner), owner, older)).toMatchObject({
      deletesAt: ago(-HOUR - 60),
      assumes: "the next run succeeds",
    });
  });

  it("and further runs together reach the limit", () => {
    const owner = hourly({ successfulJobsHistoryLimit: 2 });
    expect(judge(last(owner), owner, active(owner)).assumes).toBe("the run under way and the next run succeed");
  });

  it("goes itself as soon as it ends where the limit is 0", () => {
    const owner = hourly({ successfulJobsHistoryLimit: 0 });
    expect(judge(active(owner), owner)).toMatchObject({
      governedBy: "history-limit",
      deletesAt: NOW,
      assumes: "it succeeds",
    });
  });

  it("goes by the outcome that ends it sooner", () => {
    const owner = hourly({ successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 });
    expect(judge(active(owner), owner)).toMatchObject({ deletesAt: ago(-HOUR), assumes: "it and the next run fail" });
  });

  it("keeps the next from starting with Forbid, which makes up for the slot when it ends", () => {
    const owner = hourly({ concurrencyPolicy: "Forbid", lastScheduleTime: ago(HOUR), active: ["a"] });
    const one = active(owner, "a", { startTime: ago(HOUR + 30) });
    const twice = { ...owner, successfulJobsHistoryLimit: 2 };
    expect(judge(last(twice), twice, one)).toMatchObject({
      deletesAt: ago(-60),
      assumes: "the run under way and the next run succeed",
    });
  });

  it("is replaced by the next one with Replace", () => {
    const owner = hourly({ concurrencyPolicy: "Replace", active: ["a"] });
    expect(judge(active(owner, "a", { spec: { suspend: true }, startTime: null }), owner)).toMatchObject({
      governedBy: "owner",
      deletesAt: ago(-HOUR),
      isBound: true,
      assumes: "it still runs then",
    });
  });

  it("is replaced at the next slot, and not pushed out by a run that would have to end in that instant", () => {
    const owner = hourly({ concurrencyPolicy: "Replace", active: ["a"] });
    expect(judge(active(owner, "a"), owner)).toMatchObject({
      governedBy: "owner",
      deletesAt: ago(-HOUR),
      assumes: "it still runs then",
    });
  });

  it("is not replaced when nobody put it into status.active, as one that was made by hand", () => {
    const owner = hourly({ concurrencyPolicy: "Replace", successfulJobsHistoryLimit: 0 });
    expect(judge(active(owner), owner)).toMatchObject({ governedBy: "history-limit", assumes: "it succeeds" });
  });
});

describe("a Job of another controller with the CronJob's name", () => {
  const ownerReferences = [
    { apiVersion: "v1", kind: "ConfigMap", name: "backup", uid: "uid-of-a-configmap", controller: true },
  ];
  const owner = hourly({ meta: { creationTimestamp: ago(DAY) }, successfulJobsHistoryLimit: 0 });
  const stranger = finished("stranger", 600, null, { meta: { ownerReferences } });

  it("goes at the CronJob's next slot, because its own end makes nobody look", () => {
    const before = { ...owner, lastScheduleTime: ago(HOUR), schedule: "0 0,11 * * *" };
    expect(judge(stranger, before)).toMatchObject({
      governedBy: "history-limit",
      deletesAt: "2026-11-23T00:00:00Z",
      assumes: null,
    });
    expect(judge(stranger, before).why).toContain("goes at the CronJob's next sync, by its next slot or a change");
  });

  it("under way is not needed where a run of the CronJob itself reaches the limit", () => {
    const one = hourly({ successfulJobsHistoryLimit: 1 });
    const under = job("under", { startTime: ago(HOUR), meta: { ownerReferences } });
    expect(judge(last(one), one, active(one), under)).toMatchObject({
      deletesAt: NOW,
      assumes: "the run under way succeeds",
    });
  });

  it("goes now where the controller has looked since it ended", () => {
    expect(judge(stranger, owner)).toMatchObject({ deletesAt: NOW });
  });

  it("goes within a day, when everything is delivered anew, where no slot follows", () => {
    const suspended = { ...owner, suspend: true, lastScheduleTime: ago(HOUR) };
    expect(judge(stranger, suspended)).toMatchObject({ governedBy: "history-limit", deletesAt: ago(-DAY) });
  });
});

describe("what is about to go by other means still counts until then", () => {
  it("so that the order in which two controllers act decides", () => {
    const owner = hourly();
    const ownerReferences = controlledBy(owner, { uid: "uid-of-its-predecessor" });
    const lost = finished("lost", HOUR, null, { meta: { ownerReferences } });
    const judged = judge(last(owner), owner, lost);
    expect(judged).toMatchObject({ governedBy: "history-limit", deletesAt: NOW });
    expect(judged.assumes).toBe("the CronJob's next sync comes before job/lost is gone, which still counts");
  });
});

describe("a controller-manager's time zone that nothing names", () => {
  const at = (schedule: string, lastScheduleTime: string | null, more: CronJob[] = []) => {
    const owner = hourly({ schedule, lastScheduleTime, timeZone: null, meta: { creationTimestamp: NOW } });
    return judge(last(owner), owner, ...more);
  };

  it("is inferred from the last run: the offset in which that was due", () => {
    const judged = at("0 3 * * *", "2026-11-22T01:00:00Z");
    expect(judged.deletesAt).toBe("2026-11-23T01:01:00Z");
    expect(judged.why).toContain("read in UTC+2, the time zone that its runs fit");
  });

  it("is not mentioned where it is UTC, or makes no difference", () => {
    expect(at("0 3 * * *", "2026-11-22T03:00:00Z").why).not.toContain("zone");
    expect(at("*/15 * * * *", "2026-11-22T11:45:00Z").why).not.toContain("zone");
  });

  it("is inferred from other CronJobs of the same controller-manager", () => {
    const other = cronJob("other", { schedule: "15 4 * * *", lastScheduleTime: "2026-11-21T22:45:00Z" });
    const judged = at("0 3 * * *", null, [other]);
    expect(judged.deletesAt).toBe("2026-11-22T21:31:00Z");
    expect(judged.why).toContain("read in UTC+5:30");
  });

  it("is not known where no run says anything: the time is then the earliest of all zones", () => {
    const judged = at("0 3 * * *", null);
    expect(judged.deletesAt! >= NOW && judged.deletesAt! < "2026-11-22T14:00:00Z").toBe(true);
    expect(judged.why).toContain("the controller-manager's time zone is not known: it may be later");
  });
});

describe("bad input", () => {
  it("a start in the future keeps its place as the newest until then", () => {
    const owner = hourly();
    const ahead = finished("ahead", -3 * HOUR, owner, { startTime: ago(-150 * 60) });
    expect(judge(ahead, owner)).toMatchObject({ governedBy: "history-limit", deletesAt: ago(-3.5 * HOUR) });
  });

  it("no creation and no last run: it is judged as made now", () => {
    const owner = hourly({ meta: { creationTimestamp: null }, lastScheduleTime: null });
    expect(judge(last(owner), owner).deletesAt).toBe(ago(-HOUR - 60));
  });

  it("a name in status.active that no Job has holds nothing up", () => {
    const owner = hourly({ concurrencyPolicy: "Forbid", active: ["nobody"] });
    expect(judge(last(owner), owner).deletesAt).toBe(ago(-HOUR - 60));
  });

  it("a CronJob that was made again under its name has no say in the Jobs of the one before: the uid decides", () => {
    const owner = hourly();
    const lost = last(owner, { meta: { ownerReferences: controlledBy(owner, { uid: "uid-of-its-predecessor" }) } });
    expect(judge(lost, owner)).toMatchObject({ governedBy: "owner", deletesAt: NOW });
    expect(judge(lost, owner).why).toContain("its cronjob/backup was replaced by another of that name");
  });

  it("owner references in a circle, or to itself, end nowhere and never loop", () => {
    const [a, b] = [finished("a", DAY, null), finished("b", DAY, null)];
    a.meta.ownerReferences = controlledBy(b);
    b.meta.ownerReferences = controlledBy(a);
    expect(judge(a, b)).toMatchObject({ governedBy: "none", deletesAt: null });
    const self = finished("self", DAY, null);
    self.meta.ownerReferences = controlledBy(self);
    expect(judge(self)).toMatchObject({ governedBy: "none", deletesAt: null });
  });
});
