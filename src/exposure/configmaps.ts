import type { ConfigMap } from "../model/snapshot.ts";
import type { ConfigMapReference, Literal } from "../model/workload.ts";
import type { Access, Found, Source, User } from "./class.ts";
import { configMapClosing } from "./configmap-closing.ts";
import { nameKey, type ExposureContext } from "./context.ts";
import { fromLiteral, sources, templateOf } from "./literals.ts";
import { managedSince, proved } from "./opened.ts";
import { boundAt } from "./references.ts";
import { compareTimes } from "./windows.ts";

/** Something that names a ConfigMap. */
interface Naming {
  source: Source;
  reference: ConfigMapReference;
}

/**
 * Credentials in ConfigMaps that batch work names, each once, whatever names it: what is read is the ConfigMap. The runs
 * that name its key are its users, and the oldest CronJob, Job or pod among them stands for the workload.
 */
export function configMapLiterals(context: ExposureContext): Found[] {
  const { configmaps } = context.snapshot;
  if (configmaps.length === 0) return [];
  const named = namings(context);
  return configmaps.flatMap((configMap) => {
    const all = named.get(nameKey(configMap.meta.namespace, configMap.meta.name));
    if (all === undefined) return [];
    const closing = configMapClosing(configMap, context);
    return configMap.literals.flatMap((literal): Found[] => {
      const using = all.filter(({ reference }) => usesKey(reference, literal));
      if (using.length === 0) return [];
      const source = using.map((one) => context.rootOf(one.source)).reduce(firstOf);
      const { meta } = configMap;
      const opening = proved(meta, context, [
        [managedSince(meta, literal.field), "a field manager owns it since then at the latest"],
      ]);
      const { namespace, name, uid } = meta;
      return [
        {
          ...fromLiteral(source, literal, opening, closing, accessTo(configMap, using, context)),
          object: { apiVersion: "v1", kind: "ConfigMap", namespace, name, uid },
          field: `configmap[${name}].${literal.field}`,
          users: using.toSorted((a, b) => bySeniority(a.source, b.source)).map(userOf),
        },
      ];
    });
  });
}

function namings(context: ExposureContext): Map<string, Naming[]> {
  const named = new Map<string, Naming[]>();
  for (const source of sources(context)) {
    for (const reference of templateOf(source).configMapReferences) {
      const key = nameKey(source.meta.namespace, reference.configMap);
      const known = named.get(key);
      if (known === undefined) named.set(key, [{ source, reference }]);
      else known.push({ source, reference });
    }
  }
  return named;
}

/** The key that a literal's path ends in; the annotation's copy of a value counts as the value. */
const KEY = /(?:^|\.)(?:data|binaryData)\[([^\]]*)\]$/;

function usesKey({ keys }: ConfigMapReference, { path }: Literal): boolean {
  const key = KEY.exec(path)?.[1];
  return keys === null || (key !== undefined && keys.includes(key));
}

function userOf({ source, reference: { containers } }: Naming): User {
  return { source, containers: containers.length === 0 ? null : containers };
}

const RANK: Record<Source["kind"], number> = { CronJob: 0, Job: 1, Pod: 2 };

/** Orders objects whatever the order of the evidence: CronJobs before Jobs and pods, then by age and uid. */
export function bySeniority(a: Source, b: Source): number {
  return (
    RANK[a.kind] - RANK[b.kind] ||
    compareTimes(a.meta.creationTimestamp ?? "", b.meta.creationTimestamp ?? "") ||
    (a.meta.uid < b.meta.uid ? -1 : a.meta.uid > b.meta.uid ? 1 : 0)
  );
}

/** Of two objects the one that stands for both. */
export function firstOf(a: Source, b: Source): Source {
  return bySeniority(a, b) <= 0 ? a : b;
}

/** Whoever reads the ConfigMap, and each node from when the first pod that names it was bound (Node authorizer). */
function accessTo({ meta }: ConfigMap, using: readonly Naming[], context: ExposureContext): Access[] {
  const since = new Map<string, string>();
  for (const { source } of using) {
    if (source.kind !== "Pod" || source.template.nodeName === null) continue;
    const node = source.template.nodeName;
    const { opens } = boundAt(source, context);
    const known = since.get(node);
    if (known === undefined || compareTimes(opens, known) < 0) since.set(node, opens);
  }
  return [
    { by: "rbac", resource: "configmaps", namespace: meta.namespace ?? "", name: meta.name },
    ...[...since].map(([node, at]): Access => ({ by: "node", node, since: at })),
  ];
}
