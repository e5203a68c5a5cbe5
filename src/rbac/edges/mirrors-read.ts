import { api, clusterScoped, type Edge } from "../edge.ts";
import { RETURNING } from "../resources.ts";

/** Custom resources that carry credentials, or the settings that lead to them, in their own text. */
const MIRRORS = [
  api("argoproj.io", "applications"),
  api("argoproj.io", "workflows"),
  api("argoproj.io", "cronworkflows"),
  api("argoproj.io", "workflowtemplates"),
  api("tekton.dev", "pipelineruns"),
  api("tekton.dev", "taskruns"),
  api("cert-manager.io", "issuers"),
  clusterScoped("cert-manager.io", "clusterissuers"),
  api("helm.toolkit.fluxcd.io", "helmreleases"),
  api("kustomize.toolkit.fluxcd.io", "kustomizations"),
  api("external-secrets.io", "externalsecrets"),
  api("external-secrets.io", "secretstores"),
  clusterScoped("external-secrets.io", "clustersecretstores"),
  api("secrets-store.csi.x-k8s.io", "secretproviderclasses"),
];

export const mirrorsRead: Edge = {
  id: "mirrors-read",
  name: "get, list or watch custom resources that carry credentials",
  grants: "credentials that an operator's users wrote into its own objects, or where they are kept",
  effect: "maybe",
  needs: [{ verbs: RETURNING, on: MIRRORS, named: "either" }],
  since: null,
  until: null,
  caveat:
    "the operator must be installed, and somebody must have written the credential there; a SealedSecret shows nothing, and a Helm release is a Secret",
  prevent: [
    "Refer to Secrets from the operator's objects instead of writing values into them.",
    "Grant reads of these kinds as if they held Secrets.",
  ],
  looksAt: [],
  notDemonstrated: "which operators a cluster has, and what their users write, is nothing that a control plane shows",
  source: "the operators' own API types",
  reach: () => [{ note: "no Secret itself: what is written into objects of operators" }],
};
