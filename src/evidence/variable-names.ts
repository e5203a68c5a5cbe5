import type { Resource, Snapshot } from "../model/snapshot.ts";
import type { PodTemplate } from "../model/workload.ts";

/** The kinds whose templates name ConfigMaps, by the resource under which a snapshot holds them. */
export const NAMING: readonly Resource[] = ["pods", "jobs", "cronjobs"];

/** configMapKeyRef of a variable, as ConfigMapReference.field has it. */
const VARIABLE = /\.env\[([^\]]+)\]$/;

/** The names under which containers get the keys of ConfigMaps: DB_PASSWORD says more of a value than its key `pw`. */
export class VariableNames {
  readonly #names = new Map<string, Set<string>>();

  /** Takes in what the templates of these workloads name. */
  learn({ pods, jobs, cronjobs }: Pick<Snapshot, "pods" | "jobs" | "cronjobs">): void {
    for (const { meta, template } of pods) this.#template(meta.namespace, template);
    for (const { meta, spec } of jobs) this.#template(meta.namespace, spec.template);
    for (const { meta, job } of cronjobs) this.#template(meta.namespace, job.template);
  }

  /** In alphabetical order. */
  of(namespace: string | null, configMap: string, key: string): string[] {
    return [...(this.#names.get(placeOf(namespace, configMap, key)) ?? [])].sort();
  }

  #template(namespace: string | null, { configMapReferences }: PodTemplate): void {
    for (const { use, configMap, keys, field } of configMapReferences) {
      const name = use === "env" ? VARIABLE.exec(field)?.[1] : undefined;
      const key = keys?.[0];
      if (name === undefined || key === undefined) continue;
      const place = placeOf(namespace, configMap, key);
      this.#names.set(place, (this.#names.get(place) ?? new Set()).add(name));
    }
  }
}

function placeOf(namespace: string | null, configMap: string, key: string): string {
  return JSON.stringify([namespace, configMap, key]);
}
