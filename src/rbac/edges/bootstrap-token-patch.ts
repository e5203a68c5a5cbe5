import { BOOTSTRAP_NAMESPACE, bootstrapTokens, byBootstrapToken, isBootstrapTokenName } from "../bootstrap-tokens.ts";
import { creating } from "../creating.ts";
import type { Edge, Need, Site } from "../edge.ts";
import { coversName, namesOf } from "../held.ts";
import { SECRETS } from "../resources.ts";

const CREATE: Need = { verbs: ["create"], on: [SECRETS], named: "never" };

export const bootstrapTokenPatch: Edge = {
  id: "bootstrap-token-patch",
  name: "update or patch secrets in kube-system",
  grants:
    "a bootstrap token that exists, made the holder's own: its secret part, its expiration and its groups; the groups system:bootstrappers, and where they may join nodes, a node's identity",
  effect: "maybe",
  needs: [{ verbs: ["update", "patch"], on: [SECRETS], named: "always" }],
  since: null,
  until: null,
  caveat:
    "the API server must accept bootstrap tokens (--enable-bootstrap-token-auth), which the API does not show; a Secret of type bootstrap.kubernetes.io/token must exist, because the type cannot be changed; one with immutable: true keeps its data; whoever may also create Secrets there needs none, and is named by bootstrap-token alone",
  prevent: [
    "Delete bootstrap tokens once their nodes have joined: without one there is nothing to change.",
    "Grant `update` and `patch` on secrets in kube-system by resourceNames, and on none that begin with bootstrap-token-.",
    "Start the API server without `--enable-bootstrap-token-auth` where no node joins that way.",
  ],
  looksAt: ["pods"],
  notDemonstrated: null,
  source:
    "plugin/pkg/auth/authenticator/token/bootstrap/bootstrap.go; pkg/apis/core/validation/validation.go: ValidateSecretUpdate keeps the type",
  reach(site) {
    const { world, where, held } = site;
    const [change] = held;
    if (change === undefined || (where !== "" && where !== BOOTSTRAP_NAMESPACE) || mayCreate(site)) return [];
    const outcome = byBootstrapToken(world);
    if (bootstrapTokens(world).some((name) => coversName(change, name))) return [outcome];
    const possible = namesOf(change)?.some(isBootstrapTokenName) ?? true;
    if (!possible || world.isWhole("secrets", BOOTSTRAP_NAMESPACE)) return [];
    return [{ ...outcome, note: `if a bootstrap token exists: Secrets were not listed; ${outcome.note}` }];
  },
};

/** True for whoever makes a token of its own instead, which comes to the same with less luck. */
function mayCreate({ heldFor }: Site): boolean {
  return creating({ held: heldFor }, CREATE).some(
    (create) =>
      (create.where === "" || create.where === BOOTSTRAP_NAMESPACE) &&
      (namesOf(create)?.some(isBootstrapTokenName) ?? true),
  );
}
