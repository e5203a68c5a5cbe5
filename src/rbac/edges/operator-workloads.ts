import { api, type Edge } from "../edge.ts";
import { newPod } from "../gains.ts";

/** Custom resources of which an operator makes pods, or anything else that was written into them. */
const WORKLOADS = [
  api("argoproj.io", "workflows"),
  api("argoproj.io", "cronworkflows"),
  api("argoproj.io", "applications"),
  api("tekton.dev", "taskruns"),
  api("tekton.dev", "pipelineruns"),
  api("keda.sh", "scaledjobs"),
  api("jobset.x-k8s.io", "jobsets"),
  api("ray.io", "rayjobs"),
  api("ray.io", "rayclusters"),
  api("sparkoperator.k8s.io", "sparkapplications"),
  api("sparkoperator.k8s.io", "scheduledsparkapplications"),
  api("kubevirt.io", "virtualmachineinstances"),
  api("kustomize.toolkit.fluxcd.io", "kustomizations"),
  api("helm.toolkit.fluxcd.io", "helmreleases"),
  api("kubeflow.org", "pytorchjobs"),
  api("batch.volcano.sh", "jobs"),
];

export const operatorWorkloads: Edge = {
  id: "operator-workloads",
  name: "create or change workloads of operators",
  grants: "pods that an operator makes: any Secret of the namespace, and any ServiceAccount",
  effect: "maybe",
  needs: [{ verbs: ["create", "update", "patch"], on: WORKLOADS, named: "either" }],
  since: null,
  until: null,
  caveat: "the operator must be installed, and must let its users choose Secrets and ServiceAccounts",
  prevent: [
    "Restrict in the operator which ServiceAccounts and Secrets its users may choose.",
    "Treat this right as the right to read every Secret of the namespace.",
  ],
  looksAt: ["serviceaccounts"],
  notDemonstrated: "it takes the operators, which are no part of a control plane",
  source: "the operators' own API types",
  reach: (site) => [{ ...newPod(site, site.where), note: "by an operator, if it is installed" }],
};
