import { api, clusterScoped, type Edge } from "../edge.ts";

/** Custom resources by which an operator writes Secrets, or carries them elsewhere. */
const SYNCS = [
  api("external-secrets.io", "externalsecrets"),
  clusterScoped("external-secrets.io", "clusterexternalsecrets"),
  api("external-secrets.io", "pushsecrets"),
  api("secrets-store.csi.x-k8s.io", "secretproviderclasses"),
  api("cert-manager.io", "certificates"),
  clusterScoped("kyverno.io", "clusterpolicies"),
  api("kyverno.io", "policies"),
  api("velero.io", "backups"),
];

export const secretSync: Edge = {
  id: "secret-sync",
  name: "create or change objects that move Secrets",
  grants: "Secrets that an operator copies from another namespace, or out of the cluster",
  effect: "maybe",
  needs: [{ verbs: ["create", "update", "patch"], on: SYNCS, named: "either" }],
  since: null,
  until: null,
  caveat: "the operator must be installed; which Secrets it moves is its own configuration",
  prevent: [
    "Restrict in the operator what may be copied where, such as by conditions of a ClusterSecretStore; grant such objects as if they were Secrets.",
  ],
  looksAt: [],
  notDemonstrated: "it takes the operators, which are no part of a control plane",
  source: "the operators' own API types",
  reach: () => [{ note: "what an operator may copy is not known" }],
};
