import { type Edge } from "../edge.ts";
import { accountsNamed } from "../gains.ts";
import { commonNames, coversName } from "../held.ts";
import { READ_SECRETS, SECRETS } from "../resources.ts";

export const secretsUpdate: Edge = {
  id: "secrets-update",
  name: "update secrets that hold tokens",
  grants:
    "a token of another ServiceAccount of the namespace, by turning an existing token Secret to it: an update itself answers with what was sent, and reads nothing",
  effect: "act-as",
  needs: [{ verbs: ["update", "patch"], on: [SECRETS], named: "always" }, READ_SECRETS],
  since: null,
  until: null,
  caveat: "a Secret of type kubernetes.io/service-account-token must exist; the type cannot be changed",
  prevent: [
    "Grant `update` and `patch` by resourceNames, and not on Secrets of type kubernetes.io/service-account-token.",
    "Delete such Secrets: without one nothing can be turned.",
  ],
  looksAt: ["serviceaccounts"],
  notDemonstrated: null,
  source:
    "pkg/apis/core/validation/validation.go: ValidateSecretUpdate keeps the type and lets annotations change; pkg/controller/serviceaccount/tokens_controller.go",
  reach(site) {
    const [update, read] = site.held;
    if (update === undefined || read === undefined) return [];
    const { world, where } = site;
    const tokens = world.tokenSecrets(where).filter(({ name }) => coversName(update, name) && coversName(read, name));
    const places = [...new Set(tokens.map(({ namespace }) => namespace))];
    const certain =
      places.length === 0
        ? []
        : [{ to: places.flatMap((place) => accountsNamed(site, { where: place, names: null })) }];
    const settled = where !== "" && places.length > 0;
    if (settled || world.isWhole("secrets", where) || commonNames(update, read)?.length === 0) return certain;
    const to = accountsNamed(site, { where, names: null });
    return [
      ...certain,
      { effect: "maybe", to, note: "if a Secret of a ServiceAccount's token exists there: Secrets were not listed" },
    ];
  },
};
