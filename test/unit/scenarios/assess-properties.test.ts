import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { WorkloadReplay } from "../../../src/model/replay-report.ts";
import type { SubjectRef } from "../../../src/model/report.ts";
import type { Resource, Snapshot } from "../../../src/model/snapshot.ts";
import { concurrentRotation } from "../../../src/scenarios/concurrent-rotation.ts";
import { imageSubstitution } from "../../../src/scenarios/image-substitution.ts";
import { overPermissiveAccount } from "../../../src/scenarios/over-permissive-account.ts";
import { forbidden } from "../batch/objects.ts";
import { binding, granting } from "../exposure/random-grants.ts";
import { snapshots } from "../exposure/random-snapshot.ts";
import { everywhere, granted } from "../rbac/grants.ts";
import { group, rule, user } from "../rbac/fixture.ts";
import { assess } from "./assess.ts";

const KINDS: Resource[] = [
  ...(["cronjobs", "jobs", "pods", "nodes", "serviceaccounts", "secrets"] as const),
  ...(["roles", "rolebindings", "clusterroles", "clusterrolebindings"] as const),
];
const alice: SubjectRef = { kind: "User", namespace: null, name: "alice" };
const SCENARIOS = [overPermissiveAccount, concurrentRotation, imageSubstitution];

/** Of the accounts that workloads run as, and of the position. */
const GRANTS = [
  [],
  [everywhere(group("system:serviceaccounts"), rule("get,update", "secrets", ["s1"]))],
  [everywhere(user("alice"), rule("create", "pods/exec"))],
  [everywhere(user("alice"), rule("create,patch", "jobs,cronjobs", [], ["batch"]))],
  [everywhere(user("alice"), rule("patch", "pods"))],
];

/** Random evidence with some images, policies and rights besides. */
const evidence: fc.Arbitrary<Snapshot> = fc
  .record({
    snapshot: snapshots,
    grants: fc.constantFrom(...GRANTS),
    suspend: fc.boolean(),
    policies: fc.array(fc.constantFrom("Allow", "Forbid", "Replace"), { minLength: 4, maxLength: 4 }),
    image: fc.constantFrom("worker:1", "worker", "worker@sha256:aa"),
    pull: fc.constantFrom(null, "Never", "Always", "IfNotPresent"),
  })
  .map(({ snapshot, grants, policies, image, pull, suspend }) => {
    const more = granted(grants);
    const containers = [{ name: "main", kind: "container" as const, image, imagePullPolicy: pull }];
    return {
      ...snapshot,
      clusterroles: [...snapshot.clusterroles, ...more.clusterroles],
      clusterrolebindings: [...snapshot.clusterrolebindings, ...more.clusterrolebindings],
      cronjobs: snapshot.cronjobs.map((one, at) => ({
        ...one,
        ...{ suspend, schedule: "0 * * * *", concurrencyPolicy: policies[at] ?? "Allow" },
        job: { ...one.job, template: { ...one.job.template, containers } },
      })),
    };
  });

const positions = fc.constantFrom<SubjectRef[]>([], [alice]);
const key = ({ workload: { kind, namespace, name, uid } }: WorkloadReplay): string =>
  JSON.stringify([kind, namespace, name, uid]);

const isClosed = (outcome: WorkloadReplay["outcome"]): boolean => outcome === "blocked" || outcome === "not-applicable";

describe.each(SCENARIOS)("$id", (scenario) => {
  test("names a control where it is blocked, and evidence where that is missing", () => {
    fc.assert(
      fc.property(evidence, positions, (snapshot, from) => {
        for (const { outcome, blockedBy, missing, because } of assess(scenario, snapshot, from)) {
          expect(blockedBy.length > 0).toBe(outcome === "blocked");
          expect(missing.length > 0).toBe(outcome === "inconclusive");
          expect(because).not.toBe("");
        }
      }),
      { numRuns: 60 },
    );
  });

  test("is neither blocked nor beside the point by what is no longer seen", () => {
    fc.assert(
      fc.property(evidence, positions, fc.constantFrom(...KINDS), fc.boolean(), (snapshot, from, kind, hides) => {
        const blind: Snapshot = {
          ...snapshot,
          ...(hides ? { [kind]: [] } : {}),
          blindSpots: [...snapshot.blindSpots, forbidden(kind, null)],
        };
        const before = new Map(assess(scenario, snapshot, from).map((one) => [key(one), one.outcome]));
        for (const one of assess(scenario, blind, from)) {
          const was = before.get(key(one));
          if (was === undefined) continue;
          if (isClosed(one.outcome)) expect(isClosed(was)).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });
});

test("no binding keeps an account from what it reads", () => {
  fc.assert(
    fc.property(evidence, binding, positions, (snapshot, grant, from) => {
      const after = new Map(
        assess(overPermissiveAccount, granting(snapshot, [grant]), from).map((one) => [key(one), one.outcome]),
      );
      for (const one of assess(overPermissiveAccount, snapshot, from)) {
        if (one.outcome === "succeeds") expect(after.get(key(one))).toBe("succeeds");
      }
    }),
    { numRuns: 60 },
  );
});
