import type { ServiceAccount } from "../../model/access.ts";
import type { Json } from "../../model/api.ts";
import type { KindProjection } from "../context.ts";
import { booleanAt, objectAt, objectsAt, stringAt } from "../json.ts";
import { objectMeta } from "../metadata.ts";
import { noteUnreadable } from "../unreadable.ts";

/** Annotations by which the clouds give a ServiceAccount an identity of their own (their documentation of EKS, GKE, AKS). */
const CLOUDS: Readonly<Record<string, string>> = {
  "eks.amazonaws.com/role-arn": "AWS IAM role",
  "iam.gke.io/gcp-service-account": "Google service account",
  "azure.workload.identity/client-id": "Azure managed identity",
};

/** Which cloud's identity, never whose: the annotation's value stays where it is. */
function cloudIdentity(raw: Json): string | null {
  const annotations = objectAt(objectAt(raw, "metadata"), "annotations");
  const named = Object.keys(CLOUDS).find((key) => stringAt(annotations, key) !== null);
  return named === undefined ? null : CLOUDS[named]!;
}

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
      cloudIdentity: cloudIdentity(raw),
    };
  },
};
