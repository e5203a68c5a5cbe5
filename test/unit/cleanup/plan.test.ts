import { describe, expect, test } from "vitest";
import { nothingCollected } from "../../../src/cleanup/dependents.ts";
import type { BlindSpot } from "../../../src/model/snapshot.ts";
import { ago, controlledBy, cronJob, DAY, finished, forbidden, HOUR, pod, running } from "../batch/objects.ts";
import { account, carrying, literal, reference, run, TOKEN } from "../exposure/objects.ts";
import { itemNamed, named, owned, planOf, podOf } from "./objects.ts";

const done = finished("done", 2 * DAY, null);
const its = podOf(done, 2 * DAY);

describe("what goes along", () => {
  test("a Secret and a PVC that its pod owns need a choice of their own", () => {
    const secret = owned("Secret", "tmp", [its]);
    const pvc = owned("PersistentVolumeClaim", "data", [its]);
    const evidence = { owned: [pvc, secret] };
    const item = itemNamed(planOf([done, its], {}, { evidence }), "done")!;
    expect(item.dependents).toEqual([
      {
        object: { kind: "Pod", namespace: "database", name: "done-x", uid: its.meta.uid },
        resource: { group: "", version: "v1", resource: "pods" },
        owner: done.meta.uid,
        needsChoice: false,
        shared: false,
        finalizers: [],
      },
      expect.objectContaining({ object: pvc.object, owner: its.meta.uid, needsChoice: true }),
      expect.objectContaining({ object: secret.object, owner: its.meta.uid, needsChoice: true }),
    ]);
    expect(item).toMatchObject({
      decision: "choose",
      needsBecause: "owns more than its pods: persistentvolumeclaim/data, secret/tmp",
    });
    const include = ["secrets", "persistentvolumeclaims"];
    expect(itemNamed(planOf([done, its], { include }, { evidence }), "done")!.decision).toBe("delete");
    expect(itemNamed(planOf([done, its], { include: ["secrets"] }, { evidence }), "done")!.decision).toBe("choose");
  });

  test("a tree of any depth, each object once, by uid and within the namespace", () => {
    const first = owned("Secret", "first", [done]);
    const second = owned("ConfigMap", "second", [first, done]);
    const third = owned("Secret", "third", [second]);
    const circle = owned("ConfigMap", "circle", [third]);
    const again = { ...third, resource: { group: "other", version: "v1", resource: "secrets" } };
    const elsewhere = owned("Secret", "far", [done], {
      object: { ...first.object, namespace: "payments", uid: "far" },
    });
    const other = owned("Secret", "other", [pod("unrelated")]);
    const evidence = {
      owned: [
        circle,
        third,
        again,
        elsewhere,
        other,
        { ...first, owners: [...first.owners, circle.object.uid!] },
        second,
      ],
    };
    const item = itemNamed(planOf([done, its], {}, { evidence }), "done")!;
    const names = item.dependents.map(({ object, owner }) => `${object.name} < ${owner}`);
    expect(names).toEqual([
      `done-x < ${done.meta.uid}`,
      `second < ${done.meta.uid}`,
      `third < ${second.object.uid!}`,
      `circle < ${third.object.uid!}`,
      `first < ${circle.object.uid!}`,
    ]);
  });

  test("what has other owners may stay, and is said to", () => {
    const shared = owned("Secret", "both", [done, pod("other")]);
    const item = itemNamed(planOf([done], {}, { evidence: { owned: [shared] } }), "done")!;
    expect(item.dependents[0]).toMatchObject({ shared: true, needsChoice: true });
    expect(item.needsBecause).toBe("owns more than its pods: secret/both (has other owners)");
  });

  test("nothing protected, running or held goes along unnoticed", () => {
    const kept = owned("Secret", "kept", [its], { isProtected: true });
    const plan = planOf([done, its], { include: ["secrets"] }, { evidence: { owned: [kept] } });
    expect(itemNamed(plan, "done")).toMatchObject({ decision: "refuse", refusal: "protected" });
    const debug = pod("debug", {
      phase: "Running",
      containers: [running("main")],
      meta: { ownerReferences: controlledBy(done, { controller: false }) },
    });
    expect(itemNamed(planOf([done, debug]), "done")).toMatchObject({ decision: "refuse", refusal: "active" });
    const held = podOf(done, DAY, { meta: { finalizers: ["example.com/logs"] } });
    expect(itemNamed(planOf([done, held]), "done")).toMatchObject({
      decision: "choose",
      needsBecause: "a finalizer holds pod/done-x",
    });
    const tracked = podOf(done, DAY, { meta: { finalizers: ["batch.kubernetes.io/job-tracking"] } });
    expect(itemNamed(planOf([done, tracked]), "done")!.decision).toBe("delete");
  });

  test("a pod that was not among those listed needs a choice", () => {
    const late = owned("Pod", "late", [done]);
    const item = itemNamed(planOf([done], {}, { evidence: { owned: [late] } }), "done")!;
    expect(item).toMatchObject({ decision: "choose", dependents: [{ needsChoice: true }] });
  });
});

