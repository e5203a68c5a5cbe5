import { type Edge } from "../edge.ts";
import { accountsNamed } from "../gains.ts";
import { commonNames, hasMatch, isUnnamed } from "../held.ts";
import { READ_SECRETS, SECRETS } from "../resources.ts";

export const secretsCreate: Edge = {
  id: "secrets-create",
  name: "create secrets and read them back",
  grants:
    "a token without expiry of any ServiceAccount of the namespace: the token controller fills in a Secret of type kubernetes.io/service-account-token",
  effect: "act-as",
  needs: [{ verbs: ["create"], on: [SECRETS], named: "either" }, READ_SECRETS],
  since: null,
  until: null,
  caveat:
    "with resourceNames by server-side apply, which needs create and patch on that name; the ServiceAccount must exist",
  prevent: [
    "Separate writing from reading: who creates Secrets need not read them.",
    "Keep accounts with strong rights out of namespaces where others create and read Secrets.",
  ],
  looksAt: ["serviceaccounts"],
  notDemonstrated: null,
  source:
    "pkg/controller/serviceaccount/tokens_controller.go; apiserver/pkg/endpoints/handlers/patch.go: createAuthorizerAttributes carry the name",
  reach(site) {
    const [create, read] = site.held;
    if (create === undefined || read === undefined) return [];
    // Without names the holder chooses one that it may read back.
    const applies = hasMatch(read, "patch", null) && commonNames(create, read)?.length !== 0;
    if (!isUnnamed(create) && !applies) return [];
    return [{ to: accountsNamed(site, { where: site.where, names: null }) }];
  },
};
