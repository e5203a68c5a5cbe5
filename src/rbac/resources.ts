import { api, core, type ApiResource, type Need } from "./edge.ts";

/** The group of roles and bindings. */
export const RBAC = "rbac.authorization.k8s.io";

export const SECRETS = core("secrets");
export const PODS = core("pods");

/** What makes pods from a template of its own, which can be changed; a Job's cannot (ValidateJobSpecUpdate). */
export const TEMPLATES: readonly ApiResource[] = [
  api("apps", "deployments"),
  api("apps", "daemonsets"),
  api("apps", "statefulsets"),
  api("apps", "replicasets"),
  core("replicationcontrollers"),
];

export const CRONJOBS = api("batch", "cronjobs");

/** Everything that makes pods from a template, by a controller. */
export const CONTROLLERS: readonly ApiResource[] = [CRONJOBS, api("batch", "jobs"), ...TEMPLATES];

/** A new pod, by whatever object; controllers make theirs as ServiceAccounts of kube-system, which may. */
export const CREATE_PODS: Need = { verbs: ["create"], on: [PODS, ...CONTROLLERS], named: "never" };

export const CREATE_ACCOUNTS: Need = { verbs: ["create"], on: [core("serviceaccounts")], named: "never" };
/** The verbs whose answer is the object: a patch's, and with a policy or a finalizer a delete's, as well as a read's. */
export const RETURNING = ["get", "list", "watch", "patch", "delete", "deletecollection"];

/** Any direct read of a Secret; of a list or a deleted collection it is one of many. */
export const READ_SECRETS: Need = {
  verbs: RETURNING,
  on: [SECRETS],
  named: "either",
};
