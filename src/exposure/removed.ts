import { instant } from "../batch/time.ts";
import type { Time } from "../model/object.ts";
import type { CronJob, Job, Literal } from "../model/workload.ts";
import type { ExposureContext } from "./context.ts";
import type { Carried } from "./identity.ts";
import { templateOf } from "./literals.ts";

/** Whether a CronJob's template has lost the credential (null: it was not seen), and by when, where a later run shows it. */
export interface Removal {
  removed: boolean | null;
  by: Time | null;
}

const STAYS: Removal = { removed: false, by: null };

/**
 * A credential is removed from the template when runs of a CronJob hold it and the CronJob no longer does. `by` is the
 * creation of the earliest run after the last that holds it: its template had lost the value. A run whose owner is not in
 * the evidence, which proves nothing of the owner, may be of such a CronJob. A template that was read back as it was
 * minutes ago shows it, too.
 */
export function removedBy(carriers: readonly Carried[], context: ExposureContext): Removal {
  const inTemplates = carriers.filter(({ rule }) => rule.id === "literal-env" || rule.id === "literal-args");
  const fingerprint = inTemplates[0]?.found.identity.fingerprint;
  if (fingerprint == null) return STAYS;
  const templates = inTemplates.filter(({ found: { source } }) => source.kind === "CronJob");
  if (templates.some(({ found: { source } }) => !context.isEarlier(source))) return STAYS;
  const changed = templates.some(({ found: { source } }) => context.isPresent(source));
  let last = -Infinity;
  let root: CronJob | null = null;
  let unseen = false;
  for (const { found } of inTemplates) {
    if (context.isEarlier(found.source)) continue;
    const top = context.owners.rootOf(found.source);
    unseen ||= context.owners.ownership(top).state === "unseen";
    if (top.kind !== "CronJob" || holds(templateOf(top).literals, fingerprint)) continue;
    root ??= top;
    if (top === root) last = Math.max(last, created(found.source) ?? -Infinity);
  }
  if (root === null)
    return changed ? { removed: true, by: context.takenAt } : unseen ? { removed: null, by: null } : STAYS;
  let by: Job | null = null;
  for (const job of context.owners.jobsOf(root)) {
    const at = created(job);
    if (at === null || at <= last || holds(templateOf(job).literals, fingerprint)) continue;
    if (by === null || at < (created(by) ?? Infinity)) by = job;
  }
  return { removed: true, by: by?.meta.creationTimestamp ?? (changed ? context.takenAt : null) };
}

function holds(literals: readonly Literal[], fingerprint: string): boolean {
  return literals.some((literal) => literal.fingerprint === fingerprint);
}

function created({ meta }: { meta: { creationTimestamp: Time | null } }): number | null {
  return instant(meta.creationTimestamp);
}
