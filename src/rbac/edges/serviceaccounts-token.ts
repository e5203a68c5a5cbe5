import { core, type Edge } from "../edge.ts";
import { accountsNamed } from "../gains.ts";
import { CREATE_ACCOUNTS } from "../resources.ts";

export const serviceaccountsToken: Edge = {
  id: "serviceaccounts-token",
  name: "create serviceaccounts/token",
  grants: "a token of the ServiceAccount, for as long as is asked for",
  effect: "act-as",
  needs: [{ verbs: ["create"], on: [core("serviceaccounts/token")], named: "always" }],
  since: null,
  until: null,
  caveat: "the ServiceAccount must exist; its name is the request's name, so resourceNames work",
  prevent: [
    "Grant it by resourceNames, which are names of ServiceAccounts.",
    "Tokens that were asked for outlive the right: they end with their exp or their account.",
  ],
  looksAt: ["serviceaccounts"],
  notDemonstrated: null,
  source: "pkg/registry/core/serviceaccount/storage/token.go",
  reach(site) {
    const absent = site.may(CREATE_ACCOUNTS, site.where);
    const to = accountsNamed(site, { ...site.held[0]!, where: site.where }, { absent });
    return to.length === 0 ? [{ latent: "no ServiceAccount of these names exists" }] : [{ to }];
  },
};
