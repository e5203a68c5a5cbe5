import type { Pod } from "../../model/workload.ts";
import { annotationLiterals } from "../annotation-literals.ts";
import { containerStatuses, messageLiterals } from "../container-statuses.ts";
import type { KindProjection } from "../context.ts";
import { conditions } from "../job-template.ts";
import { objectAt, stringAt, timeAt } from "../json.ts";
import { objectMeta } from "../metadata.ts";
import { forObject } from "../own-rules.ts";
import { podTemplate } from "../pod-template.ts";
import { noteUnreadable, podSpecAt } from "../unreadable.ts";

export const pods: KindProjection<Pod> = {
  resource: "pods",
  group: "",
  version: "v1",
  kind: "Pod",
  namespaced: true,
  blinds: ["which pods carry credentials and tokens", "when credentials were last needed"],
  project(raw, shared) {
    const context = forObject("Pod", raw, shared);
    noteUnreadable("Pod", raw, podSpecAt("spec"), context);
    const status = objectAt(raw, "status");
    const template = podTemplate(objectAt(raw, "spec"), "spec", context);
    return {
      kind: "Pod",
      meta: objectMeta(raw, context),
      template,
      phase: context.mask.keep(stringAt(status, "phase") ?? "Unknown"),
      reason: context.mask.keepReason(stringAt(status, "reason")),
      startTime: timeAt(status, "startTime"),
      conditions: conditions(status, context),
      containers: containerStatuses(status, template.containers, context),
      annotationLiterals: annotationLiterals(raw, context),
      messageLiterals: messageLiterals(status, template.literals, context),
      logLiterals: [],
    };
  },
};