describe("kinds that were not seen", () => {
  const spot = (namespace: string | null): BlindSpot => ({ ...forbidden("secrets", namespace), group: "" });

  test.for([null, "database"])("a kind that may not be listed (in %s) needs --yes-unseen", (namespace) => {
    const evidence = { blindSpots: [spot(namespace)] };
    const plan = planOf([done], {}, { evidence });
    expect(itemNamed(plan, "done")).toMatchObject({
      decision: "refuse",
      refusal: "unseen-dependents",
      refusedBecause: "what else would go along was not all seen (secrets): --yes-unseen accepts that",
    });
    expect(plan).toMatchObject({ complete: false, blindSpots: [spot(namespace)] });
    const accepted = planOf([done], { yesUnseen: true }, { evidence });
    expect(itemNamed(accepted, "done")!.decision).toBe("delete");
    expect(accepted.complete).toBe(false);
  });

  test("one of another namespace does not", () => {
    const plan = planOf([done], {}, { evidence: { blindSpots: [spot("payments")] } });
    expect(itemNamed(plan, "done")!.decision).toBe("delete");
  });

  test("pods that were not listed hide what a Job owns", () => {
    const plan = planOf([done], {}, { snapshot: { blindSpots: [forbidden("pods", "database")] } });
    expect(itemNamed(plan, "done")!.refusal).toBe("unseen-dependents");
  });

  test("a file shows none of them", () => {
    const plan = planOf([done], {}, { evidence: nothingCollected(["database"]) });
    expect(itemNamed(plan, "done")!.refusedBecause).toContain("no kind was looked at");
    expect(nothingCollected([])).toEqual({ owned: [], blindSpots: [] });
  });

  test("what is refused anyway keeps its reason", () => {
    const young = finished("young", 60, null);
    const plan = planOf([young], { olderThanSeconds: DAY }, { evidence: { blindSpots: [spot(null)] } });
    expect(itemNamed(plan, "young")!.refusal).toBe("too-young");
  });
});

describe("what it ends", () => {
  test("the last carrier's deletion ends an exposure, others narrow it", () => {
    const owner = carrying("backup", [literal("now")]);
    const [job, itsPod] = run("backup-1", HOUR, owner, [literal("now"), literal("was", { name: "OLD_PASSWORD" })]);
    const plan = planOf([owner, job, itsPod]);
    const { ends } = itemNamed(plan, "backup-1")!;
    expect([ends.exposures.length, ends.closed.length]).toEqual([2, 1]);
    expect(plan.summary).toMatchObject({ exposures: 2, exposuresClosed: 1 });
    // Its CronJob's history limit would end the other one at about the third run to come.
    expect(ends.savesHours).toBeGreaterThan(2);
    expect(ends.savesHours).toBeLessThan(3);
    expect(plan.summary.rotate.map(({ name }) => name).sort()).toEqual(["DB_PASSWORD", "OLD_PASSWORD"]);
    expect(plan.summary.notEnded.at(-1)).toBe("Still there afterwards: DB_PASSWORD in cronjob/backup of database.");
  });

  test("of two that carry the same, neither ends it alone, both together do", () => {
    const both = [run("one", HOUR, null, [literal("same")]), run("two", HOUR, null, [literal("same")])].flat();
    const plan = planOf(both);
    expect(plan.items.map(({ ends }) => [ends.exposures.length, ends.closed.length, ends.savesHours])).toEqual([
      [1, 0, 0],
      [1, 0, 0],
    ]);
    expect(plan.summary).toMatchObject({ exposures: 1, exposuresClosed: 1, savesHours: null, savesHoursAMonth: 720 });
    const one = planOf(both, { olderThanSeconds: 1 }, { selection: { objects: named(both[0]!) } });
    expect(one.summary).toMatchObject({ exposures: 1, exposuresClosed: 0, savesHours: 0 });
    expect(one.summary.notEnded.at(-1)).toBe("Still there afterwards: DB_PASSWORD in job/two of database and 1 more.");
  });

  test("hours until a TTL, no more", () => {
    const soon = run("soon", HOUR, null, [literal("x")], { spec: { ttlSecondsAfterFinished: 3 * HOUR } });
    expect(planOf(soon).summary).toMatchObject({ savesHours: 2, savesHoursAMonth: 2 });
  });

  test("a Secret that is only named stays, and the node's grant to it ends", () => {
    const named = [reference("db"), reference("pull", { use: "pull", containers: [], keys: null })];
    const [job, itsPod] = run("uses", HOUR, null, [], { pod: { secretReferences: named, nodeName: "node-1" } });
    const plan = planOf([job, itsPod]);
    const { ends } = itemNamed(plan, "uses")!;
    // Of `db` only the grant was left since its container ended; the pull Secret can be read as long as it is there.
    expect([ends.exposures.length, ends.closed.length]).toEqual([2, 1]);
    expect(plan.summary.rotate).toEqual([]);
    const evidence = { owned: [owned("Secret", "pull", [itsPod])] };
    const along = planOf([job, itsPod], { include: ["secrets"] }, { evidence });
    expect(itemNamed(along, "uses")!.ends.closed.length).toBe(2);
  });

  test("tokens for this API server end, those for others do not", () => {
    const vault = { ...TOKEN, audience: "vault", path: "spec.volumes[1].projected.sources[0]" };
    const plan = planOf(
      run("mints", HOUR, null, [], { pod: { tokens: [TOKEN, vault] } }),
      {},
      {
        snapshot: { serviceaccounts: [account("default")] },
      },
    );
    expect(itemNamed(plan, "mints")!.ends).toMatchObject({ tokens: 1 });
    expect(plan.summary).toMatchObject({ tokens: 1, rotate: [] });
    expect(plan.summary.notEnded).toEqual([
      expect.stringMatching(
        /^Tokens bound to these pods end at this API server, .*; tokens that were minted with them do not/,
      ),
      "Not ended: 1 token for vault: whoever judges such a token offline goes by its exp alone.",
      "Whoever may list or watch reads what is deleted back by an old resourceVersion, for about 5 to 10 minutes more.",
    ]);
  });

  test("sums are over what goes without a further choice, and nothing is promised where nothing goes", () => {
    const [job, itsPod] = run("chosen", HOUR, null, [literal("x")]);
    const plan = planOf([job, itsPod], {}, { evidence: { owned: [owned("Secret", "tmp", [job])] } });
    expect(itemNamed(plan, "chosen")!.ends.closed.length).toBe(1);
    expect(plan.summary).toMatchObject({
      toChoose: 1,
      exposures: 0,
      exposuresClosed: 0,
      tokens: 0,
      savesHours: 0,
      notEnded: [],
    });
    expect(plan.summary.rotate.length).toBe(1);
  });
});

