import { objectAt, stringAt } from "../../evidence/json.ts";
import type { ActorAnswer, ActorApi } from "../../model/api.ts";

/** The versions that have had SelfSubjectReview: v1 since 1.28, v1beta1 in 1.27, v1alpha1 in 1.26. */
const VERSIONS = ["v1", "v1beta1", "v1alpha1"];

/**
 * Asks the server, by SelfSubjectReview, whom it takes this connection for. Throws Error where that is anybody else, or cannot be
 * told: a proxy on the way may put other credentials in a token's place.
 */
export async function requireUser(api: Pick<ActorApi, "send">, user: string, auditId: () => string): Promise<void> {
  const answer = await review(api, auditId);
  const name = stringAt(objectAt(objectAt(answer.body, "status"), "userInfo"), "username");
  if (name === user) return;
  if (name !== null)
    throw new Error(`the server takes the token of ${user} for ${name}: something on the way adds other credentials`);
  const why = answer.message ?? `its answer is ${String(answer.status)}`;
  throw new Error(`whom the server takes the token of ${user} for cannot be told: ${why}`);
}

async function review(api: Pick<ActorApi, "send">, auditId: () => string): Promise<ActorAnswer> {
  for (const version of VERSIONS) {
    const apiVersion = `authentication.k8s.io/${version}`;
    const answer = await api.send({
      method: "POST",
      path: `/apis/${apiVersion}/selfsubjectreviews`,
      body: { apiVersion, kind: "SelfSubjectReview" },
      auditId: auditId(),
    });
    if (answer.status !== 404) return answer;
  }
  return { status: 404, reason: null, message: "this server has no SelfSubjectReview", body: {} };
}
