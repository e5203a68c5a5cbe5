import type { Json } from "../../model/api.ts";

/** The label with a run's id, which everything of the run carries. */
export const RUN_LABEL = "cronaudit.io/run";

/** Who looks after an object, by Kubernetes' recommended label. */
export const MANAGED_BY = { "app.kubernetes.io/managed-by": "kubectl-cronaudit" } as const;

/** What stands for the run in the names of a plan. */
export const NO_RUN = "<run>";

/** A run's id from four random bytes: `r` and eight hexadecimal digits. */
export function runId(random: Uint8Array): string {
  return `r${Buffer.from(random).toString("hex").slice(0, 8)}`;
}

/** True for what can be a run's id. */
export function isRunId(text: string): boolean {
  return /^r[0-9a-f]{8}$/.test(text);
}

/** The two namespaces of a run. */
export function namespacesOf(run: string): { namespace: string; other: string } {
  return { namespace: `cronaudit-lab-${run}`, other: `cronaudit-lab-${run}-other` };
}

/** The run whose namespace this is; null where it is none. */
export function runOfNamespace(name: string): string | null {
  return /^cronaudit-lab-(r[0-9a-f]{8})(?:-other)?$/.exec(name)?.[1] ?? null;
}

/** The labels of everything that a run makes. */
export function labelsOf(run: string): Record<string, string> {
  return { ...MANAGED_BY, [RUN_LABEL]: run };
}

/** The object with the labels of the run, and its templates, so that what controllers make of them carries them too. */
export function labelled(object: Json, run: string): Json {
  const withLabels = { ...object, metadata: labelledMetadata(object["metadata"], run) };
  const spec = object["spec"] as Json | undefined;
  if (spec === undefined) return withLabels;
  const made = { ...spec };
  for (const field of ["template", "jobTemplate"]) {
    const template = spec[field];
    if (typeof template === "object" && template !== null) made[field] = labelled(template as Json, run);
  }
  return { ...withLabels, spec: made };
}

function labelledMetadata(metadata: unknown, run: string): Json {
  const { labels, ...rest } = (metadata ?? {}) as { labels?: Json };
  return { ...rest, labels: { ...labels, ...labelsOf(run) } };
}
