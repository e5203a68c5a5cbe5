import { refOf } from "../../batch/owners.ts";
import { inNamespace, quote, target } from "../../exposure/steps.ts";
import type { ExposureContext } from "../../exposure/context.ts";
import type { CleanupRules, OtherWay } from "../../model/cleanup.ts";
import type { CronJob } from "../../model/workload.ts";
import type { Touched } from "./ends.ts";
import { carriedAgain, CRON_JOBS, patchBy, SECRETS, type Patched } from "./ways.ts";

/** An hour: long enough to read a log, and far below the day that the threat model allows at most. */
const TTL = 3600;
const LONGEST_TTL = 86_400;

/**
 * What ends exposures besides deleting runs: a TTL for the Jobs to come (those that are there keep theirs), a suspended
 * CronJob, a legacy token without its Secret; without what --also does already. `owners` are the CronJobs of the plan's
 * objects, one for each object.
 */
export function otherWays(
  owners: readonly (CronJob | null)[],
  touched: readonly Touched[],
  context: ExposureContext,
  { also }: CleanupRules,
): OtherWay[] {
  const cronJobs = new Map<CronJob, number>();
  for (const owner of owners) if (owner !== null) cronJobs.set(owner, (cronJobs.get(owner) ?? 0) + 1);
  const byName = [...cronJobs].sort(([a], [b]) => (titleOf(a) < titleOf(b) ? -1 : 1));
  const ways = [...byName.flatMap(([cronJob, items]) => ofCronJob(cronJob, items)), ...ofTokens(touched, context)];
  return ways.filter(({ way }) => also.every((one) => one.way !== way));
}

function ofCronJob(cronJob: CronJob, items: number): OtherWay[] {
  const { ttlSecondsAfterFinished: ttl } = cronJob.job;
  const about = (way: "ttl" | "suspend", { because, patch, diff }: Patched): OtherWay => ({
    way,
    object: refOf(cronJob),
    resource: CRON_JOBS,
    resourceVersion: cronJob.meta.resourceVersion,
    items,
    because,
    patch,
    diff,
    command: `kubectl patch ${target(cronJob)} --type=merge -p ${quote(JSON.stringify(patch))}`,
  });
  const short = ttl !== null && ttl <= LONGEST_TTL ? null : patchBy(cronJob, { way: "ttl", seconds: TTL });
  const stop = carriedAgain(cronJob).length === 0 ? null : patchBy(cronJob, { way: "suspend" });
  return [...(short === null ? [] : [about("ttl", short)]), ...(stop === null ? [] : [about("suspend", stop)])];
}

/** A legacy token that the plan's objects expose, by the Secret that holds it, and their places in the plan. */
export interface ExposedToken {
  namespace: string;
  name: string;
  items: Set<number>;
}

/** Legacy tokens among what deletions touch, by namespace and name: no pod's deletion ends one. */
export function exposedTokens(touched: readonly Touched[]): ExposedToken[] {
  const tokens = new Map<string, ExposedToken>();
  for (const { open } of touched) {
    for (const { carried, by } of open) {
      const { ref } = carried.found.identity;
      if (carried.rule.id !== "token-legacy" || ref === null) continue;
      const { namespace, name } = ref;
      const known = tokens.getOrInsertComputed(`${namespace}/${name}`, () => ({ namespace, name, items: new Set() }));
      for (const one of by === null ? open.map((window) => window.by) : [by]) if (one !== null) known.items.add(one);
    }
  }
  return [...tokens].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, token]) => token);
}

function ofTokens(touched: readonly Touched[], context: ExposureContext): OtherWay[] {
  return exposedTokens(touched).map(({ namespace, name, items }): OtherWay => {
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
      items: items.size,
    };
  });
}

function titleOf({ meta }: CronJob): string {
  return `${meta.namespace ?? ""}/${meta.name}`;
}
