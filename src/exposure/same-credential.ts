import type { SecretKey } from "../model/workload.ts";
import type { Identity } from "./class.ts";

/** The key under which a finding is united with others. */
export type KeyOf = (identity: Identity) => string;

const ownKey: KeyOf = ({ key }) => key;

/**
 * A reference to a key of a Secret is the same credential as a literal that was found equal to it, where the key holds no other
 * credential; a reference to a whole Secret, where the Secret holds no other. Everything else is known by its own key.
 */
export function keysOf(identities: Iterable<Identity>): KeyOf {
  const literals = new Map<string, string>();
  for (const { key, fingerprint, equals } of identities) {
    if (fingerprint === null || equals === undefined) continue;
    for (const secret of equals.secrets) {
      for (const place of placesOf(secret)) {
        const known = literals.get(place);
        // A forged file may say so of two: whatever its order, the same one counts.
        if (known === undefined || key < known) literals.set(place, key);
      }
    }
  }
  if (literals.size === 0) return ownKey;
  return ({ key, ref }) =>
    (ref === null ? undefined : literals.get(placeOf(ref.namespace, ref.name, ref.key ?? ""))) ?? key;
}

function placesOf({ namespace, name, key, fills }: SecretKey): string[] {
  if (fills === "part") return [];
  const own = placeOf(namespace, name, key);
  return fills === "secret" ? [own, placeOf(namespace, name, "")] : [own];
}

/** No key of a Secret is empty. */
function placeOf(namespace: string, name: string, key: string): string {
  return JSON.stringify([namespace, name, key]);
}
