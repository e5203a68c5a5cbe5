import { core, type Edge } from "../edge.ts";
import { accountsNamed } from "../gains.ts";

export const serviceaccountsImpersonate: Edge = {
  id: "serviceaccounts-impersonate",
  name: "impersonate serviceaccounts",
  grants: "every request as the ServiceAccount, with its three groups",
  effect: "act-as",
  needs: [{ verbs: ["impersonate"], on: [core("serviceaccounts")], named: "always" }],
  since: null,
  until: null,
  caveat: "the ServiceAccount need not exist: a binding that names it is enough",
  impersonates: true,
  prevent: ["Grant `impersonate` by resourceNames, on names that may do little; never on the group system:masters."],
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/endpoints/filters/impersonation/impersonation.go: buildImpersonationRequests",
  reach(site) {
    const to = accountsNamed(site, { ...site.held[0]!, where: site.where }, { absent: true, borrowed: true });
    return to.length === 0 ? [] : [{ to }];
  },
};
