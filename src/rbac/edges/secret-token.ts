import { type Edge } from "../edge.ts";

export const secretToken: Edge = {
  id: "secret-token",
  name: "the token in a Secret",
  grants: "every request as the Secret's ServiceAccount: a token of this kind has no expiry",
  effect: "act-as",
  needs: [],
  since: null,
  until: null,
  caveat: "the Secret must be within reach; which Secrets hold tokens is known only where they were listed",
  prevent: ["Delete the Secret, which ends the token at once, and use projected tokens: see token-legacy."],
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/serviceaccount/legacy.go: the token ends with its Secret or its ServiceAccount",
};
