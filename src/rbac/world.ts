import type { ServiceAccount } from "../model/access.ts";
import type { Reach, SubjectRef } from "../model/report.ts";
import type { Resource, Snapshot } from "../model/snapshot.ts";
import type { CronJob, Pod } from "../model/workload.ts";
import { serviceAccountOf } from "../scope/match.ts";
import { whatIsWhole } from "../scope/seen.ts";
import type { Rbac } from "./compile.ts";
import { isServed } from "./kube-version.ts";
import { nodeReach, type NodeIndex, type NodeReach } from "./node-authorizer.ts";
import { isRunning, podOwners, secretsInside, type PodOwner } from "./pods.ts";
import { EVERY_SECRET, unite, wholeNamespace } from "./scopes.ts";
import {
  compareSubjects,
  compareText,
  usernameOfKey,
  isObjectName,
  subjectOfKey,
  userKey,
  serviceAccountUsername,
} from "./subjects.ts";

/** What edges ask of the cluster besides rules; built once for a snapshot, in linear time, and never changed. */
export interface World {
  rbac: Rbac;
  /** Secrets by name in a namespace ("": in every one); names null are all there. */
  secretsAt(namespace: string, names: readonly string[] | null): Reach;
  /**
   * The Secrets that an account lists, where its annotation limits the references of its pods to them; null where any will
   * do. A projected volume is never looked at (limitSecretReferences of plugin/pkg/admission/serviceaccount).
   */
  mountable(namespace: string, account: string): readonly string[] | null;
  /** Whether a ServiceAccount exists; null where the evidence does not say. */
  accountExists(namespace: string, name: string): boolean | null;
  /** ServiceAccounts with grants of their own or an identity in a cloud; "" is every namespace. */
  accountsWithRights(namespace: string): readonly SubjectRef[];
  serviceAccount(namespace: string, name: string): ServiceAccount | null;
  usersWithRights: readonly SubjectRef[];
  /** User names that bindings mean, those of ServiceAccounts too. */
  usernames: readonly string[];
  groupsWithRights: readonly SubjectRef[];
  /** What owns pods of a namespace and has a template that can be changed, as far as pods show it; "" is every namespace. */
  podOwners(namespace: string): readonly PodOwner[];
  cronJobs(namespace: string): readonly CronJob[];
  /** Secrets that hold a ServiceAccount's token, as far as Secrets were listed. */
  tokenSecrets(namespace: string): readonly TokenSecret[];
  /** Whether one of these is among them; names null are all there. */
  holdsTokens(namespace: string, names: readonly string[] | null): boolean;
  /** Pods of a namespace whose containers run; "" is every namespace. */
  runningPods(namespace: string): readonly Pod[];
  /** Whether any of these pods runs; names null are all there. */
  anyRunning(namespace: string, names: readonly string[] | null): boolean;
  /** The Secrets whose content stands in running containers of these pods. */
  insidePods(namespace: string, names: readonly string[] | null): Reach;
  /** The same of a node; null is any. */
  insideNode(node: string | null): Reach;
  /** Whether no object of a kind can be missing there, so that none found is none; "" is every namespace. */
  isWhole(kind: Resource, namespace: string): boolean;
  /** Pods whose containers run on a node. */
  runningOn(node: string): readonly Pod[];
  /** Nodes on which containers run as a ServiceAccount. */
  nodesOfAccount(namespace: string, name: string): readonly string[];
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

/** Names the account that a token Secret is for (core/v1 ServiceAccountNameKey). */
const ACCOUNT = "kubernetes.io/service-account.name";
const TOKEN_TYPE = "kubernetes.io/service-account-token";
const ENFORCE = "pod-security.kubernetes.io/enforce";
/** Pods of an account with this annotation may name only the Secrets that the account lists (plugin/pkg/admission/serviceaccount). */
const MOUNTABLE = "kubernetes.io/enforce-mountable-secrets";

/** Indexes a snapshot for the edges. */
export function worldOf(snapshot: Snapshot, rbac: Rbac): World {
  const whole = whatIsWhole(snapshot);
  const accounts = new Map(
    snapshot.serviceaccounts.map((one) => [accountKey(one.meta.namespace ?? "", one.meta.name), one]),
  );
  const tokensIn = byPlace(tokenSecrets(snapshot));
  const running = snapshot.pods.filter(isRunning);
  const runningIn = placed(running);
  const byNode = Map.groupBy(running, ({ template }) => template.nodeName ?? "");
  // Asked of few: most evidence has many pods, and most subjects never come to a node.
  let nodeIndex: NodeIndex | null = null;
  const nodeReaches = (): NodeIndex => (nodeIndex ??= nodeReach(snapshot.pods));
  const labels = new Map(snapshot.namespaces.map(({ meta }) => [meta.name, meta.labels]));

  const known = knownSubjects(snapshot, rbac);
  const accountsWithRights = known.filter(({ kind }) => kind === "ServiceAccount");
  const rightsByNamespace = Map.groupBy(accountsWithRights, ({ namespace }) => namespace ?? "");

  const named = new Map<string, Reach>();
  const secretsAt = (namespace: string, names: readonly string[] | null): Reach => {
    if (names === null) return namespace === "" ? EVERY_SECRET : wholeNamespace(namespace);
    // Remembered, because a name in all namespaces is many Secrets, and comes up for many subjects.
    return named.getOrInsertComputed(JSON.stringify([namespace, names]), () => {
      const possible = names.filter(isObjectName);
      const namespaces = namespace === "" ? rbac.namespaces : [namespace];
      const secrets = namespaces.flatMap((place) => possible.map((name) => ({ namespace: place, name })));
      return unite([{ cluster: false, namespaces: [], secrets }]);
    });
  };
  const runningNamed = (namespace: string, names: readonly string[]): Pod[] => {
    const wanted = new Set(names);
    return runningIn(namespace).filter(({ meta }) => wanted.has(meta.name));
  };
  const inside = new Map<string, Reach>();
  const insideAll = (namespace: string): Reach =>
    inside.getOrInsertComputed(namespace, () => secretsInside(runningIn(namespace)));

  return {
    rbac,
    snapshot,
    secretsAt,
    mountable: (namespace, name) => {
      const account = accounts.get(accountKey(namespace, name));
      return account !== undefined && limitsSecrets(account) ? account.secrets : null;
    },
    accountExists: (namespace, name) => {
      if (accounts.has(accountKey(namespace, name))) return true;
      return whole("serviceaccounts", namespace) === null ? false : null;
    },
    accountsWithRights: (namespace) =>
      namespace === "" ? accountsWithRights : (rightsByNamespace.get(namespace) ?? []),
    serviceAccount: (namespace, name) => accounts.get(accountKey(namespace, name)) ?? null,
    usersWithRights: known.filter(({ kind }) => kind === "User"),
    usernames: [...rbac.bySubject.keys()].flatMap((key) => usernameOfKey(key) ?? []).sort(compareText),
    groupsWithRights: known.filter(({ kind }) => kind === "Group"),
    podOwners: byPlace(podOwners(snapshot.pods)),
    cronJobs: placed(snapshot.cronjobs),
    tokenSecrets: tokensIn,
    holdsTokens: (namespace, names) =>
      names === null ? tokensIn(namespace).length > 0 : tokensIn(namespace).some(({ name }) => names.includes(name)),
    runningPods: runningIn,
    anyRunning: (namespace, names) =>
      names === null ? runningIn(namespace).length > 0 : runningNamed(namespace, names).length > 0,
    insidePods: (namespace, names) =>
      names === null ? insideAll(namespace) : secretsInside(runningNamed(namespace, names)),
    insideNode: (node) => (node === null ? insideAll("") : secretsInside(byNode.get(node) ?? [])),
    isWhole: (kind, namespace) => {
      if (namespace !== "") return whole(kind, namespace) === null;
      const all = snapshot.metadata.scope.namespaces === null || snapshot.beyondScope.includes(kind);
      return all && whole(kind, null) === null;
    },
    runningOn: (node) => byNode.get(node) ?? [],
    nodesOfAccount: (namespace, name) => {
      const own = runningIn(namespace).filter((pod) => serviceAccountOf(pod) === name);
      return [...new Set(own.map(({ template }) => template.nodeName).filter((node) => node !== null))];
    },
    get nodes() {
      return [...nodeReaches().keys()].sort();
    },
    nodeReach: (node) => nodeReaches().get(node) ?? null,
    nodeIsClosed: (namespace) => ["baseline", "restricted"].includes(labels.get(namespace)?.[ENFORCE] ?? ""),
    isServed: (range) => isServed(snapshot.metadata.cluster.version, range),
  };
}

/** A Secret with a token that does not expire, and the ServiceAccount that it speaks for. */
export interface TokenSecret {
  namespace: string;
  name: string;
  account: string;
}

/** Answers by namespace; "" is all of them. */
function byPlace<T extends { namespace: string }>(all: readonly T[]): (namespace: string) => readonly T[] {
  const places = Map.groupBy(all, ({ namespace }) => namespace);
  return (namespace) => (namespace === "" ? all : (places.get(namespace) ?? []));
}

function placed<T extends { meta: { namespace: string | null } }>(
  all: readonly T[],
): (namespace: string) => readonly T[] {
  const places = Map.groupBy(all, ({ meta }) => meta.namespace ?? "");
  return (namespace) => (namespace === "" ? all : (places.get(namespace) ?? []));
}

function tokenSecrets({ secrets }: Snapshot): TokenSecret[] {
  return secrets
    .filter(({ type }) => type === TOKEN_TYPE)
    .map(({ meta }) => ({
      namespace: meta.namespace ?? "",
      name: meta.name,
      account: meta.annotations[ACCOUNT] ?? "",
    }));
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
