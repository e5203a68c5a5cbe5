import type { ExposureClassRule } from "../class.ts";
import { tokenFix } from "../fix-tokens.ts";
import { boundTokens } from "../tokens.ts";

/** A projected ServiceAccount token, which the API server takes as long as the pod object exists, finished or not. */
export const tokenBound: ExposureClassRule = {
  id: "token-bound",
  title: "ServiceAccount token bound to a pod",
  what: "the projected token of the pod; the pod's phase is not checked when it is used",
  readableBy: "whoever took it while the pod ran; the pod's node can ask for more while the pod object exists",
  opens: "start of the pod",
  closes:
    "the earliest of: the pod is gone; 60 s after its deletionTimestamp; its ServiceAccount is deleted, or recreated after the pod had finished; 60 s after its exp, a bound. For another audience: its exp alone",
  source:
    "pkg/serviceaccount/claims.go; pkg/kubelet/token/token_manager.go; plugin/pkg/admission/serviceaccount; pkg/registry/core/serviceaccount/storage/token.go",
  find: boundTokens,
  fix: tokenFix,
};
