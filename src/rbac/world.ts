import type { ServiceAccount } from "../model/access.ts";
import type { Reach, SubjectRef } from "../model/report.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Pod } from "../model/workload.ts";
import { whatIsWhole } from "../scope/seen.ts";
import type { Rbac } from "./compile.ts";
import { isServed } from "./kube-version.ts";
import { nodeReach, type NodeReach } from "./node-authorizer.ts";
import { isRunning, podOwners, secretsInside } from "./pods.ts";
import { EVERY_SECRET, unite, wholeNamespace } from "./scopes.ts";
import { compareSubjects, isObjectName, subjectOfKey, userKey, serviceAccountUsername } from "./subjects.ts";

/** What edges ask of the cluster besides rules; built once for a snapshot, in linear time, and never changed. */
export interface World {
  rbac: Rbac;
  /** Secrets by name in a namespace ("": in every one); names null are all there. */
  secretsAt(namespace: string, names: readonly string[] | null): Reach;
  /** The Secrets that a new pod of the namespace can mount; fewer where every ServiceAccount there limits them. */
  mountable(namespace: string): Reach;
  /** Whether a ServiceAccount exists; null where the evidence does not say. */
  accountExists(namespace: string, name: string): boolean | null;
  /** ServiceAccounts with grants of their own or an identity in a cloud; "" is every namespace. */
  accountsWithRights(namespace: string): readonly SubjectRef[];
  serviceAccount(namespace: string, name: string): ServiceAccount | null;
  usersWithRights: readonly SubjectRef[];
  groupsWithRights: readonly SubjectRef[];
  /** What owns pods and has a template that can be changed, as far as pods show it. */
  podOwners: readonly { namespace: string; resource: string; name: string }[];
  /** Pods of a namespace whose containers run; "" is every namespace. */
  runningPods(namespace: string): readonly Pod[];
  /** Whether any of these pods runs; names null are all there. */
  anyRunning(namespace: string, names: readonly string[] | null): boolean;
  /** The Secrets whose content stands in running containers of these pods. */
  insidePods(namespace: string, names: readonly string[] | null): Reach;
  /** The same of a node; null is any. */
  insideNode(node: string | null): Reach;
  /** Whether no pod can be missing there, so that none found is none. */
  podsWhole(namespace: string): boolean;
  /** Pods whose containers run on a node. */
  runningOn(node: string): readonly Pod[];
  /** Every node that a pod is bound to, sorted. */
  nodes: readonly string[];
  /** What the Node authorizer gives to a node's identity. */
  nodeReach(node: string): NodeReach | null;
  /** Whether Pod Security lets a pod there reach for its node: true where the namespace's label forbids it. */
  nodeIsClosed(namespace: string): boolean;
  /** Whether this server has what exists in these versions; null where its version is not known. */
  isServed(range: { since: string | null; until: string | null }): boolean | null;
  snapshot: Snapshot;
}

const ENFORCE = "pod-security.kubernetes.io/enforce";
/** Pods of an account with this annotation may name only the Secrets that the account lists (plugin/pkg/admission/serviceaccount). */
const MOUNTABLE = "kubernetes.io/enforce-mountable-secrets";

