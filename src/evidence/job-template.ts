import type { Json } from "../model/api.ts";
import type { Condition, JobTemplate } from "../model/workload.ts";
import type { ProjectionContext } from "./context.ts";
import { booleanAt, integerAt, objectAt, objectsAt, stringAt, timeAt } from "./json.ts";
import { podTemplate } from "./pod-template.ts";

/** A Job's spec; `path` is where it stands in its object. */
export function jobTemplate(spec: Json | null, path: string, context: ProjectionContext): JobTemplate {
  return {
    ttlSecondsAfterFinished: integerAt(spec, "ttlSecondsAfterFinished"),
    activeDeadlineSeconds: integerAt(spec, "activeDeadlineSeconds"),
    backoffLimit: integerAt(spec, "backoffLimit"),
    suspend: booleanAt(spec, "suspend") ?? false,
    parallelism: integerAt(spec, "parallelism"),
    completions: integerAt(spec, "completions"),
    managedBy: context.mask.keepOptional(stringAt(spec, "managedBy")),
    template: podTemplate(objectAt(objectAt(spec, "template"), "spec"), `${path}.template.spec`, context),
  };
}

/** status.conditions without their messages, which repeat parts of the spec. */
export function conditions(status: Json | null, context: ProjectionContext): Condition[] {
  return objectsAt(status, "conditions").map(([condition]) => {
    return {
      type: context.mask.keep(stringAt(condition, "type") ?? ""),
      status: context.mask.keep(stringAt(condition, "status") ?? ""),
      reason: context.mask.keepReason(stringAt(condition, "reason")),
      lastTransitionTime: timeAt(condition, "lastTransitionTime"),
    };
  });
}