describe("other ways out", () => {
  test("a TTL for Jobs to come and a suspended CronJob, as patches that touch no Job that is there", () => {
    const owner = carrying("backup", [literal("now")]);
    const runs = [1, 2].flatMap((n) => run(`backup-${String(n)}`, n * HOUR, owner, [literal("now")]));
    const { otherWays } = planOf([owner, ...runs]).summary;
    expect(otherWays.map(({ way, items, patch }) => ({ way, items, patch }))).toEqual([
      { way: "ttl", items: 2, patch: { spec: { jobTemplate: { spec: { ttlSecondsAfterFinished: 3600 } } } } },
      { way: "suspend", items: 2, patch: { spec: { suspend: true } } },
    ]);
    expect(otherWays[0]).toMatchObject({
      diff: [" spec:", "   jobTemplate:", "     spec:", "+      ttlSecondsAfterFinished: 3600"],
      resourceVersion: owner.meta.resourceVersion,
      command: `kubectl patch cronjob/backup -n database --type=merge -p '{"spec":{"jobTemplate":{"spec":{"ttlSecondsAfterFinished":3600}}}}'`,
    });
  });

  test("none where there is a TTL, nothing to carry, or it is suspended", () => {
    const base = cronJob("quiet").job;
    const owner = cronJob("quiet", { job: { ...base, ttlSecondsAfterFinished: 600 } });
    expect(planOf([owner, finished("quiet-1", HOUR, owner)]).summary.otherWays).toEqual([]);
    const long = cronJob("long", { suspend: true, job: { ...base, ttlSecondsAfterFinished: 7 * DAY } });
    const { otherWays } = planOf([long, finished("long-1", HOUR, long)]).summary;
    expect(otherWays.map(({ way, diff }) => [way, diff.slice(-2)])).toEqual([
      ["ttl", ["-      ttlSecondsAfterFinished: 604800", "+      ttlSecondsAfterFinished: 3600"]],
    ]);
  });

  test("a legacy token ends with its Secret", () => {
    const shape = { secretReferences: [reference("etl-token", { keys: ["token"] })] };
    const secret = {
      kind: "Secret" as const,
      type: "kubernetes.io/service-account-token",
      meta: {
        ...cronJob("etl-token").meta,
        creationTimestamp: ago(9 * DAY),
        annotations: { "kubernetes.io/service-account.name": "default" },
      },
    };
    const plan = planOf(
      run("etl", HOUR, null, [], { pod: { ...shape, nodeName: "node-1" } }),
      {},
      {
        snapshot: { secrets: [secret] },
      },
    );
    expect(plan.summary.otherWays).toMatchObject([
      { way: "delete-token", patch: null, items: 1, command: "kubectl delete secret/etl-token -n database" },
    ]);
  });
});
