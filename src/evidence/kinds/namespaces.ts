import type { Namespace } from "../../model/snapshot.ts";
import type { KindProjection } from "../context.ts";
import { objectMeta } from "../metadata.ts";

export const namespaces: KindProjection<Namespace> = {
  resource: "namespaces",
  group: "",
  version: "v1",
  kind: "Namespace",
  namespaced: false,
  blinds: ["which namespaces exist"],
  project: (raw, context) => ({ kind: "Namespace", meta: objectMeta(raw, context) }),
};
