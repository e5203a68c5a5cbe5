import { NO_LIMIT } from "./held.ts";
import { refusesUpdates } from "../../batch/refused.ts";
import { PROTECT_ANNOTATION } from "../../model/annotations.ts";
import { HOLD_MANAGER } from "../../model/managers.ts";
import type { Also, CleanupChange, CleanupRules, CronJobPatch } from "../../model/cleanup.ts";
import type { SecretMeta } from "../../model/snapshot.ts";
import type { CronJob } from "../../model/workload.ts";
import { isNamed } from "./eligible.ts";
import { managedBy } from "./managed.ts";
import { isProtected, isProtectedNamespace } from "./protected.ts";

/** How requests name the objects that are changed. */
export const CRON_JOBS = { group: "batch", version: "v1", resource: "cronjobs" };
export const SECRETS = { group: "", version: "v1", resource: "secrets" };

const NAMES_SHOWN = 3;

/** A change of a CronJob: the patch, what it replaces, and why it makes a difference. */
export type Patched = Pick<CleanupChange, "diff" | "because"> & { patch: CronJobPatch };

/** What one way changes in the CronJob as it is; null where it is so already, or the way is none of CronJobs. */
export function patchBy(cronJob: CronJob, also: Also): Patched | null {
  switch (also.way) {
    case "suspend":
      return suspended(cronJob);
    case "ttl":
      return withTtl(cronJob, also.seconds);
    case "history-limit":
      return withLimit(cronJob, also.limit);
    case "delete-token":
      return null;
  }
}

/** The same for what was asked for: a CronJob that is suspended for as long as a hold lasts is not suspended so, and the change is refused. */
export function askedFor(cronJob: CronJob, also: Also): Patched | null {
  const patched = patchBy(cronJob, also);
  if (patched !== null || also.way !== "suspend" || !isHeldSuspended(cronJob)) return patched;
  return {
    patch: { spec: { suspend: true } },
    diff: [],
    because: "a hold suspended it, and its release starts it again",
  };
}

function isHeldSuspended({ suspend, meta }: CronJob): boolean {
  const isHold = ({ manager, fields }: CronJob["meta"]["managedFields"][number]): boolean =>
    manager.startsWith(HOLD_MANAGER) && fields.includes("spec.suspend");
  return suspend && meta.managedFields.some(isHold);
}

/** What every run carries again, by name: credentials that stand in the template or the annotations as text. */
export function carriedAgain({ job, annotationLiterals }: CronJob): string[] {
  const literals = [...job.template.literals, ...annotationLiterals];
  return [...new Set(literals.filter(({ confidence }) => confidence !== "possible").map(({ name }) => name))];
}

function suspended(cronJob: CronJob): Patched | null {
  if (cronJob.suspend) return null;
  const names = carriedAgain(cronJob).slice(0, NAMES_SHOWN);
  return {
    patch: { spec: { suspend: true } },
    diff: [" spec:", "-  suspend: false", "+  suspend: true"],
    because:
      names.length === 0
        ? "no further run starts"
        : `each run carries ${names.join(", ")} again, until the template is changed`,
  };
}

/** A TTL is set or made shorter, never longer. */
function withTtl({ job: { ttlSecondsAfterFinished: ttl } }: CronJob, seconds: number): Patched | null {
  if (ttl !== null && ttl <= seconds) return null;
  const old = ttl === null ? [] : [`-      ttlSecondsAfterFinished: ${String(ttl)}`];
  return {
    patch: { spec: { jobTemplate: { spec: { ttlSecondsAfterFinished: seconds } } } },
    diff: [" spec:", "   jobTemplate:", "     spec:", ...old, `+      ttlSecondsAfterFinished: ${String(seconds)}`],
    because: `its Jobs ${ttl === null ? "have no TTL" : `stay for ${String(ttl)} s`}; the change is for Jobs to come`,
  };
}

/** Limits are only ever lowered. */
function withLimit(cronJob: CronJob, limit: number): Patched | null {
  const fields = (["successfulJobsHistoryLimit", "failedJobsHistoryLimit"] as const).filter(
    (field) => cronJob[field] > limit,
  );
  if (fields.length === 0) return null;
  const adjectives = fields.map((field) => (field.startsWith("failed") ? "failed" : "successful"));
  return {
    patch: { spec: Object.fromEntries(fields.map((field) => [field, limit])) },
    diff: [
      " spec:",
      ...fields.flatMap((field) => [`-  ${field}: ${String(cronJob[field])}`, `+  ${field}: ${String(limit)}`]),
    ],
    because: `it keeps at most ${String(limit)} of its ${adjectives.join(" and as many of its ")} Jobs from then on`,
  };
}

/** Why a CronJob is not changed so, or null: the rules of deletions, and what the API server or a hold would make of it. */
export function refusesChange(cronJob: CronJob, also: Also, rules: CleanupRules): string | null {
  const held = [cronJob.successfulJobsHistoryLimit, cronJob.failedJobsHistoryLimit].includes(NO_LIMIT);
  if (also.way === "history-limit" && held)
    return "its limits are those of a hold, which could not be released any more: hold --release comes first";
  if (also.way === "suspend" && isHeldSuspended(cronJob)) {
    const how = `hold --release cronjob/${cronJob.meta.name} -n ${cronJob.meta.namespace ?? ""}`;
    return `a hold suspended it, and its release starts it again: release it first, with ${how}`;
  }
  const refused = refusesUpdates(cronJob);
  const byServer = refused === null ? null : `the API server refuses every change that leaves its schedule: ${refused}`;
  return guards(cronJob, isNamed(rules, cronJob), rules) ?? byServer;
}

/** The same of a legacy token's Secret, which a command line cannot name. */
export function refusesDeletion(secret: SecretMeta, rules: CleanupRules): string | null {
  const { finalizers } = secret.meta;
  return (
    guards(secret, false, rules) ??
    (finalizers.length > 0 ? `finalizer ${finalizers.join(", ")} would hold its deletion` : null)
  );
}

function guards(object: CronJob | SecretMeta, named: boolean, rules: CleanupRules): string | null {
  const { meta } = object;
  if (meta.deletionTimestamp !== null) return "it is being deleted";
  if (isProtected(meta)) return `it carries the annotation ${PROTECT_ANNOTATION}`;
  const { namespace } = meta;
  if (isProtectedNamespace(namespace) && !named && !rules.namespaces.includes(namespace!))
    return `namespace ${namespace!} is protected: name it with -n`;
  const manager = named ? null : managedBy(object);
  if (manager === null) return null;
  const how = object.kind === "CronJob" ? `name cronjob/${meta.name}, if it is to be changed all the same` : "";
  return how === "" ? manager : `${manager}: ${how}`;
}
