import { type Character, binding, role, secret, serviceAccount, subject } from "./character.ts";

/** A namespace with a Secret and nothing else, which only whole-cluster rights reach. */
export const OTHER_NAMESPACE = "payments";

/** Rights that are easily misread; each row stands for one rule of RBAC. */
export const access: Character = {
  name: "RBAC",
  why: "Rights that are subtle on purpose: groups, a User that is a ServiceAccount, a ClusterRole bound in one namespace, named resources, a role that does not exist, an account that reads only through another.",
  days: 75,
  objects: ({ namespace, canaries }) => [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: OTHER_NAMESPACE } },
    secret(OTHER_NAMESPACE, "gateway", { password: canaries.password() }),
    serviceAccount(namespace, "audit"),

    // A Group subject, and a ClusterRole that a RoleBinding confines to one namespace: reads every literal, no Secret.
    binding(namespace, "oncall-view", "ClusterRole/view", subject.group("oncall")),

    // The user name of a ServiceAccount, as a User: the authorizer compares names, so it grants to the account.
    role(namespace, "read-secrets", [["get", "list"], ["secrets"]]),
    binding(
      namespace,
      "report-secrets",
      "Role/read-secrets",
      subject.user(`system:serviceaccount:${namespace}:report`),
    ),

    // The role says every Secret; the RoleBinding says of this namespace.
    binding(namespace, "audit-secrets", "ClusterRole/secret-reader", subject.serviceAccount(namespace, "audit")),

    // resourceNames: get works on that one; list and watch only with a field selector that names it.
    role(namespace, "watch-credentials", [["get", "list", "watch"], ["secrets"], ["report-credentials"]]),
    binding(namespace, "etl-watch", "Role/watch-credentials", subject.serviceAccount(namespace, "etl")),

    // The role was deleted, the binding stayed: grants nothing until somebody creates a role of that name.
    binding(namespace, "etl-legacy", "Role/legacy-etl", subject.serviceAccount(namespace, "etl")),

    // No right to any Secret, but a pod of its own: it mounts what it likes, and runs as whoever reads elsewhere.
    serviceAccount(namespace, "deployer"),
    role(namespace, "run-pods", [["create"], ["pods"]]),
    binding(namespace, "deployer-pods", "Role/run-pods", subject.serviceAccount(namespace, "deployer")),
    serviceAccount(namespace, "promoter"),
    role(OTHER_NAMESPACE, "read-gateway", [["get"], ["secrets"], ["gateway"]]),
    binding(OTHER_NAMESPACE, "promoter", "Role/read-gateway", subject.serviceAccount(namespace, "promoter")),

    // Every account of the namespace, the one of the hardened twin included, reads every pod and with it every literal.
    role(namespace, "read-pods", [
      ["get", "list"],
      ["pods", "configmaps"],
    ]),
    binding(namespace, "accounts-read-pods", "Role/read-pods", subject.group(`system:serviceaccounts:${namespace}`)),
  ],
};
