import { clusterScoped, type Edge } from "../edge.ts";
import { namesOf } from "../held.ts";
import { serviceAccountOf } from "../subjects.ts";

export const usersImpersonate: Edge = {
  id: "users-impersonate",
  name: "impersonate users",
  grants: "every request under the user's name, in the group system:authenticated alone",
  effect: "act-as",
  needs: [{ verbs: ["impersonate"], on: [clusterScoped("", "users")], named: "always" }],
  since: null,
  until: null,
  caveat:
    "the user's own groups come from elsewhere and are not lent, those of nodes neither; a ServiceAccount's name is authorized as that of a ServiceAccount, never as a user",
  impersonates: true,
  prevent: ["Grant `impersonate` by resourceNames, on names that may do little; never on the group system:masters."],
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/endpoints/filters/impersonation/impersonation.go: buildImpersonationRequests",
  reach({ held }) {
    const names = namesOf(held[0]!);
    if (names === null) return [{ to: [{ kind: "users", borrowed: true }] }];
    const users = names.filter((name) => serviceAccountOf(name) === null);
    if (users.length === 0) return [];
    return [{ to: users.map((name) => ({ kind: "identity", name, group: null, borrowed: true })) }];
  },
};
