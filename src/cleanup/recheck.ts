import { indexOwners } from "../batch/owners.ts";
import { collect } from "../evidence/collect.ts";
import { createContext } from "../evidence/context.ts";
import type { ProjectionContext } from "../evidence/context.ts";
import { KINDS } from "../evidence/kinds/index.ts";
import type { Json } from "../model/api.ts";
import type { ChosenItem } from "../model/journal.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Job, Pod } from "../model/workload.ts";
import { collectOwned } from "./dependents.ts";
import { candidatesAmong } from "./plan/candidates.ts";
import type { Candidate } from "./plan/candidates.ts";
import { eligible } from "./plan/eligible.ts";
import { itemsOf } from "./plan/index.ts";
import type { Unended } from "./plan/index.ts";
import type { Owned } from "./plan/tree.ts";
import type { Work } from "./work.ts";

/** What was kept as evidence: resourceVersions by uid. Null where nothing is kept, for a dry run. */
export type Kept = ReadonlyMap<string, string> | null;

/** The chosen objects and all around them, as they are just before their deletions. */
export interface Fresh {
  items: ReadonlyMap<string, Unended>;
  candidates: ReadonlyMap<string, Candidate>;
  /** resourceVersions of the Jobs, the pods and all that has owners, by uid. */
  versions: ReadonlyMap<string, string>;
  context: ProjectionContext;
}

/**
 * Judges what is left to delete once more, on evidence of this moment: the objects, their owners and pods, and everything that
 * they own. Throws ApiError where no request can succeed.
 */
export async function lookAgain(left: readonly ChosenItem[], { api, rules, toolVersion, now }: Work): Promise<Fresh> {
  const namespaces = [...new Set(left.map(({ object }) => object.namespace ?? ""))].sort();
  const [only, ...others] = namespaces;
  const at = now();
  const snapshot = await collect(api, {
    resources: ["cronjobs", "jobs", "pods"],
    namespace: others.length === 0 ? (only ?? null) : null,
    allNamespaces: others.length > 0,
    fingerprintKey: null,
    now: at,
    toolVersion,
    progress: () => undefined,
  });
  const owned = await collectOwned(api, namespaces, snapshot);
  const uids = new Set(left.map(({ object }) => object.uid));
  const owners = indexOwners(snapshot);
  const judged = candidatesAmong(snapshot, owners, ({ meta }) => uids.has(meta.uid), rules).map((candidate) => ({
    ...candidate,
    verdict: eligible(candidate.object, candidate.around, rules, owners.takenAt),
  }));
  const items = itemsOf({ snapshot, rules, now: owners.takenAt, candidates: judged }, owned);
  const { context } = await createContext(null);
  return {
    items: new Map(items.map((item) => [item.object.uid ?? "", item])),
    candidates: new Map(judged.map((candidate) => [candidate.object.meta.uid, candidate])),
    versions: versionsOf(snapshot, owned.owned),
    context,
  };
}

function versionsOf({ jobs, pods }: Snapshot, owned: readonly Owned[]): Map<string, string> {
  return new Map([
    ...owned.map((one): [string, string] => [one.object.uid ?? "", one.resourceVersion]),
    ...[...jobs, ...pods].map(({ meta }): [string, string] => [meta.uid, meta.resourceVersion]),
  ]);
}

/** The refusal of a deletion, or null: the object and what it owns are as they were judged, chosen and preserved. */
export function refusal(item: ChosenItem, raw: Json, fresh: Fresh, kept: Kept, work: Work): string | null {
  const uid = item.object.uid ?? "";
  const [again, candidate] = [fresh.items.get(uid), fresh.candidates.get(uid)];
  if (again === undefined || candidate === undefined) return "changed since it was judged: the rules no longer name it";
  if (again.resourceVersion !== item.resourceVersion) return "changed since it was judged";
  const object = projected(candidate.object, raw, fresh.context);
  const last = eligible(object, candidate.around, work.rules, work.now().getTime());
  const reason = again.refusedBecause ?? last.refusedBecause;
  if (reason !== null) return `judged again: ${reason}`;
  const unplanned = newDependent(item, again);
  if (unplanned !== null) return unplanned;
  const needs = again.needsBecause ?? last.needsBecause;
  if (item.decision === "delete" && needs !== null) return `judged again, it needs a choice of its own: ${needs}`;
  return unkept(item, again, fresh, kept);
}

function projected({ kind }: Job | Pod, raw: Json, context: ProjectionContext): Job | Pod {
  return kind === "Job" ? KINDS.jobs.project(raw, context) : KINDS.pods.project(raw, context);
}

function newDependent(item: ChosenItem, again: Unended): string | null {
  const planned = new Set(item.dependents.map(({ object }) => object.uid));
  const unplanned = again.dependents.find(({ object }) => !planned.has(object.uid));
  return unplanned === undefined
    ? null
    : `changed since it was judged: ${unplanned.object.kind.toLowerCase()}/${unplanned.object.name} would go along, which was in no plan`;
}

/** Nothing goes of which the evidence is missing, or older than its last change. */
function unkept(item: ChosenItem, again: Unended, fresh: Fresh, kept: Kept): string | null {
  if (kept === null) return null;
  if (kept.get(item.object.uid ?? "") !== item.resourceVersion)
    return "its evidence was not preserved as it was judged";
  for (const { object } of again.dependents) {
    const version = kept.get(object.uid ?? "");
    const name = `${object.kind.toLowerCase()}/${object.name}`;
    if (version === undefined) return `the evidence of ${name}, which would go along, could not be preserved`;
    const now = fresh.versions.get(object.uid ?? "");
    if (now !== undefined && now !== version) return `${name}, which would go along, changed after it was preserved`;
  }
  return null;
}
