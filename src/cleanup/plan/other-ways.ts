import { refOf } from "../../batch/owners.ts";
import { inNamespace, quote, target } from "../../exposure/steps.ts";
import type { ExposureContext } from "../../exposure/context.ts";
import type { OtherWay } from "../../model/cleanup.ts";
import type { CronJob } from "../../model/workload.ts";
import type { Touched } from "./ends.ts";

/** An hour: long enough to read a log, and far below the day that the threat model allows at most. */
const TTL = 3600;
const LONGEST_TTL = 86_400;

const CRON_JOBS = { group: "batch", version: "v1", resource: "cronjobs" };
const SECRETS = { group: "", version: "v1", resource: "secrets" };

/**
 * What ends exposures besides deleting runs: a TTL for the Jobs to come (those that are there keep theirs), a suspended
 * CronJob, a legacy token without its Secret. `owners` are the CronJobs of the plan's objects, one for each object.
 */
export function otherWays(
  owners: readonly (CronJob | null)[],
  touched: readonly Touched[],
  context: ExposureContext,
): OtherWay[] {
  const cronJobs = new Map<CronJob, number>();
  for (const owner of owners) if (owner !== null) cronJobs.set(owner, (cronJobs.get(owner) ?? 0) + 1);
  const byName = [...cronJobs].sort(([a], [b]) => (titleOf(a) < titleOf(b) ? -1 : 1));
  return [...byName.flatMap(([cronJob, items]) => ofCronJob(cronJob, items)), ...legacyTokens(touched, context)];
}

function ofCronJob(cronJob: CronJob, items: number): OtherWay[] {
  const about = {
    object: refOf(cronJob),
    resource: CRON_JOBS,
    resourceVersion: cronJob.meta.resourceVersion,
    items,
  };
  const ttl = cronJob.job.ttlSecondsAfterFinished;
  const ways: OtherWay[] = [];
  if (ttl === null || ttl > LONGEST_TTL) {
    const patch = { spec: { jobTemplate: { spec: { ttlSecondsAfterFinished: TTL } } } };
    const old = ttl === null ? [] : [`-      ttlSecondsAfterFinished: ${String(ttl)}`];
    ways.push({
      way: "ttl",
      ...about,
      because: `its Jobs ${ttl === null ? "have no TTL" : `stay for ${String(ttl)} s`}; the change is for Jobs to come`,
      patch,
      diff: [" spec:", "   jobTemplate:", "     spec:", ...old, `+      ttlSecondsAfterFinished: ${String(TTL)}`],
      command: patchCommand(cronJob, patch),
    });
  }
  const literals = [...cronJob.job.template.literals, ...cronJob.annotationLiterals];
  const names = [...new Set(literals.filter(({ confidence }) => confidence !== "possible").map(({ name }) => name))];
  if (names.length > 0 && !cronJob.suspend) {
    const patch = { spec: { suspend: true } };
    ways.push({
      way: "suspend",
      ...about,
      because: `each run carries ${names.slice(0, 3).join(", ")} again, until the template is changed`,
      patch,
      diff: [" spec:", "-  suspend: false", "+  suspend: true"],
      command: patchCommand(cronJob, patch),
    });
  }
  return ways;
}

function patchCommand(cronJob: CronJob, patch: NonNullable<OtherWay["patch"]>): string {
  return `kubectl patch ${target(cronJob)} --type=merge -p ${quote(JSON.stringify(patch))}`;
}

/** A legacy token has no expiry, and no pod's deletion ends it. */
function legacyTokens(touched: readonly Touched[], context: ExposureContext): OtherWay[] {
  const items = new Map<string, { namespace: string; name: string; items: Set<number> }>();
  for (const { open } of touched) {
    for (const { carried, by } of open) {
      const { ref } = carried.found.identity;
      if (carried.rule.id !== "token-legacy" || ref === null) continue;
      const key = `${ref.namespace}/${ref.name}`;
      const known = items.getOrInsertComputed(key, () => ({ ...ref, items: new Set<number>() }));
      for (const one of by === null ? open.map((window) => window.by) : [by]) if (one !== null) known.items.add(one);
    }
  }
  return [...items]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { namespace, name, items: of }]): OtherWay => {
      const secret = context.secret(namespace, name);
      return {
        way: "delete-token",
        object: { kind: "Secret", namespace, name, uid: secret?.meta.uid ?? null },
        resource: SECRETS,
        resourceVersion: secret?.meta.resourceVersion ?? null,
        because: "a legacy token has no expiry: it ends with its Secret, once nothing needs it",
        patch: null,
        diff: [],
        command: `kubectl delete ${quote(`secret/${name}`)}${inNamespace(namespace)}`,
        items: of.size,
      };
    });
}

function titleOf({ meta }: CronJob): string {
  return `${meta.namespace ?? ""}/${meta.name}`;
}
