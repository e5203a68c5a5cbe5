import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { jobOutcome, podFinish, podFinished } from "../../../src/batch/finish.ts";
import { planCleanup } from "../../../src/cleanup/plan/index.ts";
import { openWindows } from "../../../src/cleanup/plan/ending.ts";
import type { Owned } from "../../../src/cleanup/plan/tree.ts";
import { judge } from "../../../src/exposure/judge.ts";
import { before, hours, measure, subtract, union } from "../../../src/exposure/windows.ts";
import type { CleanupItem, CleanupPlan, CleanupRules } from "../../../src/model/cleanup.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { Job, Pod } from "../../../src/model/workload.ts";
import { schemaErrors } from "../../schema.ts";
import { DAY, everything, HOUR } from "../batch/objects.ts";
import { snapshots } from "../exposure/random-snapshot.ts";
import { shuffled } from "../exposure/shuffled.ts";
import { rules } from "./objects.ts";

vi.setConfig({ testTimeout: 120_000 });
const RUNS = 100;

/** What is drawn besides the snapshot: marks on objects, things that they own, rules. */
interface Draw {
  snapshot: Snapshot;
  owned: Owned[];
  rules: CleanupRules;
}

const objectsOf = ({ jobs, pods }: Snapshot): (Job | Pod)[] => [...jobs, ...pods];

const upTo = <T>(all: T[], most: number): fc.Arbitrary<T[]> =>
  fc.subarray(all, { maxLength: Math.min(most, all.length) });

const draws: fc.Arbitrary<Draw> = snapshots.chain((drawn) => {
  const objects = objectsOf(drawn);
  const some = upTo(objects, 3);
  return fc
    .record({
      protectedOnes: upTo(objects, 1),
      managed: upTo(objects, 1),
      ownedBy: fc.array(some, { maxLength: 4 }),
      named: some,
      olderThanSeconds: fc.constantFrom(null, HOUR, DAY),
      flags: fc.record({ stopRunning: fc.boolean(), include: fc.subarray(["secrets"]) }),
    })
    .map(({ protectedOnes, managed, ownedBy, named, olderThanSeconds, flags }) => ({
      snapshot: {
        ...drawn,
        jobs: drawn.jobs.map((one) => marked(one, protectedOnes, managed)),
        pods: drawn.pods.map((one) => marked(one, protectedOnes, managed)),
      },
      owned: ownedBy.map((owners, index): Owned => {
        const [first] = owners;
        const uid = `owned-${String(index)}`;
        return {
          object: { kind: "Secret", namespace: first?.meta.namespace ?? "a", name: uid, uid },
          resource: { group: "", version: "v1", resource: "secrets" },
          resourceVersion: "1",
          owners: [...owners.map(({ meta }) => meta.uid), ...(index > 0 ? [`owned-${String(index - 1)}`] : [])],
          finalizers: [],
          isProtected: false,
        };
      }),
      rules: rules({
        ...flags,
        olderThanSeconds,
        named: named.map(({ kind, meta }) => ({ kind, namespace: meta.namespace, name: meta.name })),
      }),
    }));
});

function marked<T extends Job | Pod>(object: T, protectedOnes: readonly object[], managed: readonly object[]): T {
  const annotations = {
    ...object.meta.annotations,
    ...(protectedOnes.includes(object) ? { "cronaudit/protect": "" } : {}),
    ...(managed.includes(object) ? { "meta.helm.sh/release-name": "app" } : {}),
  };
  return { ...object, meta: { ...object.meta, annotations } };
}

const planOf = ({ snapshot, owned, rules: by }: Draw): CleanupPlan =>
  planCleanup(snapshot, everything({ all: true }), by, { owned, blindSpots: [] });

function check(body: (draw: Draw, plan: CleanupPlan) => void, numRuns = RUNS): void {
  fc.assert(
    fc.property(draws, (draw) => body(draw, planOf(draw))),
    { numRuns },
  );
}

const going = ({ items }: CleanupPlan): CleanupItem[] => items.filter(({ decision }) => decision === "delete");

