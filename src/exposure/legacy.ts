import type { Confidence } from "../model/credential.ts";
import type { Time } from "../model/object.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { whatIsWhole } from "../scope/seen.ts";

const TOKEN_TYPE = "kubernetes.io/service-account-token";
const ACCOUNT_ANNOTATION = "kubernetes.io/service-account.name";
/** The uid of the ServiceAccount that the token in a Secret speaks for (core/v1 ServiceAccountUIDKey). */
export const ACCOUNT_UID_ANNOTATION = "kubernetes.io/service-account.uid";

/** A Secret that holds a ServiceAccount token without expiry. */
export interface LegacyToken {
  serviceAccount: { namespace: string; name: string } | null;
  created: Time | null;
  /** The creation of its ServiceAccount, which the Secret cannot precede; null where that was not seen. */
  accountCreated: Time | null;
  confidence: Confidence;
  because: string;
}

/**
 * Legacy token Secrets by `namespace/name`: by their type where Secrets were listed; else those that a ServiceAccount's
 * `secrets` names and that have the name which the token controller gave them before Kubernetes 1.24, `ACCOUNT-token-xxxxx`.
 */
export function indexLegacyTokens(snapshot: Snapshot): Map<string, LegacyToken> {
  const tokens = new Map<string, LegacyToken>();
  const listed = new Set<string>();
  for (const { meta, type } of snapshot.secrets) {
    const key = `${meta.namespace ?? ""}/${meta.name}`;
    if (type !== null) listed.add(key);
    if (type !== TOKEN_TYPE) continue;
    const account = meta.annotations[ACCOUNT_ANNOTATION];
    const serviceAccount = account === undefined ? null : { namespace: meta.namespace ?? "", name: account };
    tokens.set(key, {
      serviceAccount,
      created: meta.creationTimestamp,
      accountCreated: null,
      confidence: "certain",
      because: `its type is ${TOKEN_TYPE}`,
    });
  }
  const whole = whatIsWhole(snapshot);
  for (const { meta, secrets } of snapshot.serviceaccounts) {
    const namespace = meta.namespace ?? "";
    for (const name of secrets) {
      const key = `${namespace}/${name}`;
      const generated = name.startsWith(`${meta.name}-token-`) && name.length === meta.name.length + 12;
      if (!generated || listed.has(key) || whole("secrets", namespace) === null) continue;
      const because = `serviceaccount/${meta.name} lists it, and its name is the one that the token controller gives`;
      tokens.set(key, {
        serviceAccount: { namespace, name: meta.name },
        created: null,
        accountCreated: meta.creationTimestamp,
        confidence: "likely",
        because,
      });
    }
  }
  return tokens;
}
