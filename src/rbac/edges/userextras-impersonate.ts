import { ANY_SUBRESOURCE, clusterScoped, type Edge } from "../edge.ts";

const GROUP = "authentication.k8s.io";

export const userextrasImpersonate: Edge = {
  id: "userextras-impersonate",
  name: "impersonate userextras and uids",
  grants: "extra fields and a uid that go with an impersonated user",
  effect: "maybe",
  needs: [
    {
      verbs: ["impersonate"],
      on: [clusterScoped(GROUP, "uids"), clusterScoped(GROUP, `userextras/${ANY_SUBRESOURCE}`)],
      named: "either",
    },
  ],
  since: null,
  until: null,
  caveat: "only beside an impersonated user, and only for authorizers that look at these fields; RBAC does not",
  impersonates: true,
  prevent: ["Leave it out, unless an authorizer of the cluster looks at these fields and somebody has to lend them."],
  looksAt: [],
  notDemonstrated: "RBAC and the Node authorizer look at none of these fields, so nothing is to be seen",
  source: "apiserver/pkg/endpoints/filters/impersonation/impersonation.go",
  reach: () => [{ note: "nothing of RBAC's: for webhooks and cloud authorizers" }],
};
