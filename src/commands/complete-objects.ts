import type { Candidate } from "../cli/completion/candidate.ts";
import type { Json } from "../model/api.ts";
import { byName, type EvidenceKind, type Found } from "./complete-names.ts";

/** What a list, or a snapshot's record, calls the object; an empty name where it has none. */
export function nameOf(object: Json): Found {
  const { name, namespace } = (object["metadata"] ?? object["meta"] ?? {}) as Json;
  return { name: text(name), namespace: text(namespace) || null };
}

/** The values of a list that are objects. */
export function objects(value: unknown): Json[] {
  const all = Array.isArray(value) ? (value as unknown[]) : [];
  return all.filter((one): one is Json => typeof one === "object" && one !== null && !Array.isArray(one));
}

/** Users or Groups that bindings name; those that Kubernetes brings come last. */
export function subjectsOf(bindings: readonly Json[], kind: "User" | "Group"): Candidate[] {
  const named = bindings.flatMap((binding) => objects(binding["subjects"])).filter((one) => one["kind"] === kind);
  const found = byName(named.map(({ name }) => ({ name: text(name), namespace: null })));
  const rank = ({ word }: Candidate): number => Number(word.startsWith("system:"));
  return found.sort((a, b) => rank(a) - rank(b));
}

/** Secrets as `NAMESPACE/NAME`, or by name alone where the line names the namespace. */
export function secretsAs(found: readonly Found[], namespace: string | null): Candidate[] {
  if (namespace !== null) return byName(found.filter((one) => one.namespace === namespace).map(bare));
  return byName(found.map(({ name, namespace: place }) => ({ name: `${place ?? ""}/${name}`, namespace: null })));
}

function bare({ name }: Found): Found {
  return { name, namespace: null };
}

/** Deeper than a CronJob's containers. */
const DEEPEST = 14;

/**
 * Secrets or ServiceAccounts that a workload names, by the fields that hold one: of Kubernetes (core/v1 types.go) and of a
 * snapshot, whose records name a template by its number in `templates`.
 */
export function mentioned(
  kind: Extract<EvidenceKind, "secret" | "ServiceAccount">,
  object: Json,
  templates: ReadonlyMap<unknown, unknown> = new Map(),
): Found[] {
  const { namespace } = nameOf(object);
  const below = (value: unknown, depth: number): string[] => {
    if (typeof value !== "object" || value === null || depth > DEEPEST) return [];
    return Object.entries(value).flatMap(([key, one]: [string, unknown]) => {
      const named = kind === "secret" ? secretAt(key, one) : key === "serviceAccountName" ? [text(one)] : null;
      return named ?? below(key === "template" && typeof one === "number" ? templates.get(one) : one, depth + 1);
    });
  };
  const { spec, job, template } = object;
  return below({ spec, job, template }, 0)
    .filter((name) => name !== "")
    .map((name) => ({ name, namespace }));
}

function secretAt(key: string, value: unknown): string[] | null {
  const { name } = (value ?? {}) as Json;
  if (key === "secretName") return [text(value)];
  if (key === "secretKeyRef" || key === "secretRef") return [text(name)];
  if (key === "imagePullSecrets") return objects(value).map((one) => text(one["name"]));
  return key === "secretReferences" ? objects(value).map(({ secret }) => text(secret)) : null;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
