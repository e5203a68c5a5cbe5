import type { Node } from "../../model/snapshot.ts";
import type { KindProjection } from "../context.ts";
import { booleanAt, objectAt, objectsAt, stringAt } from "../json.ts";
import { objectMeta } from "../metadata.ts";

/** Nodes by what says whether they stay: a finished pod goes a minute after its node (pkg/controller/podgc). */
export const nodes: KindProjection<Node> = {
  resource: "nodes",
  group: "",
  version: "v1",
  kind: "Node",
  namespaced: false,
  blinds: ["which finished pods go because their node is gone or leaves"],
  project(raw, context) {
    const spec = objectAt(raw, "spec");
    const conditions = objectsAt(objectAt(raw, "status"), "conditions");
    const ready = conditions.find(([condition]) => stringAt(condition, "type") === "Ready");
    return {
      kind: "Node",
      meta: objectMeta(raw, context),
      unschedulable: booleanAt(spec, "unschedulable") ?? false,
      taints: objectsAt(spec, "taints").map(([taint]) => ({
        key: stringAt(taint, "key") ?? "",
        effect: context.mask.keepOptional(stringAt(taint, "effect")),
      })),
      ready: ready === undefined ? null : context.mask.keepOptional(stringAt(ready[0], "status")),
    };
  },
};
