import type { AccessItem, AccessReport, Ineffective, SubjectRef, Way } from "../model/report.ts";
import type { AccessQuestion, Selection } from "../model/selection.ts";
import type { Resource, Snapshot } from "../model/snapshot.ts";
import { frame } from "../scope/frame.ts";
import { blindSpotsFor } from "../scope/seen.ts";
import { isBuiltIn } from "./builtin.ts";
import { compileRbac, type Rbac } from "./compile.ts";
import { notesFor } from "./access-notes.ts";
import { ineffectiveOf } from "./ineffective.ts";
import { compareWidth, covers } from "./scopes.ts";
import { everySubject, subjectsOf } from "./select.ts";
import { RULE_EDGES } from "./steps.ts";
import { compareSubjects, groupKey, identityOf, isEveryone, MASTERS, userKey } from "./subjects.ts";
import { accessOf, chainKey, type Claim } from "./ways.ts";
import { running, usedBy, type Running } from "./workloads.ts";
import { worldOf, type World } from "./world.ts";

const GRANTS: Resource[] = ["roles", "rolebindings", "clusterroles", "clusterrolebindings"];
const WORKLOADS: Resource[] = ["cronjobs", "jobs", "pods"];

/** Every way, of the accounts of workloads. */
export const ALL_WAYS: AccessQuestion = { maxHops: null, secret: null, allSubjects: false };

/** A report, and what it claims of the server: the requests behind each way whose first step is the subject's own. */
export interface JudgedAccess {
  report: AccessReport;
  claims: { subject: SubjectRef; claim: Claim }[];
}

/**
 * Which Secrets each subject reads in the end, directly and through escalation, and by which chain; widest reach first.
 * Throws SubjectNotFound where the selection names something that the evidence does not hold.
 */
export function accessReport(
  snapshot: Snapshot,
  selection: Selection,
  options: { world?: World; question?: AccessQuestion } = {},
): AccessReport {
  return judgeAccess(snapshot, selection, options).report;
}

/** As accessReport, with what can be asked of the server. */
export function judgeAccess(
  snapshot: Snapshot,
  selection: Selection,
  options: { world?: World; question?: AccessQuestion } = {},
): JudgedAccess {
  const world = options.world ?? worldOf(snapshot, compileRbac(snapshot));
  const question = options.question ?? ALL_WAYS;
  const { rbac } = world;
  const workloads = running(snapshot);
  const facts = {
    byAccount: Map.groupBy(workloads, ({ serviceAccount: { namespace, name } }) => `${namespace}/${name}`),
    grantsWhole: grantsAreWhole(snapshot, rbac),
  };
  const named = selection.subjects.length > 0 || selection.objects.length > 0;
  const everybody = !named && (question.allSubjects || question.secret !== null);
  const subjects = everybody
    ? everySubject(snapshot, world, workloads)
    : subjectsOf(snapshot, rbac, inScope(snapshot, workloads), selection);

  const needs = new Set<Resource>(GRANTS);
  const found: { item: AccessItem; claims: Claim[] }[] = [];
  let folded = 0;
  for (const subject of subjects) {
    const judged = judgeSubject(world, subject, question, facts);
    for (const kind of judged.looksAt) needs.add(kind);
    if (question.secret !== null && judged.item.ways.length === 0) continue;
    if (everybody && judged.item.builtIn && !selection.allReaders) folded++;
    else found.push(judged);
  }
  found.sort((a, b) => order(question, a.item, b.item));
  const items = found.map(({ item }) => item);

  // Subjects that were named are judged by grants alone; otherwise an unseen workload or account is a subject not shown.
  const onlySubjects = selection.subjects.length > 0 && selection.objects.length === 0;
  const others: Resource[] = everybody ? ["serviceaccounts", "pods"] : onlySubjects ? [] : WORKLOADS;
  for (const kind of others) needs.add(kind);
  const report: AccessReport = {
    ...frame(snapshot, [...needs], notesFor(snapshot, items, question)),
    kind: "AccessReport",
    summary: {
      subjects: items.length,
      folded,
      secret: question.secret,
      maxHops: question.maxHops,
      verified: null,
      readEverySecret: items.filter(({ reach }) => reach.cluster).length,
      readWholeNamespaces: items.filter(({ reach }) => reach.namespaces.length > 0).length,
      reachIsBound: items.filter(({ reachIsBound }) => reachIsBound).length,
      computed: RULE_EDGES.map(({ id }) => id),
    },
    items,
  };
  return {
    report,
    claims: found.flatMap(({ item, claims }) => claims.map((claim) => ({ subject: item.subject, claim }))),
  };
}