test("nothing that runs, is held, protected, too young or of unknown age is ever deleted", () => {
  let deleted = 0;
  check(({ snapshot, rules: by }, plan) => {
    const now = Date.parse(snapshot.metadata.takenAt);
    const all = new Map(objectsOf(snapshot).map((one) => [one, one.meta.uid]));
    for (const item of going(plan)) {
      deleted++;
      const here = [...all].filter(([, uid]) => uid === item.object.uid).map(([one]) => one);
      const object = here.find(
        ({ kind, meta }) => kind === item.object.kind && meta.namespace === item.object.namespace,
      )!;
      const named = by.named.some(
        ({ kind, name, namespace }) =>
          kind === object.kind && name === object.meta.name && namespace === object.meta.namespace,
      );
      if (object.kind === "Job")
        expect(jobOutcome(object) !== null || (named && by.stopRunning && item.state === "hung")).toBe(true);
      else expect(podFinished(object) || (named && by.stopRunning)).toBe(true);
      expect(object.meta.deletionTimestamp).toBeNull();
      expect(object.meta.finalizers.filter((one) => one.includes("/"))).toEqual([]);
      expect(Object.keys(object.meta.annotations)).not.toContain("cronaudit/protect");
      if (
        Object.hasOwn(object.meta.annotations, "meta.helm.sh/release-name") &&
        object.meta.ownerReferences.length === 0
      )
        expect(named).toBe(true);
      const finished = object.kind === "Job" ? jobOutcome(object) !== null : podFinished(object);
      if (finished) {
        expect(item.ageIsBound).toBe(false);
        const at = Date.parse(item.finishedAt!);
        if (by.olderThanSeconds !== null) expect(now - at).toBeGreaterThanOrEqual(by.olderThanSeconds * 1000);
        if (object.kind === "Pod") expect(podFinish(object)!.source).not.toBe("creation");
      }
      for (const { object: dependent, needsChoice, resource } of item.dependents) {
        if (needsChoice) expect(by.include).toContain(resource.resource);
        const pod = snapshot.pods.find(({ meta }) => meta.uid === dependent.uid);
        if (pod !== undefined) expect(podFinished(pod) || (named && by.stopRunning)).toBe(true);
      }
    }
  }, 3 * RUNS);
  expect(deleted).toBeGreaterThan(20);
});

test("everything that an owner reference leads to is in the plan", () => {
  check(({ snapshot, owned }, plan) => {
    const all: { uid: string | null; namespace: string | null; owners: string[] }[] = [
      ...owned.map(({ object, owners }) => ({ uid: object.uid, namespace: object.namespace, owners })),
      ...[...objectsOf(snapshot), ...snapshot.configmaps, ...snapshot.cronjobs].map(({ meta }) => ({
        uid: meta.uid,
        namespace: meta.namespace,
        owners: meta.ownerReferences.map((one) => one.uid),
      })),
    ];
    for (const { object, dependents } of plan.items) {
      const taken = new Set([object.uid]);
      for (let size = 0; size !== taken.size;) {
        size = taken.size;
        for (const one of all)
          if (one.namespace === object.namespace && one.owners.some((uid) => taken.has(uid))) taken.add(one.uid);
      }
      expect(new Set([object.uid, ...dependents.map((one) => one.object.uid)])).toEqual(taken);
    }
  });
});

test("the hours that are saved are those of the windows that go", () => {
  check(({ snapshot }, plan) => {
    const judgement = judge(snapshot, { allReaders: false });
    const byUid = new Map<string, number>();
    const byName = new Map<string, number>();
    for (const [index, { object, dependents }] of plan.items.entries()) {
      for (const one of [object, ...dependents.map((dependent) => dependent.object)]) {
        if (!byUid.has(one.uid!)) byUid.set(one.uid!, index);
        const key = `Secret/${one.namespace ?? ""}/${one.name}`;
        if (one.kind === "Secret" && !byName.has(key)) byName.set(key, index);
      }
    }
    const end = judgement.context.now + 30 * DAY * 1000;
    const lasts = (judged: (typeof judgement.judged)[number], at: number[]): number => {
      const windows = union(at.map((one) => judged.restingAt(one)).filter(({ from, to }) => to > from));
      // What is there has opened, whatever a clock that was wrong wrote.
      const later = windows.map(({ to }) => ({ from: judgement.context.now, to }));
      return measure(subtract(before(later, end), judged.uses));
    };
    let month = 0;
    for (const judged of judgement.judged) {
      const open = openWindows(judged, judgement, { byUid, byName });
      const rest = open.filter(({ by }) => by === null || plan.items[by]!.decision !== "delete");
      if (rest.length === open.length) continue;
      month += hours(
        lasts(
          judged,
          open.map(({ at }) => at),
        ) -
          lasts(
            judged,
            rest.map(({ at }) => at),
          ),
      );
    }
    expect(plan.summary.savesHoursAMonth).toBeCloseTo(month, 0);
    const closed = new Set(going(plan).flatMap(({ ends }) => ends.closed));
    expect(plan.summary.exposuresClosed).toBeGreaterThanOrEqual(closed.size);
    expect(plan.summary.exposures).toBeGreaterThanOrEqual(plan.summary.exposuresClosed);
  });
});

test("the order of the evidence changes nothing, and the plan keeps to its schema", () => {
  fc.assert(
    fc.property(draws, fc.array(fc.integer(), { minLength: 5, maxLength: 20 }), (draw, order) => {
      const plan = planOf(draw);
      expect(schemaErrors(JSON.parse(JSON.stringify(plan)) as CleanupPlan)).toEqual([]);
      const again = planOf({ ...draw, snapshot: shuffled(draw.snapshot, order), owned: draw.owned.toReversed() });
      expect(again.summary).toEqual(plan.summary);
      expect(again.items).toEqual(plan.items);
    }),
    { numRuns: RUNS },
  );
});
