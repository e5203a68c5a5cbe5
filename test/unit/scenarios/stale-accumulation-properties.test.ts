import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { ReplayFacts, WorkloadReplay } from "../../../src/model/replay-report.ts";
import type { SubjectRef } from "../../../src/model/report.ts";
import type { Resource, Snapshot } from "../../../src/model/snapshot.ts";
import { becomes } from "../../../src/scenarios/assess/becomes.ts";
import { completedPod } from "../../../src/scenarios/completed-pod.ts";
import { assessContext } from "../../../src/scenarios/context.ts";
import type { Scenario } from "../../../src/scenarios/scenario.ts";
import { staleAccumulation } from "../../../src/scenarios/stale-accumulation.ts";
import { ago, DAY, forbidden, HOUR } from "../batch/objects.ts";
import { carrying, literal, run, seen } from "../exposure/objects.ts";
import { SUBJECTS } from "../exposure/random-grants.ts";
import { snapshots } from "../exposure/random-snapshot.ts";
import { bind, role, rule, user } from "../rbac/fixture.ts";

vi.setConfig({ testTimeout: 120_000 });
const RUNS = 120;
const SCENARIOS: Scenario[] = [completedPod, staleAccumulation];
const MASTERS: SubjectRef[] = [{ kind: "Group", namespace: null, name: "system:masters" }];
const position = fc.oneof(
  fc.constant<SubjectRef[]>([{ kind: "User", namespace: null, name: "alice" }]),
  fc.subarray(SUBJECTS as SubjectRef[], { maxLength: 2 }),
);
const KINDS: Resource[] = [
  ...(["cronjobs", "jobs", "pods", "configmaps", "nodes", "serviceaccounts"] as const),
  ...(["roles", "rolebindings", "clusterroles", "clusterrolebindings"] as const),
];

/** A CronJob with many runs, of which Jobs or pods may be gone; values repeat, and places hold several of one name. */
const busy: fc.Arbitrary<Snapshot> = fc
  .record({
    runs: fc.uniqueArray(
      fc.record({
        seconds: fc.integer({ min: 0, max: 30 * DAY }),
        late: fc.nat(2 * DAY),
        values: fc.array(fc.constantFrom("f1", "f2", "f3", ""), { maxLength: 3 }),
        kept: fc.constantFrom("both", "both", "job", "pod"),
      }),
      { maxLength: 6, selector: ({ seconds }) => seconds },
    ),
    ttl: fc.constantFrom(null, 60, 5 * DAY),
    limit: fc.nat(2),
    blind: fc.constantFrom<Resource | null>(null, null, "pods", "jobs"),
    rights: fc.subarray([
      ...[rule("list", "pods"), rule("get", "pods", ["r0-x"]), rule("list", "jobs", [], ["batch"])],
      rule("get", "cronjobs", [], ["batch"]),
    ]),
  })
  .map(({ runs, ttl, limit, blind, rights }) => {
    const bare = carrying("backup", [literal("f1")], { successfulJobsHistoryLimit: limit, failedJobsHistoryLimit: 0 });
    const owner = { ...bare, job: { ...bare.job, ttlSecondsAfterFinished: ttl } };
    const objects = runs.flatMap(({ seconds, late, values, kept }, at) => {
      const [job, pod] = run(
        `r${String(at)}`,
        seconds,
        owner,
        values.map((one) => literal(one)),
      );
      const begun = { ...pod, startTime: ago(seconds + HOUR - late) };
      return kept === "both" ? [job, begun] : kept === "job" ? [job] : [begun];
    });
    const blindSpots = blind === null ? [] : [forbidden(blind, "database")];
    const roles = [role("database", "r", rights)];
    const rolebindings = [bind("database", "r", "Role/r", [user("alice")])];
    return seen([owner, ...objects], { blindSpots, roles, rolebindings });
  });
const evidence = fc.oneof(snapshots, { weight: 3, arbitrary: busy });

const assess = (scenario: Scenario, snapshot: Snapshot, from: SubjectRef[]): WorkloadReplay[] =>
  scenario.assess(assessContext(snapshot, from, () => true));
const check = <T extends unknown[]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  body: (...values: T) => void,
  numRuns = RUNS,
): void => {
  fc.assert(
    fc.property(fc.tuple(...arbitraries), (values) => {
      body(...(values as T));
    }),
    { numRuns },
  );
};

/** What the adversary gets, as one text each. */
function gets(facts: ReplayFacts): string[] {
  if (facts.kind === "completed-pod")
    return facts.reads.map(({ fingerprint, object, path }) => fingerprint ?? JSON.stringify([object, path]));
  if (facts.kind !== "stale-accumulation") throw new Error(facts.kind);
  return facts.histories.flatMap(({ field, name, values }) =>
    values.map(({ fingerprint }) => JSON.stringify([field, name, fingerprint])),
  );
}

