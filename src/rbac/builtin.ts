import type { RoleBinding } from "../model/access.ts";
import type { SubjectRef } from "../model/report.ts";

/** ServiceAccounts of kube-system that the bootstrap policy binds to the ClusterRole system:controller:NAME (controller_policy.go, 1.36). */
const CONTROLLERS = [
  "attachdetach-controller",
  "certificate-controller",
  "clusterrole-aggregation-controller",
  "cronjob-controller",
  "daemon-set-controller",
  "deployment-controller",
  "device-taint-eviction-controller",
  "disruption-controller",
  "endpoint-controller",
  "endpointslice-controller",
  "endpointslicemirroring-controller",
  "ephemeral-volume-controller",
  "expand-controller",
  "generic-garbage-collector",
  "horizontal-pod-autoscaler",
  "job-controller",
  "kube-apiserver-serving-clustertrustbundle-publisher",
  "legacy-service-account-token-cleaner",
  "namespace-controller",
  "node-controller",
  "persistent-volume-binder",
  "pod-garbage-collector",
  "podcertificaterequestcleaner",
  "podgroup-protection-controller",
  "pv-protection-controller",
  "pvc-protection-controller",
  "replicaset-controller",
  "replication-controller",
  "resource-claim-controller",
  "resourcepoolstatusrequest-controller",
  "resourcequota-controller",
  "root-ca-cert-publisher",
  "route-controller",
  "selinux-warning-controller",
  "service-account-controller",
  "service-cidrs-controller",
  "service-controller",
  "statefulset-controller",
  "storage-version-garbage-collector",
  "storage-version-migrator-controller",
  "ttl-after-finished-controller",
  "ttl-controller",
  "validatingadmissionpolicy-status-controller",
  "volumeattributesclass-protection-controller",
];

/** ServiceAccounts of kube-system that the bootstrap policy binds there to the Role system:controller:NAME (namespace_policy.go). */
const NAMESPACED_CONTROLLERS = ["bootstrap-signer", "cloud-provider", "token-cleaner"];

/** ClusterRoleBindings of the bootstrap policy to a component's user (policy.go); each binds the ClusterRole of its own name. */
const COMPONENTS: [binding: string, user: string][] = [
  ["system:kube-controller-manager", "system:kube-controller-manager"],
  ["system:kube-scheduler", "system:kube-scheduler"],
  ["system:volume-scheduler", "system:kube-scheduler"],
  ["system:node-proxier", "system:kube-proxy"],
];

interface Bootstrapped {
  namespace: string;
  binding: string;
  role: string;
  users: string[];
  /** ServiceAccounts of kube-system. */
  accounts: string[];
}

/** The other RoleBindings of the bootstrap policy: locks, and the settings that components share (namespace_policy.go). */
const NAMESPACED: Bootstrapped[] = [
  {
    ...{ namespace: "kube-public", binding: "system:controller:bootstrap-signer" },
    ...{ role: "system:controller:bootstrap-signer", users: [], accounts: ["bootstrap-signer"] },
  },
  {
    ...{ namespace: "kube-system", binding: "system::leader-locking-kube-controller-manager" },
    role: "system::leader-locking-kube-controller-manager",
    users: ["system:kube-controller-manager"],
    accounts: ["kube-controller-manager", "leader-election-controller"],
  },
  {
    ...{ namespace: "kube-system", binding: "system::leader-locking-kube-scheduler" },
    role: "system::leader-locking-kube-scheduler",
    ...{ users: ["system:kube-scheduler"], accounts: ["kube-scheduler"] },
  },
  {
    ...{ namespace: "kube-system", binding: "system::extension-apiserver-authentication-reader" },
    role: "extension-apiserver-authentication-reader",
    ...{ users: ["system:kube-controller-manager", "system:kube-scheduler"], accounts: [] },
  },
];

const BOOTSTRAP: ReadonlySet<string> = new Set([
  ...CONTROLLERS.map((name) => {
    const role = `system:controller:${name}`;
    return triple("ClusterRoleBinding", "", role, "ClusterRole", role, "ServiceAccount", "kube-system", name);
  }),
  ...NAMESPACED_CONTROLLERS.map((name) => {
    const role = `system:controller:${name}`;
    return triple("RoleBinding", "kube-system", role, "Role", role, "ServiceAccount", "kube-system", name);
  }),
  ...NAMESPACED.flatMap(({ namespace, binding, role, users, accounts }) => [
    ...users.map((user) => triple("RoleBinding", namespace, binding, "Role", role, "User", "", user)),
    ...accounts.map((account) =>
      triple("RoleBinding", namespace, binding, "Role", role, "ServiceAccount", "kube-system", account),
    ),
  ]),
  ...COMPONENTS.map(([role, user]) => triple("ClusterRoleBinding", "", role, "ClusterRole", role, "User", "", user)),
  triple(
    "ClusterRoleBinding",
    "",
    "system:kube-dns",
    "ClusterRole",
    "system:kube-dns",
    "ServiceAccount",
    "kube-system",
    "kube-dns",
  ),
  triple(
    "ClusterRoleBinding",
    "",
    "system:monitoring",
    "ClusterRole",
    "system:monitoring",
    "Group",
    "",
    "system:monitoring",
  ),
]);

/**
 * True when a binding gives a subject what the API server's bootstrap policy gives it: binding, role and subject must all be
 * the bootstrap ones. Labels are not looked at, because whoever makes a binding chooses them; grants to groups that are
 * everyone are never built in; and neither is system:node to system:nodes, which the bootstrap policy leaves unbound.
 */
export function isBuiltIn({ kind, meta, roleRef }: RoleBinding, subject: SubjectRef): boolean {
  const namespace = subject.namespace ?? "";
  return BOOTSTRAP.has(
    triple(kind, meta.namespace ?? "", meta.name, roleRef.kind, roleRef.name, subject.kind, namespace, subject.name),
  );
}

function triple(...parts: string[]): string {
  return parts.join(" ");
}
