import type { ConfigMap } from "../../model/snapshot.ts";
import { configMapLiterals } from "../configmap-literals.ts";
import type { KindProjection } from "../context.ts";
import { objectMeta } from "../metadata.ts";
import { forObject } from "../own-rules.ts";
import { noteUnreadable } from "../unreadable.ts";

/** ConfigMaps by the credentials that stand in them; the values go no further, and a ConfigMap without any is not kept. */
export const configmaps: KindProjection<ConfigMap> = {
  resource: "configmaps",
  group: "",
  version: "v1",
  kind: "ConfigMap",
  namespaced: true,
  blinds: ["which ConfigMaps carry credentials into workloads"],
  project(raw, shared) {
    const context = forObject("ConfigMap", raw, shared);
    noteUnreadable("ConfigMap", raw, ["data object?", "binaryData object?"], context);
    return { kind: "ConfigMap", meta: objectMeta(raw, context), literals: configMapLiterals(raw, context) };
  },
  keeps: ({ literals }) => literals.length > 0,
};
