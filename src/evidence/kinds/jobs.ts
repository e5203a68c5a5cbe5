import type { Job } from "../../model/workload.ts";
import { annotationLiterals } from "../annotation-literals.ts";
import type { KindProjection } from "../context.ts";
import { conditions, jobTemplate } from "../job-template.ts";
import { integerAt, objectAt, timeAt } from "../json.ts";
import { objectMeta } from "../metadata.ts";
import { forObject } from "../own-rules.ts";
import { noteUnreadable, podSpecAt } from "../unreadable.ts";

export const jobs: KindProjection<Job> = {
  resource: "jobs",
  group: "batch",
  version: "v1",
  kind: "Job",
  namespaced: true,
  blinds: ["which Jobs carry credentials", "what deletes pods, and when", "which pods are orphaned"],
  project(raw, shared) {
    const context = forObject("Job", raw, shared);
    noteUnreadable("Job", raw, podSpecAt("spec.template.spec"), context);
    const status = objectAt(raw, "status");
    return {
      kind: "Job",
      meta: objectMeta(raw, context),
      spec: jobTemplate(objectAt(raw, "spec"), "spec", context),
      startTime: timeAt(status, "startTime"),
      completionTime: timeAt(status, "completionTime"),
      active: integerAt(status, "active") ?? 0,
      succeeded: integerAt(status, "succeeded") ?? 0,
      failed: integerAt(status, "failed") ?? 0,
      conditions: conditions(status, context),
      annotationLiterals: annotationLiterals(raw, context),
    };
  },
};
