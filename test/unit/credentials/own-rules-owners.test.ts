import { describe, expect, test } from "vitest";
import { staleReport } from "../../../src/batch/report.ts";
import { fieldAt, ownersIn, setterOf } from "../../../src/credentials/own-rules-annotation.ts";
import { applyRules } from "../../../src/credentials/own-rules-apply.ts";
import { checkRules } from "../../../src/credentials/own-rules-file.ts";
import { compileRules } from "../../../src/credentials/own-rules.ts";
import { exposureReport } from "../../../src/exposure/report.ts";
import { triageReport } from "../../../src/exposure/triage.ts";
import type { OwnerReference } from "../../../src/model/object.ts";
import type { CronJob, Job, Literal, Pod } from "../../../src/model/workload.ts";
import { cronJob, everything, finished, pod, template } from "../batch/objects.ts";
import { planOf } from "../cleanup/objects.ts";
import { carrying, literal, manager, run, seen } from "../exposure/objects.ts";

type Owned = CronJob | Job | Pod;

/** The object with this controller, whatever Kubernetes would think of it. */
function under<T extends Owned>(object: T, owner: Owned): T {
  const { kind, meta } = owner;
  const apiVersion = kind === "Pod" ? "v1" : "batch/v1";
  const ownerReferences: OwnerReference[] = [{ apiVersion, kind, name: meta.name, uid: meta.uid, controller: true }];
  return { ...object, meta: { ...object.meta, ownerReferences } };
}

const marked = (field: Parameters<typeof fieldAt>[0]): Literal =>
  literal("a".repeat(32), { ignored: { by: "annotation", entries: [fieldAt(field)], reason: null, confirmed: false } });

const ofTemplate = [marked("template.")];
const job = (name: string): Job =>
  finished(name, 3600, null, { spec: { template: template({ literals: ofTemplate }) } });
const its = pod("p", { template: template({ literals: [marked("")] }) });

/** Objects that own themselves, or one another. */
const RINGS: Record<string, () => Owned[]> = {
  "a Job that owns itself": () => [under(job("a"), job("a"))],
  "two Jobs that own each other": () => [under(job("a"), job("b")), under(job("b"), job("a"))],
  "a pod that owns itself": () => [under(its, its)],
  "a CronJob that owns itself": () => {
    const one = carrying("c", ofTemplate);
    return [under(one, one)];
  },
  "a Job and its pod that own each other": () => [under(job("a"), its), under(its, job("a"))],
  "a CronJob and its Job that own each other": () => {
    const one = carrying("c", ofTemplate);
    return [under(one, job("a")), under(job("a"), one), under(its, job("a"))];
  },
};

const rules = compileRules(
  checkRules({
    apiVersion: "cronaudit/v1",
    kind: "Rules",
    allow: [{ reason: "x", objects: ["cronjob/other"] }],
    trustAnnotations: [{ managers: ["argocd"] }],
  }),
  "rules.yaml",
);

describe.each(Object.entries(RINGS))("%s", (_what, make) => {
  test("ends no report", () => {
    const objects = make();
    const snapshot = seen(objects);
    for (const one of [snapshot, applyRules(snapshot, rules, true)]) {
      const exposed = exposureReport(one, everything({ all: true }));
      expect(JSON.stringify(exposed.summary)).toContain("unconfirmed");
      expect(staleReport(one, everything()).kind).toBe("StaleReport");
      expect(triageReport(one, everything()).kind).toBe("TriageReport");
    }
    expect(planOf(objects).kind).toBe("CleanupPlan");
  });
});

test("a chain of 20,000 Jobs, each the next one's owner, ends no report", () => {
  const jobs = Array.from({ length: 20_000 }, (_, i) => job(`j${String(i)}`));
  const chain = jobs.map((one, i) => (i === 0 ? one : under(one, jobs[i - 1]!)));
  expect(triageReport(seen(chain), everything()).kind).toBe("TriageReport");
});

test("an annotation is still followed from the pod over the Job to the CronJob, and from nowhere else", () => {
  const owner = cronJob("backup", { meta: { managedFields: [manager([fieldAt("template.")], 60)] } });
  const [itsJob, itsPod] = run("backup-1", 3600, owner, []);
  const ownerOf = ownersIn([owner, itsJob]);
  expect(setterOf(itsPod, fieldAt(""), ownerOf)).toMatchObject({ object: owner, managers: ["kubectl-edit"] });
  const stray = under(itsPod, owner);
  expect(setterOf(stray, fieldAt(""), ownersIn([owner])).object).toBe(stray);
});
