import type { ServiceAccount } from "../../model/access.ts";
import type { KindProjection } from "../context.ts";
import { booleanAt, objectsAt, stringAt } from "../json.ts";
import { objectMeta } from "../metadata.ts";
import { noteUnreadable } from "../unreadable.ts";

export const serviceaccounts: KindProjection<ServiceAccount> = {
  resource: "serviceaccounts",
  group: "",
  version: "v1",
  kind: "ServiceAccount",
  namespaced: true,
  blinds: ["which ServiceAccounts exist", "whether pods get a token where the pod does not say"],
  project(raw, context) {
    noteUnreadable("ServiceAccount", raw, ["secrets list?", "imagePullSecrets list?"], context);
    return {
      kind: "ServiceAccount",
      meta: objectMeta(raw, context),
      automountServiceAccountToken: booleanAt(raw, "automountServiceAccountToken"),
      secrets: objectsAt(raw, "secrets").flatMap(([secret]) => stringAt(secret, "name") ?? []),
      imagePullSecrets: objectsAt(raw, "imagePullSecrets").flatMap(([secret]) => stringAt(secret, "name") ?? []),
    };
  },
};
