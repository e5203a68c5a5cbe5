import type { AccessReview, Json, ResourceRequest } from "../model/api.ts";
import { ApiError } from "./errors.ts";
import type { Transport } from "./transport.ts";

/** The versions that have had SelfSubjectReview: v1 since 1.28, v1beta1 in 1.27, v1alpha1 in 1.26. */
const VERSIONS = ["v1", "v1beta1", "v1alpha1"];

/**
 * Who the server takes us for: SelfSubjectReview's user name, or null where it does not serve the review, forbids it,
 * or does not say. Throws ApiError where no other request can succeed either.
 */
export async function selfSubjectReview(transport: Transport): Promise<string | null> {
  for (const version of VERSIONS) {
    const apiVersion = `authentication.k8s.io/${version}`;
    try {
      const review = await transport.send({
        method: "POST",
        path: `/apis/${apiVersion}/selfsubjectreviews`,
        body: { apiVersion, kind: "SelfSubjectReview" },
      });
      const name = ((review["status"] as Json | undefined)?.["userInfo"] as Json | undefined)?.["username"];
      return typeof name === "string" && name !== "" ? name : null;
    } catch (error) {
      if (!(error instanceof ApiError) || error.fatal) throw error;
      if (error.status !== 404) return null;
    }
  }
  return null;
}

/**
 * Whether the server says that its authorizers cannot list all of a caller's rights: SelfSubjectRulesReview is incomplete
 * where one of them, such as a webhook, decides without rules (authorization/v1 types.go). A dangling role and the Node
 * authorizer only set evaluationError. Null where the server does not say.
 */
export async function rulesAreIncomplete(transport: Transport, namespace: string): Promise<boolean | null> {
  const apiVersion = "authorization.k8s.io/v1";
  const review = await transport.send({
    method: "POST",
    path: `/apis/${apiVersion}/selfsubjectrulesreviews`,
    body: { apiVersion, kind: "SelfSubjectRulesReview", spec: { namespace } },
  });
  const incomplete = (review["status"] as Json | undefined)?.["incomplete"];
  return typeof incomplete === "boolean" ? incomplete : null;
}

/** What the server's authorizers say of somebody's request. A review adds no groups: they are sent. */
export async function subjectAccessReview(transport: Transport, question: AccessReview): Promise<boolean | null> {
  const apiVersion = "authorization.k8s.io/v1";
  const { user, groups, ...resourceAttributes } = question;
  const review = await transport.send({
    method: "POST",
    path: `/apis/${apiVersion}/subjectaccessreviews`,
    body: { apiVersion, kind: "SubjectAccessReview", spec: { user, groups: [...groups], resourceAttributes } },
  });
  const allowed = (review["status"] as Json | undefined)?.["allowed"];
  return typeof allowed === "boolean" ? allowed : null;
}

/** What the server's authorizers say of our own request; null where the server gave no answer. */
export async function selfSubjectAccessReview(
  transport: Transport,
  resourceAttributes: ResourceRequest,
): Promise<boolean | null> {
  const apiVersion = "authorization.k8s.io/v1";
  const review = await transport.send({
    method: "POST",
    path: `/apis/${apiVersion}/selfsubjectaccessreviews`,
    body: { apiVersion, kind: "SelfSubjectAccessReview", spec: { resourceAttributes } },
  });
  const allowed = (review["status"] as Json | undefined)?.["allowed"];
  return typeof allowed === "boolean" ? allowed : null;
}
