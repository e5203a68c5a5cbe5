import type { SecretEquality, SecretKey } from "../model/workload.ts";
import { andMore, NAMES_SHOWN } from "./steps.ts";

/** What a template does instead of holding the text: it takes the Secret of its namespace that has it already, if one does. */
export function fromSecret(namespace: string | null, equals: SecretEquality | undefined): string {
  const own = ownSecret(namespace, equals);
  return own === null
    ? "mount it from a Secret"
    : `use secretKeyRef to ${own.name} key ${own.key} instead, or mount it from there`;
}

/** The Secret of this namespace that holds the same, or any: `Secret db-credentials key password`, `a Secret`. */
export function secretOf(namespace: string | null, equals: SecretEquality | undefined): string {
  const own = ownSecret(namespace, equals);
  return own === null ? "a Secret" : `Secret ${own.name} key ${own.key}`;
}

function ownSecret(namespace: string | null, equals: SecretEquality | undefined): SecretKey | null {
  return equals?.secrets.find((secret) => secret.namespace === namespace && secret.fills !== "part") ?? null;
}

/** `rotate DB_PASSWORD in Secret database/db-credentials`: where Secrets hold it as well, there too. */
export function rotate(name: string, equals: SecretEquality | undefined): string {
  if (equals === undefined || equals.secrets.length === 0) return `rotate ${name}`;
  const places = [...new Set(equals.secrets.map(placeOf))];
  const shown = places.slice(0, NAMES_SHOWN);
  // Of the keys that are not named nobody knows how many Secrets they are in.
  const left = places.length - shown.length;
  const more = equals.more > 0 ? "and others" : andMore(left, "Secret");
  return `rotate ${name} in Secret ${[shown.join(", "), more].filter((part) => part !== "").join(" ")} too`;
}

function placeOf({ namespace, name }: SecretKey): string {
  return `${namespace}/${name}`;
}
