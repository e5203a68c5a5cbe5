import type { PolicyRule } from "../src/model/access.ts";
import type { Snapshot } from "../src/model/snapshot.ts";
import type { Pod } from "../src/model/workload.ts";
import {
  bind,
  bindCluster,
  clusterRole,
  group,
  meta,
  pod,
  role,
  rule,
  sa,
  serviceAccount,
  snapshot,
  user,
} from "../test/unit/rbac/fixture.ts";
import { randomSource } from "../test/unit/rbac/random-rbac.ts";

/** How large a cluster is, by kinds. */
export interface Size {
  roleBindings: number;
  clusterRoleBindings: number;
  roles: number;
  clusterRoles: number;
  serviceAccounts: number;
  pods: number;
  secrets: number;
}

/** RBAC as KubeHound published it for a large cluster, with the accounts, pods and Secrets of one. */
export const LARGE: Size = {
  roleBindings: 4491,
  clusterRoleBindings: 676,
  roles: 1374,
  clusterRoles: 721,
  serviceAccounts: 2000,
  pods: 30_000,
  secrets: 50_000,
};

const ACCOUNTS_A_NAMESPACE = 5;
const PODS_A_NODE = 100;

/** Roles as they are found: most are harmless, some read Secrets, a few let their holder act as others. */
const ROLES: [weight: number, rules: (secret: string) => PolicyRule[]][] = [
  [50, () => [rule("get,list,watch", "pods,configmaps,events")]],
  [14, (secret) => [rule("get", "secrets", [secret])]],
  [10, () => [rule("get,list,watch", "secrets")]],
  [6, () => [rule("get,list,create,delete", "jobs,cronjobs", [], ["batch"])]],
  [6, () => [rule("get,list,update,patch", "deployments,statefulsets", [], ["apps"])]],
  [5, () => [rule("create", "pods/exec"), rule("get", "pods/log")]],
  [3, () => [rule("create", "serviceaccounts/token")]],
  [3, () => [rule("create,delete", "pods")]],
  [2, () => [rule("impersonate", "serviceaccounts")]],
  [1, () => [rule("*", "*", [], ["*"])]],
];

/** What cluster-wide bindings grant: operators above all, and seldom every Secret. */
const CLUSTER_ROLES: [weight: number, rules: () => PolicyRule[]][] = [
  [60, () => [rule("get,list,watch", "nodes,namespaces,pods,services,endpoints")]],
  [25, () => [rule("*", "widgets,widgets/status", [], ["example.com"]), rule("create,patch", "events")]],
  [9, () => [rule("get,list,watch", "deployments,replicasets", [], ["apps"])]],
  [4, () => [rule("get", "secrets", ["registry"])]],
  [2, () => [rule("list,watch", "secrets")]],
];

const EDIT = [
  rule("get,list,watch", "secrets,pods,configmaps"),
  rule("create,update,patch,delete", "pods,pods/exec,secrets,serviceaccounts"),
  rule("impersonate", "serviceaccounts"),
  rule("create", "serviceaccounts/token"),
  rule("create,update,patch", "jobs,cronjobs", [], ["batch"]),
];
const VIEW = [
  rule("get,list,watch", "pods,pods/log,configmaps,events"),
  rule("get,list", "jobs,cronjobs", [], ["batch"]),
];

/** A cluster of a size; the same for the same size. Namespaces grow with it, and stay as large each. */
export function bigCluster(size: Size): Snapshot {
  const random = randomSource(7);
  const below = (limit: number): number => Math.floor(random() * limit);
  const many = (count: number): number[] => Array.from({ length: Math.round(count) }, (_, index) => index);
  const choose = <T>(from: readonly [number, T][]): T => {
    let left = random() * from.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of from) if ((left -= weight) < 0) return value;
    return from[0]![1];
  };
  const places = many(Math.max(2, size.serviceAccounts / ACCOUNTS_A_NAMESPACE)).map((index) => `team-${String(index)}`);
  const place = (index: number): string => places[index % places.length]!;
  const secretsEach = Math.ceil(size.secrets / places.length);
  const secret = (): string => `secret-${String(below(secretsEach))}`;
  const account = (): string => `app-${String(below(ACCOUNTS_A_NAMESPACE))}`;
  const nodes = Math.max(1, Math.round(size.pods / PODS_A_NODE));

  const rolesOf = Map.groupBy(many(size.roles), (index) => place(index));
  return snapshot({
    collected: [...snapshot().collected, "secrets"],
    namespaces: places.map((name) => ({ kind: "Namespace", meta: meta(null, name) })),
    serviceaccounts: many(size.serviceAccounts).map((index) =>
      serviceAccount(place(index), `app-${String(Math.floor(index / places.length))}`),
    ),
    secrets: many(size.secrets).map((index) => ({
      kind: "Secret",
      meta: meta(place(index), `secret-${String(Math.floor(index / places.length))}`),
      type: "Opaque",
    })),
    roles: many(size.roles).map((index) => role(place(index), `role-${String(index)}`, choose(ROLES)(secret()))),
    clusterroles: [
      clusterRole("edit", EDIT),
      clusterRole("view", VIEW),
      ...many(size.clusterRoles - 2).map((index) => clusterRole(`operator-${String(index)}`, choose(CLUSTER_ROLES)())),
    ],
    rolebindings: many(size.roleBindings).map((index) => {
      const namespace = place(index);
      const own = rolesOf.get(namespace) ?? [];
      const ref = choose<() => string>([
        [55, () => (own.length === 0 ? "ClusterRole/view" : `Role/role-${String(own[below(own.length)]!)}`)],
        [30, () => "ClusterRole/view"],
        [15, () => "ClusterRole/edit"],
      ])();
      const subject = choose([
        [70, () => sa(account())],
        [12, () => sa(account(), place(below(places.length)))],
        [10, () => group(`team-${String(below(200))}`)],
        [8, () => user(`user-${String(below(500))}`)],
      ])();
      return bind(namespace, `binding-${String(index)}`, ref, [subject]);
    }),
    clusterrolebindings: many(size.clusterRoleBindings).map((index) =>
      bindCluster(`binding-${String(index)}`, `ClusterRole/operator-${String(index % (size.clusterRoles - 2))}`, [
        sa(account(), place(below(places.length))),
      ]),
    ),
    pods: many(size.pods).map((index): Pod => {
      const namespace = place(index);
      const base = pod(namespace, `pod-${String(index)}`, account());
      const reference = { use: "env" as const, keys: null, optional: false, path: "", field: "", containers: ["main"] };
      return {
        ...base,
        phase: index % 3 === 0 ? "Running" : "Succeeded",
        template: {
          ...base.template,
          nodeName: `node-${String(index % nodes)}`,
          tokens: [{ audience: null, expirationSeconds: 3607, path: "" }],
          secretReferences: [0, 1].map(() => ({ ...reference, secret: secret() })),
        },
      };
    }),
  });
}
