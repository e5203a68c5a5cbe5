import type { CronJob } from "../model/workload.ts";

/**
 * Of the earlier versions of one CronJob those that held a credential or a reference which neither `present` nor a newer
 * one of them holds. `present` is null for a deleted CronJob, whose last version is then kept whatever it held.
 */
export function versionsWithMore(versions: readonly CronJob[], present: CronJob | null): CronJob[] {
  const newestFirst = [...versions].sort(
    (a, b) => Number(b.meta.resourceVersion) - Number(a.meta.resourceVersion) || 0,
  );
  const held = present === null ? new Set<string>() : new Set(heldBy(present));
  return newestFirst.filter((version, index) => {
    const more = heldBy(version).filter((thing) => !held.has(thing) && !held.has(everyKey(thing)));
    for (const thing of more) held.add(thing);
    return more.length > 0 || (present === null && index === 0);
  });
}

/** What a CronJob holds: literals by fingerprint, Secrets and ConfigMaps by name and key. */
function heldBy({ job: { template }, annotationLiterals }: CronJob): string[] {
  const keyed = (what: string, keys: string[] | null): string[] => (keys ?? ["*"]).map((key) => `${what}/${key}`);
  return [
    ...[...template.literals, ...annotationLiterals].map(({ fingerprint }) => `literal ${fingerprint}`),
    ...template.secretReferences.flatMap(({ secret, keys }) => keyed(`secret ${secret}`, keys)),
    ...template.configMapReferences.flatMap(({ configMap, keys }) => keyed(`configmap ${configMap}`, keys)),
  ];
}

/** The reference to all keys of what a reference names one key of. */
function everyKey(thing: string): string {
  return thing.replace(/\/[^/]*$/, "/*");
}
