import type { SecretMeta } from "../../model/snapshot.ts";
import type { KindProjection } from "../context.ts";
import { stringAt } from "../json.ts";
import { SECRET_ANNOTATIONS, objectMeta } from "../metadata.ts";

/** Secrets without data; annotations go too, because kubectl apply writes the data into one of them. */
export const secrets: KindProjection<SecretMeta> = {
  resource: "secrets",
  group: "",
  version: "v1",
  kind: "Secret",
  namespaced: true,
  blinds: ["which Secrets exist beyond those that workloads, accounts and roles name", "which of them hold a token"],
  project: (raw, context) => ({
    kind: "Secret",
    meta: objectMeta(raw, context, SECRET_ANNOTATIONS),
    type: stringAt(raw, "type"),
  }),
};
