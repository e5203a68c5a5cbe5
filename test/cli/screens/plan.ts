import type { CleanupItem, CleanupPlan } from "../../../src/model/cleanup.ts";
import type { CronJob, Job, Pod } from "../../../src/model/workload.ts";
import { cronJob, DAY, finished, HOUR, job } from "../../unit/batch/objects.ts";
import { owned, planOf } from "../../unit/cleanup/objects.ts";
import { literal, run } from "../../unit/exposure/objects.ts";

/** A plan with something of everything: safe Jobs, one that owns more, a running one, and a name that tries to draw. */
export function planToChooseFrom(runs = 18): CleanupPlan {
  const backup = cronJob("backup");
  const report = cronJob("report-of-every-customer-by-region-and-week");
  const secret = [literal("b4e1", { name: "DB_PASSWORD" })];
  const objects: (CronJob | Job | Pod)[] = [backup, report];
  for (let number = 0; number < runs; number++) {
    objects.push(...run(`backup-${String(29_890_000 + number)}`, (number + 1) * DAY, backup, secret));
  }
  objects.push(...run(`${report.meta.name}-29890100`, 2 * HOUR, report, []));
  const [load, loader] = run("import-1", 9 * DAY, null, secret);
  objects.push(load, loader, job("rotate-2", { active: 1 }));
  objects.push(finished("evil\u001b[2J\u202edne", 4 * DAY, null));
  const also = [
    owned("Secret", "import-1-tmp", [load]),
    owned("PersistentVolumeClaim", "data-import-1", [loader], { finalizers: ["kubernetes.io/pvc-protection"] }),
  ];
  return planOf(objects, {}, { evidence: { owned: also } });
}

/** The same with so many Jobs of the CronJob backup besides, as a large cluster has them. */
export function largePlan(jobs: number): CleanupPlan {
  const plan = planToChooseFrom(1);
  const backup = plan.items.find(({ owner }) => owner?.name === "backup")!;
  const more = Array.from({ length: jobs }, (_, at): CleanupItem => {
    const name = `backup-${String(30_000_000 + at)}`;
    const dependents = backup.dependents.map((one) => ({ ...one, object: { ...one.object, uid: `uid-pod-${name}` } }));
    return { ...backup, object: { ...backup.object, name, uid: `uid-${name}` }, dependents };
  });
  return { ...plan, items: [...plan.items, ...more] };
}
