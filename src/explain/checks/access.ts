import type { Check } from "./check.ts";

/** What the triage says of accounts, images, tokens and nodes. */
export const ACCESS_CHECKS: readonly Check[] = [
  {
    id: "account-reach",
    title: "An account of batch work reads every Secret",
    summary: "An account that batch work runs as reads every Secret of a namespace or of the cluster.",
    why: [
      "Whoever breaks into the workload, or makes a pod that runs as the account, has all of these Secrets.",
      "`reads` says that a role grants it; `comes to` says that a chain leads there, such as creating pods or minting tokens.",
      "An account that does not exist counts too: whoever may create it gets the rights of its bindings.",
    ],
    fix: [
      "See the chain: `kubectl cronaudit access sa/NAME -n NAMESPACE`.",
      "Take out the link that the work does not need; give `get` on the Secrets that it needs, by resourceNames.",
      "Set `automountServiceAccountToken: false` where the work calls no API.",
    ],
    needs: [
      "`list` on serviceaccounts, roles, rolebindings, clusterroles and clusterrolebindings of the whole cluster",
      "`list` on cronjobs, jobs and pods, for what runs as it",
    ],
    source: "plugin/pkg/auth/authorizer/rbac/rbac.go; docs/access.md",
    related: ["over-permissive-account", "least-privilege", "no-token", "secrets-list", "pods-create"],
    lines: ["account/", "more-accounts"],
  },
  {
    id: "image-change",
    title: "An image name meant several images",
    summary: "Runs of one workload ran several images under one name.",
    why: [
      "Somebody pushed under that name between two runs: a release, or somebody who wants the next run's Secrets and token.",
      "No object of the cluster changed, so no audit log shows it.",
      "Nodes of several architectures, or with older images in their stores, differ without anybody having pushed.",
    ],
    fix: [
      "Compare the digests with what was built: `kubectl cronaudit stale cronjob/NAME -n NAMESPACE` names them, with the first run that differs.",
      "Hold the runs while it is not explained: `kubectl cronaudit hold cronjob/NAME -n NAMESPACE`.",
      "Name images by digest.",
    ],
    needs: ["`list` on cronjobs, jobs and pods; only retained runs show it"],
    source: "Kubernetes API reference, ContainerStatus: imageID; pkg/kubelet/images/image_manager.go",
    related: ["image-substitution", "digest", "pull-policy", "pull-secret"],
    lines: ["image/"],
  },
  {
    id: "tokens-of-finished-pods",
    title: "Tokens of finished pods",
    summary: "Pods have finished, and their ServiceAccount tokens may still work.",
    why: [
      "The API server checks that the pod object exists, not that it runs: a copied token works on.",
      "While the pod object exists, its node may ask for new tokens of the account.",
    ],
    fix: [
      "Delete the pods: `kubectl cronaudit stale` says which, and what will do it by itself.",
      "Set `ttlSecondsAfterFinished`, and `automountServiceAccountToken: false` where the work calls no API.",
      "If one was used: Secrets that it read are to be rotated, and tokens that were asked for with it live on, see serviceaccounts-token.",
    ],
    needs: ["`list` on pods and serviceaccounts", "`list` on roles and bindings, for what the accounts may read"],
    source: "pkg/serviceaccount/claims.go; plugin/pkg/auth/authorizer/node/node_authorizer.go",
    related: ["token-bound", "node-token", "pod-token", "pod-deletion"],
  },
  {
    id: "secrets-within-node-reach",
    title: "Secrets within reach of nodes",
    summary: "Finished pods keep Secrets within reach of the nodes that they ran on.",
    why: [
      "The Node authorizer lets a kubelet get what pod objects of its node name, finished ones too.",
      "A node that is taken over reads the Secrets of every job that it ever ran and whose pod is still there.",
    ],
    fix: [
      "Delete the finished pods; a TTL does it for runs to come.",
      "Where a node was taken, rotate what its pods name: deleting them does not take back what it read.",
      "`kubectl cronaudit exposure --class node-grant` lists them.",
    ],
    needs: ["`list` on pods"],
    source: "plugin/pkg/auth/authorizer/node/graph.go: AddPod looks at no phase",
    related: ["node-grant", "node-authorizer", "pod-deletion"],
  },
  {
    id: "everyone",
    title: "Read by everyone",
    summary: "A group that holds every user, or every ServiceAccount, reads it; such items come first.",
    why: [
      "`system:authenticated` holds whoever has a login, `system:unauthenticated` whoever reaches the API server, and `system:serviceaccounts` every pod with a token.",
      "One such binding makes every restriction elsewhere pointless.",
    ],
    fix: [
      "`kubectl cronaudit access group:system:authenticated` names the bindings; delete them, or take the group out.",
      "The built-in bindings to these groups (system:discovery, system:basic-user, system:public-info-viewer, system:service-account-issuer-discovery, system:cluster-trust-bundle-discovery) give no Secret, pod or ConfigMap: what does was added.",
    ],
    needs: ["`list` on roles and bindings"],
    source: "apiserver/pkg/authentication/user/user.go: AllAuthenticated; bootstrappolicy/policy.go",
    related: ["critical", "account-reach", "rbac"],
  },
];
