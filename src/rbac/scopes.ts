import type { Reach } from "../model/report.ts";
import { compareText } from "./subjects.ts";

/** Every Secret of the cluster. */
export const EVERY_SECRET: Reach = { cluster: true, namespaces: [], secrets: [] };

/** No Secret. */
export const NO_SECRET: Reach = { cluster: false, namespaces: [], secrets: [] };

/** Every Secret of one namespace. */
export function wholeNamespace(namespace: string): Reach {
  return { cluster: false, namespaces: [namespace], secrets: [] };
}

/** True where no Secret is meant. */
export function isNothing({ cluster, namespaces, secrets }: Reach): boolean {
  return !cluster && namespaces.length === 0 && secrets.length === 0;
}

/** True where Secrets are meant by name alone. */
export function isNamed({ cluster, namespaces, secrets }: Reach): boolean {
  return !cluster && namespaces.length === 0 && secrets.length > 0;
}

/** True where the reach holds this Secret. */
export function covers({ cluster, namespaces, secrets }: Reach, secret: { namespace: string; name: string }): boolean {
  return (
    cluster ||
    namespaces.includes(secret.namespace) ||
    secrets.some(({ namespace, name }) => namespace === secret.namespace && name === secret.name)
  );
}

/** The union of scopes: a whole cluster swallows namespaces, a whole namespace the Secrets named in it. */
export function unite(scopes: readonly Reach[]): Reach {
  const all = new Growing();
  for (const scope of scopes) all.add(scope);
  return all.reach();
}

/** A reach that grows. Sets stay sets: nothing is multiplied out. */
export class Growing {
  #cluster = false;
  readonly #namespaces = new Set<string>();
  readonly #secrets = new Map<string, { namespace: string; name: string }>();

  get cluster(): boolean {
    return this.#cluster;
  }

  /** True where a scope holds something that is not there yet. */
  wouldGrow({ cluster, namespaces, secrets }: Reach): boolean {
    if (this.#cluster) return false;
    return (
      cluster ||
      namespaces.some((namespace) => !this.#namespaces.has(namespace)) ||
      secrets.some((secret) => !this.#namespaces.has(secret.namespace) && !this.#secrets.has(secretKey(secret)))
    );
  }

  add(scope: Reach): void {
    if (this.#cluster) return;
    this.#cluster = scope.cluster;
    for (const namespace of scope.namespaces) this.#namespaces.add(namespace);
    for (const secret of scope.secrets) this.#secrets.set(secretKey(secret), secret);
  }

  /** The smallest set that says it, sorted. */
  reach(): Reach {
    if (this.#cluster) return EVERY_SECRET;
    return {
      cluster: false,
      namespaces: [...this.#namespaces].sort(compareText),
      secrets: [...this.#secrets.values()]
        .filter(({ namespace }) => !this.#namespaces.has(namespace))
        .sort((a, b) => compareText(a.namespace, b.namespace) || compareText(a.name, b.name)),
    };
  }
}

/** What of `more` is not in `less`; the whole cluster stays that. */
export function without(more: Reach, less: Reach): Reach {
  if (less.cluster) return NO_SECRET;
  if (more.cluster) return more;
  const namespaces = new Set(less.namespaces);
  const secrets = new Set(less.secrets.map(secretKey));
  return {
    cluster: false,
    namespaces: more.namespaces.filter((namespace) => !namespaces.has(namespace)),
    secrets: more.secrets.filter((secret) => !namespaces.has(secret.namespace) && !secrets.has(secretKey(secret))),
  };
}

/** Names hold no slash, so the key is one Secret's alone. */
function secretKey({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`;
}

/** Negative where `a` is wider. */
export function compareWidth(a: Reach, b: Reach): number {
  return (
    Number(b.cluster) - Number(a.cluster) ||
    b.namespaces.length - a.namespaces.length ||
    b.secrets.length - a.secrets.length
  );
}