/** With -n, other namespaces are in the evidence for what may be done there, not for who is asked about. */
function inScope({ metadata }: Snapshot, workloads: readonly Running[]): readonly Running[] {
  const { namespaces } = metadata.scope;
  if (namespaces === null) return workloads;
  return workloads.filter(({ serviceAccount }) => namespaces.includes(serviceAccount.namespace));
}

/** Widest first; of those who reach one Secret everyone first, then by how much it takes. */
function order({ secret }: AccessQuestion, a: AccessItem, b: AccessItem): number {
  const byName = compareSubjects(a.subject, b.subject);
  if (secret === null) return compareWidth(a.reach, b.reach) || compareWidth(a.maybe, b.maybe) || byName;
  const everyone = Number(isEveryone(b.subject)) - Number(isEveryone(a.subject));
  const effort = ({ ways }: AccessItem): number =>
    ways.reduce(
      (least, { effect, edges }) => Math.min(least, edges.length + (effect === "maybe" ? 1000 : 0)),
      Infinity,
    );
  return everyone || effort(a) - effort(b) || byName;
}

/** True when no grant can be missing from the evidence, in whatever namespace. */
function grantsAreWhole({ metadata, beyondScope, otherAuthorizers }: Snapshot, rbac: Rbac): boolean {
  const everywhere =
    metadata.scope.namespaces === null || (beyondScope.includes("rolebindings") && beyondScope.includes("roles"));
  return everywhere && rbac.whole(null) && otherAuthorizers !== true;
}

interface Facts {
  byAccount: ReadonlyMap<string, readonly Running[]>;
  grantsWhole: boolean;
}

function judgeSubject(
  world: World,
  subject: SubjectRef,
  { maxHops, secret }: AccessQuestion,
  { byAccount, grantsWhole }: Facts,
): { item: AccessItem; claims: Claim[]; looksAt: ReadonlySet<Resource> } {
  const access = accessOf(world, subject, { maxHops });
  const { reach, direct, maybe } = access;
  // A name that is granted in all namespaces means one Secret in each, so they must be known.
  const looksAt = new Set<Resource>([
    ...[...access.asked].flatMap((edge) => edge.looksAt),
    ...(access.everywhere ? (["namespaces"] as const) : []),
  ]);
  const opens = ({ scope }: Way): boolean => secret === null || covers(scope, secret);
  const account = subject.kind === "ServiceAccount" ? { namespace: subject.namespace ?? "", name: subject.name } : null;
  const item: AccessItem = {
    subject,
    exists: account === null ? null : world.accountExists(account.namespace, account.name),
    usedBy: usedBy((account && byAccount.get(`${account.namespace}/${account.name}`)) ?? []),
    reach,
    reachIsBound: !reach.cluster && (!grantsWhole || blindSpotsFor(world.snapshot, [...looksAt]).length > 0),
    direct,
    maybe,
    ways: access.ways.filter(opens),
    ineffective: secret === null ? idleGrants(world.rbac, subject, access.latent) : [],
    builtIn: isAllBuiltIn(world.rbac, subject),
  };
  return { item, claims: access.claims.filter(({ way }) => opens(way)), looksAt };
}

/** Grants that do nothing, each once: one that never can is not also said to wait for something. */
function idleGrants(rbac: Rbac, subject: SubjectRef, latent: readonly Ineffective[]): Ineffective[] {
  const dead = ineffectiveOf(rbac, subject);
  const known = new Set(dead.map(({ chain }) => chainKey(chain)));
  return [...dead, ...latent.filter(({ chain }) => !known.has(chainKey(chain)))];
}

/** True for system:masters, and for whoever only Kubernetes' own bindings name. */
function isAllBuiltIn(rbac: Rbac, subject: SubjectRef): boolean {
  if (subject.kind === "Group" && subject.name === MASTERS) return true;
  const key = subject.kind === "Group" ? groupKey(subject.name) : userKey(identityOf(subject).name);
  const bindings = rbac.bySubject.get(key) ?? [];
  return bindings.length > 0 && bindings.every(({ source }) => isBuiltIn(source, subject));
}
