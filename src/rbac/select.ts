import type { SubjectRef } from "../model/report.ts";
import type { Selection } from "../model/selection.ts";
import type { Resource, Snapshot } from "../model/snapshot.ts";
import { isCalled, matchesFields, matchesLabels } from "../scope/match.ts";
import { blindSpotsFor, whatIsSeen } from "../scope/seen.ts";
import type { Rbac } from "./compile.ts";
import {
  compareSubjects,
  groupKey,
  MASTERS,
  nodeOf,
  nodeUsername,
  normalise,
  serviceAccountUsername,
  subjectOfKey,
  userKey,
  type SubjectKey,
} from "./subjects.ts";
import type { Running } from "./workloads.ts";
import type { World } from "./world.ts";

/** A subject or workload that was asked for is not in the evidence. The message is one line, `next` says what may help. */
export class SubjectNotFound extends Error {
  override name = "SubjectNotFound";
  readonly subject: { kind: string; namespace: string | null; name: string };
  readonly next: string;

  constructor(subject: { kind: string; namespace: string | null; name: string }, reason: string, next: string) {
    const where = subject.namespace === null ? "" : ` in namespace ${JSON.stringify(subject.namespace)}`;
    super(`${subject.kind} ${JSON.stringify(subject.name)} not found${where}: ${reason}`);
    this.subject = subject;
    this.next = next;
  }
}

/** The subjects that a report is about, sorted: those selected, or else every ServiceAccount that a workload runs as. */
export function subjectsOf(
  snapshot: Snapshot,
  rbac: Rbac,
  workloads: readonly Running[],
  selection: Selection,
): SubjectRef[] {
  const found = selection.subjects.flatMap((subject) => resolve(normalise(subject), snapshot, rbac, workloads));
  if (selection.objects.length > 0 || selection.subjects.length === 0) {
    const named = workloads.filter((workload) => isNamed(selection, workload));
    for (const object of selection.objects) {
      if (object.kind === "ServiceAccount") {
        const subject: SubjectRef = { kind: "ServiceAccount", namespace: object.namespace, name: object.name };
        found.push(...resolve(subject, snapshot, rbac, workloads));
      } else if (!named.some(({ chain }) => chain.some((link) => isCalled(object, link)))) {
        throw new SubjectNotFound(object, whyAbsent(snapshot, object), "list what there is: kubectl cronaudit access");
      }
    }
    const kept = named.filter(
      ({ object }) => matchesLabels(selection.labels, object.meta.labels) && matchesFields(selection.fields, object),
    );
    found.push(...kept.map(({ serviceAccount }): SubjectRef => ({ kind: "ServiceAccount", ...serviceAccount })));
  }
  const distinct = new Map(
    found.map((subject) => [`${subject.kind} ${subject.namespace ?? ""} ${subject.name}`, subject]),
  );
  return [...distinct.values()].sort(compareSubjects);
}

/** Everybody whom the evidence knows: whom bindings name, every ServiceAccount, every node that pods are bound to. */
export function everySubject(snapshot: Snapshot, world: World, workloads: readonly Running[]): SubjectRef[] {
  const keys = new Set<SubjectKey>([...world.rbac.bySubject.keys(), groupKey(MASTERS)]);
  const account = (namespace: string, name: string): unknown =>
    keys.add(userKey(serviceAccountUsername(namespace, name)));
  for (const { meta } of snapshot.serviceaccounts) account(meta.namespace ?? "", meta.name);
  for (const { serviceAccount } of workloads) account(serviceAccount.namespace, serviceAccount.name);
  for (const node of world.nodes) keys.add(userKey(nodeUsername(node)));
  return [...keys].map(subjectOfKey).sort(compareSubjects);
}

function resolve(subject: SubjectRef, snapshot: Snapshot, rbac: Rbac, workloads: readonly Running[]): SubjectRef[] {
  const key = subject.kind === "Group" ? groupKey(subject.name) : userKey(subject.name);
  if (subject.kind !== "ServiceAccount") {
    const bindingsSeen = blindSpotsFor(snapshot, ["clusterrolebindings", "rolebindings"]).length === 0;
    // Groups and nodes that Kubernetes defines exist whether or not a binding names them.
    const exists =
      subject.kind === "Group" ? subject.name.startsWith("system:") : mayHavePods(snapshot, nodeOf(subject.name));
    if (rbac.bySubject.has(key) || exists || !bindingsSeen) return [subject];
    const next = "what every user may read: kubectl cronaudit access group:system:authenticated";
    throw new SubjectNotFound(subject, "no binding names it", next);
  }
  const accounts: { namespace: string; name: string }[] = [
    ...snapshot.serviceaccounts.map(({ meta }) => ({ namespace: meta.namespace ?? "", name: meta.name })),
    ...workloads.map(({ serviceAccount }) => serviceAccount),
    ...[...rbac.bySubject.keys()].flatMap((known) => {
      const { kind, namespace, name } = subjectOfKey(known);
      return kind === "ServiceAccount" && namespace !== null ? [{ namespace, name }] : [];
    }),
  ];
  const matching = accounts.filter(
    ({ namespace, name }) => name === subject.name && (subject.namespace === null || subject.namespace === namespace),
  );
  if (matching.length > 0) return matching.map((account) => ({ kind: "ServiceAccount", ...account }));
  if (subject.namespace !== null && whatIsSeen(snapshot)("serviceaccounts", subject.namespace) !== null)
    return [subject];
  const reason = "no ServiceAccount, workload or binding in the evidence has that name";
  throw new SubjectNotFound(subject, reason, "list what there is: kubectl cronaudit access");
}

function mayHavePods(snapshot: Snapshot, node: string | null): boolean {
  if (node === null) return false;
  const seen = blindSpotsFor(snapshot, ["pods"]).length === 0;
  return !seen || snapshot.pods.some(({ template }) => template.nodeName === node);
}

/** Naming a CronJob or Job names its runs too, because they may run as another account than its template says now. */
function isNamed({ objects, subjects }: Selection, { chain }: Running): boolean {
  if (objects.length === 0) return subjects.length === 0;
  return chain.some((link) => objects.some((object) => isCalled(object, link)));
}

const RESOURCES: Record<string, Resource> = { CronJob: "cronjobs", Job: "jobs", Pod: "pods" };

function whyAbsent(snapshot: Snapshot, { kind, namespace }: Selection["objects"][number]): string {
  const resource = RESOURCES[kind];
  if (resource === undefined) return "access knows CronJobs, Jobs, pods and ServiceAccounts";
  return whatIsSeen(snapshot)(resource, namespace) === null
    ? "the evidence holds none"
    : `not all ${resource} could be seen`;
}
