import { clusterScoped, core, type Edge } from "../edge.ts";
import { coversName, hasMatch, namesOf } from "../held.ts";
import type { Position } from "../position.ts";
import { EVERY_SECRET } from "../scopes.ts";
import { MASTERS, nodeOf, NODES } from "../subjects.ts";

export const groupsImpersonate: Edge = {
  id: "groups-impersonate",
  name: "impersonate groups, with a user or a ServiceAccount",
  grants: "every request as a member of the group; system:masters may do everything",
  effect: "act-as",
  needs: [
    { verbs: ["impersonate"], on: [clusterScoped("", "groups")], named: "always" },
    { verbs: ["impersonate"], on: [clusterScoped("", "users"), core("serviceaccounts")], named: "always" },
  ],
  since: null,
  until: null,
  caveat: "a group alone cannot be impersonated: a user or a ServiceAccount goes with it",
  impersonates: true,
  prevent: ["Grant `impersonate` by resourceNames, on names that may do little; never on the group system:masters."],
  looksAt: ["pods"],
  notDemonstrated: null,
  source: "apiserver/pkg/endpoints/filters/impersonation/impersonation.go: requested without impersonating a user",
  reach({ held }) {
    const [group, who] = held;
    if (group === undefined || who === undefined) return [];
    const names = namesOf(group);
    const to: Position[] =
      names === null
        ? [{ kind: "groups", borrowed: true }]
        : names
            .filter((name) => name !== MASTERS)
            .map((name) => ({ kind: "identity", name: "", group: name, borrowed: true }));
    if (coversName(group, NODES) && hasMatch(who, null, "users")) {
      const users = namesOf(who);
      if (users === null) to.push({ kind: "nodes", borrowed: true });
      else to.push(...users.flatMap((name): Position[] => nodeAt(nodeOf(name))));
    }
    if (coversName(group, MASTERS))
      return [{ reads: EVERY_SECRET, to: [{ kind: "everything", namespace: "" }, ...to] }];
    return to.length === 0 ? [] : [{ to }];
  },
};

function nodeAt(name: string | null): Position[] {
  return name === null ? [] : [{ kind: "node", name, borrowed: true }];
}
