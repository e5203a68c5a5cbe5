import { clusterScoped, type Edge } from "../edge.ts";
import { namesOf } from "../held.ts";
import { nodeOf, serviceAccountOf } from "../subjects.ts";

export const usersImpersonate: Edge = {
  id: "users-impersonate",
  name: "impersonate users",
  grants: "every request under the user's name, in the group system:authenticated alone",
  effect: "act-as",
  needs: [{ verbs: ["impersonate"], on: [clusterScoped("", "users")], named: "always" }],
  since: null,
  until: null,
  caveat:
    "the user's own groups come from elsewhere and are not lent; a ServiceAccount's name is authorized as that of a ServiceAccount, never as a user",
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/endpoints/filters/impersonation/impersonation.go: buildImpersonationRequests",
  reach({ held }) {
    const names = namesOf(held[0]!);
    if (names === null) return [{ to: [{ kind: "users" }] }];
    // A kubelet's name without its group opens nothing of the Node authorizer's.
    const users = names.filter((name) => serviceAccountOf(name) === null && nodeOf(name) === null);
    if (users.length === 0) return [];
    return [{ to: users.map((name) => ({ kind: "subject", subject: { kind: "User", namespace: null, name } })) }];
  },
};
