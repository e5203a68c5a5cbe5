import { BOOTSTRAP_NAMESPACE, byBootstrapToken, isBootstrapTokenName } from "../bootstrap-tokens.ts";
import { type Edge } from "../edge.ts";
import { isUnnamed, namesOf } from "../held.ts";
import { SECRETS } from "../resources.ts";

export const bootstrapToken: Edge = {
  id: "bootstrap-token",
  name: "create secrets in kube-system",
  grants: "a bootstrap token: the groups system:bootstrappers, and where they may join nodes, a node's identity",
  effect: "maybe",
  needs: [{ verbs: ["create"], on: [SECRETS], named: "never" }],
  since: null,
  until: null,
  caveat: "the API server must accept bootstrap tokens (--enable-bootstrap-token-auth), which the API does not show",
  prevent: [
    "Grant `create` on secrets in kube-system to controllers alone.",
    "Start the API server without `--enable-bootstrap-token-auth` where no node joins that way.",
  ],
  looksAt: ["pods"],
  notDemonstrated: null,
  source: "plugin/pkg/auth/authenticator/token/bootstrap/bootstrap.go",
  reach({ world, where, held }) {
    const [create] = held;
    if (create === undefined || (where !== "" && where !== BOOTSTRAP_NAMESPACE)) return [];
    // By server-side apply a rule with names creates as well, but under these names alone.
    const mayBeOne = isUnnamed(create) || namesOf(create)?.some(isBootstrapTokenName) === true;
    return mayBeOne ? [byBootstrapToken(world)] : [];
  },
};
