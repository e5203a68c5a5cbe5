import { api, type Edge } from "../edge.ts";
import { everythingIn } from "../gains.ts";
import { holdsEverything } from "../held.ts";

export const everything: Edge = {
  id: "everything",
  name: "every verb on every resource",
  grants: "everything there: each way to a Secret of the namespace, or of the cluster",
  effect: "act-as",
  needs: [{ verbs: ["*"], on: [api("*", "*")], named: "never" }],
  since: null,
  until: null,
  caveat: "the group system:masters has the same without any rule, so that no object shows it",
  prevent: [
    "List verbs and resources instead of wildcards, which also cover what is to come.",
    "Bind cluster-admin to few people and for a time, never to accounts of workloads.",
    "Take people out of system:masters: RBAC cannot limit it, and a client certificate cannot be revoked.",
  ],
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/authentication/user/user.go: SystemPrivilegedGroup; bootstrappolicy/policy.go: cluster-admin",
  reach: ({ world, held, where }) => (holdsEverything(held[0]!) ? [everythingIn(world, where)] : []),
};