test("a position gets no more than one that may read everything", () => {
  check<[Snapshot, SubjectRef[]]>([evidence, position], (snapshot, from) => {
    if (from.length === 0) return;
    const all = assess(completedPod, snapshot, MASTERS);
    for (const [at, one] of assess(completedPod, snapshot, from).entries()) {
      expect(all[at]!.workload).toEqual(one.workload);
      const most = new Set(gets(all[at]!.facts));
      for (const read of gets(one.facts)) expect(most).toContain(read);
    }
  });
});

test("rights block nobody who may become somebody else", () => {
  check<[Snapshot, SubjectRef[]]>([evidence, position], (snapshot, from) => {
    const context = assessContext(snapshot, from, () => true);
    const way = becomes(context);
    for (const scenario of SCENARIOS) {
      const rights = scenario.assess(context).filter(({ blockedBy }) => blockedBy.some(({ id }) => id === "rbac"));
      if (rights.length > 0) expect(way).toBeNull();
    }
  });
});

/** The evidence with a list that was refused: with or without what stood in it. */
function blinded(snapshot: Snapshot, resource: Resource, takes: boolean): Snapshot {
  const blindSpots = [...snapshot.blindSpots, forbidden(resource, null)];
  return { ...snapshot, blindSpots, ...(takes ? { [resource]: [] } : {}) };
}

test("a blind spot blocks nothing that was not blocked, and makes nothing inapplicable", () => {
  check<[Snapshot, SubjectRef[], boolean]>(
    [evidence, position, fc.boolean()],
    (snapshot, from, takes) => {
      for (const scenario of SCENARIOS) {
        const before = new Map(assess(scenario, snapshot, from).map((one) => [one.workload.uid, one.outcome]));
        for (const resource of KINDS) {
          for (const { workload, outcome } of assess(scenario, blinded(snapshot, resource, takes), from)) {
            const was = before.get(workload.uid);
            if (was === undefined || was === outcome) continue;
            expect(`${scenario.id} without ${resource}: ${was} is ${outcome}`).toMatch(/ is (inconclusive|succeeds)$/);
          }
        }
      }
    },
    50,
  );
});

test("each outcome has what it needs, and every fingerprint is one of the evidence", () => {
  check<[Snapshot, SubjectRef[]]>([evidence, position], (snapshot, from) => {
    const known = new Set([...JSON.stringify(snapshot).matchAll(/"fingerprint":"([^"]*)"/g)].map(([, one]) => one));
    for (const scenario of SCENARIOS) {
      const all = assess(scenario, snapshot, from);
      for (const one of all) {
        expect(one.blockedBy.length > 0).toBe(one.outcome === "blocked");
        expect(one.missing.length > 0).toBe(one.outcome === "inconclusive");
        expect(gets(one.facts).length > 0 || one.outcome !== "succeeds").toBe(true);
        if (one.outcome === "blocked" || one.outcome === "not-applicable") expect(one.wouldBlock).toEqual([]);
        for (const [, fingerprint] of JSON.stringify(one).matchAll(/"fingerprint":"([^"]*)"/g))
          expect(known).toContain(fingerprint);
      }
      for (const { how } of all.flatMap(({ wouldBlock }) => wouldBlock)) expect(how).not.toMatch(/^kubectl delete /);
      expect(scenario.summarise(all)).not.toBe("");
    }
  });
});

test("rotations are the changes between neighbouring runs, and values stand in the order of the runs", () => {
  check<[Snapshot, SubjectRef[]]>([evidence, position], (snapshot, from) => {
    for (const { facts } of assess(staleAccumulation, snapshot, from)) {
      for (const { runs, rotations, values } of facts.kind === "stale-accumulation" ? facts.histories : []) {
        const fingerprints = runs.map(({ value }) => values[value]!.fingerprint);
        expect(rotations).toBe(fingerprints.filter((one, at) => at > 0 && one !== fingerprints[at - 1]).length);
        expect([...new Set(fingerprints)]).toEqual(values.map(({ fingerprint }) => fingerprint));
        const times = runs.map(({ at }) => Date.parse(at));
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }
    }
  });
});

test("the history of runs that each hold one value is the sequence of these values", () => {
  check<[string[]]>([fc.array(fc.constantFrom("f1", "f2", "f3"), { minLength: 2, maxLength: 12 })], (sequence) => {
    const owner = carrying("backup", []);
    const objects = sequence.flatMap((value, at) =>
      run(`r${String(at)}`, (sequence.length - at) * DAY, owner, [literal(value)]),
    );
    const [one] = assess(staleAccumulation, seen([owner, ...objects]), []);
    expect(one).toMatchObject({ outcome: "succeeds", facts: { retained: sequence.length } });
    const [history] = one!.facts.kind === "stale-accumulation" ? one!.facts.histories : [];
    expect(history!.runs.map(({ value }) => history!.values[value]!.fingerprint)).toEqual(sequence);
    expect(history!.rotations).toBe(sequence.filter((value, at) => at > 0 && value !== sequence[at - 1]).length);
  });
});