/** Indexes a snapshot for the edges. */
export function worldOf(snapshot: Snapshot, rbac: Rbac): World {
  const whole = whatIsWhole(snapshot);
  const accounts = new Map(
    snapshot.serviceaccounts.map((one) => [accountKey(one.meta.namespace ?? "", one.meta.name), one]),
  );
  const accountsByNamespace = Map.groupBy(snapshot.serviceaccounts, ({ meta }) => meta.namespace ?? "");
  const running = snapshot.pods.filter(isRunning);
  const runningByNamespace = Map.groupBy(running, ({ meta }) => meta.namespace ?? "");
  const byNode = Map.groupBy(running, ({ template }) => template.nodeName ?? "");
  const nodeIndex = nodeReach(snapshot.pods);
  const labels = new Map(snapshot.namespaces.map(({ meta }) => [meta.name, meta.labels]));

  const known = knownSubjects(snapshot, rbac);
  const accountsWithRights = known.filter(({ kind }) => kind === "ServiceAccount");
  const rightsByNamespace = Map.groupBy(accountsWithRights, ({ namespace }) => namespace ?? "");
  const limited = new Set([...accountsByNamespace].filter(([, all]) => all.every(limitsSecrets)).map(([name]) => name));

  const secretsAt = (namespace: string, names: readonly string[] | null): Reach => {
    if (names === null) return namespace === "" ? EVERY_SECRET : wholeNamespace(namespace);
    const possible = names.filter(isObjectName);
    const namespaces = namespace === "" ? rbac.namespaces : [namespace];
    const secrets = namespaces.flatMap((place) => possible.map((name) => ({ namespace: place, name })));
    return unite([{ cluster: false, namespaces: [], secrets }]);
  };
  const mountableIn = (namespace: string): Reach => {
    if (!limited.has(namespace) || whole("serviceaccounts", namespace) !== null) return wholeNamespace(namespace);
    const names = (accountsByNamespace.get(namespace) ?? []).flatMap(({ secrets }) => secrets);
    return secretsAt(namespace, names);
  };
  const runningIn = (namespace: string): readonly Pod[] =>
    namespace === "" ? running : (runningByNamespace.get(namespace) ?? []);
  const runningNamed = (namespace: string, names: readonly string[]): Pod[] => {
    const wanted = new Set(names);
    return runningIn(namespace).filter(({ meta }) => wanted.has(meta.name));
  };
  const inside = new Map<string, Reach>();
  const insideAll = (namespace: string): Reach =>
    inside.getOrInsertComputed(namespace, () => unite(runningIn(namespace).map(secretsInside)));
  const places = (namespace: string): readonly string[] => (namespace === "" ? rbac.namespaces : [namespace]);

  return {
    rbac,
    snapshot,
    secretsAt,
    mountable: (namespace) =>
      namespace === "" && limited.size === 0 ? EVERY_SECRET : unite(places(namespace).map(mountableIn)),
    accountExists: (namespace, name) => {
      if (accounts.has(accountKey(namespace, name))) return true;
      return whole("serviceaccounts", namespace) === null ? false : null;
    },
    accountsWithRights: (namespace) =>
      namespace === "" ? accountsWithRights : (rightsByNamespace.get(namespace) ?? []),
    serviceAccount: (namespace, name) => accounts.get(accountKey(namespace, name)) ?? null,
    usersWithRights: known.filter(({ kind }) => kind === "User"),
    groupsWithRights: known.filter(({ kind }) => kind === "Group"),
    podOwners: podOwners(snapshot.pods),
    runningPods: runningIn,
    anyRunning: (namespace, names) =>
      names === null ? runningIn(namespace).length > 0 : runningNamed(namespace, names).length > 0,
    insidePods: (namespace, names) =>
      names === null ? insideAll(namespace) : unite(runningNamed(namespace, names).map(secretsInside)),
    insideNode: (node) => (node === null ? insideAll("") : unite((byNode.get(node) ?? []).map(secretsInside))),
    podsWhole: (namespace) => whole("pods", namespace === "" ? null : namespace) === null,
    runningOn: (node) => byNode.get(node) ?? [],
    nodes: [...nodeIndex.keys()].sort(),
    nodeReach: (node) => nodeIndex.get(node) ?? null,
    nodeIsClosed: (namespace) => ["baseline", "restricted"].includes(labels.get(namespace)?.[ENFORCE] ?? ""),
    isServed: (range) => isServed(snapshot.metadata.cluster.version, range),
  };
}

function accountKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** What strconv.ParseBool takes for true, with which admission reads the annotation. */
const TRUE: ReadonlySet<string> = new Set(["1", "t", "T", "TRUE", "true", "True"]);

function limitsSecrets({ meta }: ServiceAccount): boolean {
  return TRUE.has(meta.annotations[MOUNTABLE] ?? "");
}

/** Everybody whom a binding names, and every ServiceAccount that a cloud knows, sorted. */
function knownSubjects(snapshot: Snapshot, rbac: Rbac): SubjectRef[] {
  const keys = new Set(rbac.bySubject.keys());
  for (const { meta, cloudIdentity } of snapshot.serviceaccounts) {
    if (cloudIdentity !== null) keys.add(userKey(serviceAccountUsername(meta.namespace ?? "", meta.name)));
  }
  return [...keys].map(subjectOfKey).sort(compareSubjects);
}
