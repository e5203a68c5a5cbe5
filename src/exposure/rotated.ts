import { podStartedAt } from "../batch/finish.ts";
import type { Time } from "../model/object.ts";
import type { ExposureContext } from "./context.ts";
import type { Carried } from "./identity.ts";
import { compareTimes, later } from "./windows.ts";

/**
 * When the Secret behind a reference was made anew, or written by the manager of its data, at the latest, where a pod that
 * still names it started before: that pod may have got an older value, and its node reads the new one as long as the pod
 * object exists. A manager's time moves with any change that it makes, so only a creation proves another value. Null where
 * nothing shows it, as where Secrets were not listed.
 */
export function rotatedBy(carriers: readonly Carried[], context: ExposureContext): Time | null {
  // A credential may be in several Secrets.
  const bySecret = Map.groupBy(carriers, ({ found: { identity } }) => (identity.ref === null ? "" : identity.key));
  return [...bySecret.values()].map((some) => ofSecret(some, context)).reduce(latest, null);
}

function latest(a: Time | null, b: Time | null): Time | null {
  return a === null ? b : b === null || compareTimes(b, a) <= 0 ? a : b;
}

function ofSecret(carriers: readonly Carried[], context: ExposureContext): Time | null {
  const ref = carriers[0]?.found.identity.ref ?? null;
  if (ref === null) return null;
  const secret = context.secret(ref.namespace, ref.name);
  if (secret === null) return null;
  const { creationTimestamp, managedFields } = secret.meta;
  const { key } = ref;
  const isData = (field: string): boolean => (key === null ? field.startsWith("data[") : field === `data[${key}]`);
  const written = managedFields.filter(({ fields }) => fields.some(isData)).map(({ time }) => time);
  const changed = written.reduce(later, creationTimestamp);
  if (changed === null) return null;
  const before = carriers.some(({ found: { source } }) => {
    const started = source.kind === "Pod" ? podStartedAt(source) : null;
    return started !== null && compareTimes(started, changed) < 0;
  });
  return before ? changed : null;
}
