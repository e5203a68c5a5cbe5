import type { CronJob } from "../../model/workload.ts";
import { annotationLiterals } from "../annotation-literals.ts";
import type { KindProjection } from "../context.ts";
import { jobTemplate } from "../job-template.ts";
import { booleanAt, integerAt, objectAt, objectsAt, stringAt, timeAt } from "../json.ts";
import { objectMeta } from "../metadata.ts";
import { forObject } from "../own-rules.ts";
import { noteUnreadable, podSpecAt } from "../unreadable.ts";

/** Defaults as the API server sets them (pkg/apis/batch/v1/defaults.go); only manifests lack them. */
export const cronjobs: KindProjection<CronJob> = {
  resource: "cronjobs",
  group: "batch",
  version: "v1",
  kind: "CronJob",
  namespaced: true,
  blinds: ["which CronJobs carry credentials", "when history limits delete Jobs", "which Jobs are orphaned"],
  project(raw, shared) {
    const context = forObject("CronJob", raw, shared);
    noteUnreadable("CronJob", raw, podSpecAt("spec.jobTemplate.spec.template.spec"), context);
    const spec = objectAt(raw, "spec");
    const status = objectAt(raw, "status");
    return {
      kind: "CronJob",
      meta: objectMeta(raw, context),
      schedule: context.mask.keep(stringAt(spec, "schedule") ?? ""),
      timeZone: context.mask.keepOptional(stringAt(spec, "timeZone")),
      suspend: booleanAt(spec, "suspend") ?? false,
      concurrencyPolicy: context.mask.keep(stringAt(spec, "concurrencyPolicy") ?? "Allow"),
      startingDeadlineSeconds: integerAt(spec, "startingDeadlineSeconds"),
      successfulJobsHistoryLimit: integerAt(spec, "successfulJobsHistoryLimit") ?? 3,
      failedJobsHistoryLimit: integerAt(spec, "failedJobsHistoryLimit") ?? 1,
      lastScheduleTime: timeAt(status, "lastScheduleTime"),
      lastSuccessfulTime: timeAt(status, "lastSuccessfulTime"),
      active: objectsAt(status, "active").flatMap(([job]) => stringAt(job, "name") ?? []),
      job: jobTemplate(objectAt(objectAt(spec, "jobTemplate"), "spec"), "spec.jobTemplate.spec", context),
      annotationLiterals: annotationLiterals(raw, context),
    };
  },
};
