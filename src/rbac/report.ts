import type { AccessItem, AccessReport, SubjectRef, Way } from "../model/report.ts";
import type { Selection } from "../model/selection.ts";
import type { Resource, Snapshot } from "../model/snapshot.ts";
import { frame } from "../scope/frame.ts";
import { whatIsWhole } from "../scope/seen.ts";
import { compileRbac } from "./compile.ts";
import type { Rbac } from "./compile.ts";
import { ineffectiveOf } from "./ineffective.ts";
import { compareWidth, SECRET_EDGES, unite, waysOf } from "./reach.ts";
import { subjectsOf } from "./select.ts";
import { compareSubjects } from "./subjects.ts";
import { running, usedBy, type Running } from "./workloads.ts";

const GRANTS: Resource[] = ["roles", "rolebindings", "clusterroles", "clusterrolebindings"];
const WORKLOADS: Resource[] = ["cronjobs", "jobs", "pods"];

/**
 * Which Secrets each subject reads, and by which chain; widest reach first. Only direct reads are computed.
 * Throws SubjectNotFound where the selection names something that the evidence does not hold.
 */
export function accessReport(snapshot: Snapshot, selection: Selection, options: { rbac?: Rbac } = {}): AccessReport {
  const rbac = options.rbac ?? compileRbac(snapshot);
  const workloads = running(snapshot);
  const byAccount = Map.groupBy(workloads, ({ serviceAccount: { namespace, name } }) => `${namespace}/${name}`);
  const facts = { byAccount, exists: accountsOf(snapshot), grantsWhole: grantsAreWhole(snapshot, rbac) };
  const items = subjectsOf(snapshot, rbac, workloads, selection)
    .map((subject) => itemFor(rbac, subject, facts))
    .sort((a, b) => compareWidth(a.reach, b.reach) || compareSubjects(a.subject, b.subject));

  // Subjects that were named are judged by grants alone; otherwise an unseen workload may run as a subject not shown.
  const onlySubjects = selection.subjects.length > 0 && selection.objects.length === 0;
  const everywhere = items.some(({ ways }) => ways.some(isNamedEverywhere));
  const needs = [...GRANTS, ...(onlySubjects ? [] : WORKLOADS), ...(everywhere ? ["namespaces" as const] : [])];
  return {
    ...frame(snapshot, needs, notesFor(snapshot, items)),
    kind: "AccessReport",
    summary: {
      subjects: items.length,
      readEverySecret: items.filter(({ reach }) => reach.cluster).length,
      readWholeNamespaces: items.filter(({ reach }) => reach.namespaces.length > 0).length,
      reachIsBound: items.filter(({ reachIsBound }) => reachIsBound).length,
      computed: SECRET_EDGES.map(({ id }) => id),
    },
    items,
  };
}

/** A ClusterRoleBinding to named Secrets means those of every namespace, so the namespaces must be known. */
function isNamedEverywhere({ chain, scope }: Way): boolean {
  return chain[0]?.kind === "ClusterRoleBinding" && !scope.cluster;
}

/** True when no grant can be missing from the evidence, in whatever namespace. */
function grantsAreWhole({ metadata, beyondScope }: Snapshot, rbac: Rbac): boolean {
  const everywhere =
    metadata.scope.namespaces === null || (beyondScope.includes("rolebindings") && beyondScope.includes("roles"));
  return everywhere && rbac.whole(null);
}

/** Whether a ServiceAccount exists, as far as the evidence proves it either way. */
function accountsOf(snapshot: Snapshot): (namespace: string, name: string) => boolean | null {
  const held = new Set(snapshot.serviceaccounts.map(({ meta }) => `${meta.namespace ?? ""}/${meta.name}`));
  const whole = whatIsWhole(snapshot);
  return (namespace, name) => {
    if (held.has(`${namespace}/${name}`)) return true;
    return whole("serviceaccounts", namespace) === null ? false : null;
  };
}

interface Facts {
  byAccount: ReadonlyMap<string, readonly Running[]>;
  exists: ReturnType<typeof accountsOf>;
  grantsWhole: boolean;
}

function itemFor(rbac: Rbac, subject: SubjectRef, { byAccount, exists, grantsWhole }: Facts): AccessItem {
  const ways = waysOf(rbac, subject);
  const direct = unite(ways.map((way) => way.scope));
  const account = subject.kind === "ServiceAccount" ? { namespace: subject.namespace ?? "", name: subject.name } : null;
  return {
    subject,
    exists: account === null ? null : exists(account.namespace, account.name),
    usedBy: usedBy((account && byAccount.get(`${account.namespace}/${account.name}`)) ?? []),
    reach: direct,
    reachIsBound: !grantsWhole && !direct.cluster,
    direct,
    ways,
    ineffective: ineffectiveOf(rbac, subject),
  };
}

function notesFor(snapshot: Snapshot, items: readonly AccessItem[]): string[] {
  const { namespaces } = snapshot.metadata.scope;
  const notes = ["Reach holds direct reads of Secrets only; escalation is not computed."];
  if (items.some(({ reachIsBound }) => reachIsBound)) {
    notes.push("Not every role and binding was seen: a reach may be more than was found, and none found is not none.");
  }
  if (namespaces !== null && !snapshot.beyondScope.includes("rolebindings")) {
    notes.push(`RoleBindings of other namespaces than ${namespaces.join(", ")} were not looked at.`);
  }
  if (items.some(({ subject }) => subject.kind === "User")) {
    notes.push(
      "Groups of a user come from the certificate or identity provider: what they add is not in the evidence.",
    );
  }
  return notes;
}
