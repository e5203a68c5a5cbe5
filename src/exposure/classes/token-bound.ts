import type { ExposureClassRule } from "../class.ts";
import { tokenFix } from "../fix-tokens.ts";
import { boundTokens } from "../tokens.ts";

/** A projected ServiceAccount token, which the API server takes as long as the pod object exists, finished or not. */
export const tokenBound: ExposureClassRule = {
  id: "token-bound",
  title: "ServiceAccount token bound to a pod",
  summary: "A pod's ServiceAccount token works as long as the pod object exists, finished or not.",
  what: "the projected token of the pod; the pod's phase is not checked when it is used",
  readableBy: "whoever took it while the pod ran; the pod's node can ask for more while the pod object exists",
  opens: "start of the pod",
  closes:
    "the earliest of: the pod is gone; 60 s after its deletionTimestamp; its ServiceAccount is deleted, or recreated after the pod had finished; 60 s after its exp, a bound. For another audience: its exp alone",
  why: [
    "A token that was copied while the pod ran acts as its ServiceAccount after the pod has finished, until the pod object is deleted or its exp has passed.",
    "The pod's node may ask for new tokens of the account while the pod object exists: see node-token.",
    "What it opens is what the account may do: `kubectl cronaudit access sa/NAME -n NAMESPACE` says what that comes to.",
  ],
  prevent: [
    "Set `automountServiceAccountToken: false` where the work calls no API.",
    "Delete finished pods, which ends their tokens at this API server within seconds, but neither tokens that were asked for with them nor those for other audiences: set `ttlSecondsAfterFinished`.",
    "Give the work an account of its own that may do what it needs and no more: see over-permissive-account.",
    "Ask for a short `expirationSeconds` in a projected volume of one's own; the API server extends 3607 s to a year, others not.",
  ],
  needs: ["`list` on pods and serviceaccounts", "`list` on roles and bindings, for what its account may read"],
  source:
    "pkg/serviceaccount/claims.go; pkg/kubelet/token/token_manager.go; plugin/pkg/admission/serviceaccount; pkg/registry/core/serviceaccount/storage/token.go",
  find: boundTokens,
  fix: tokenFix,
};
