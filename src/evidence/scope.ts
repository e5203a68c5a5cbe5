import type { OwnRules } from "../credentials/own-rules.ts";
import type { Api, ApiFailure } from "../model/api.ts";
import type { BlindSpot, Resource } from "../model/snapshot.ts";
import { KINDS } from "./kinds/index.ts";
import type { LogRequest } from "./log-scan.ts";

/** What a request for evidence asks for. */
export interface CollectRequest {
  resources: Resource[];
  /** Of these, the kinds to take from all namespaces even with -n. */
  beyondScope?: readonly Resource[];
  /** The -n flag. */
  namespace: string | null;
  /** The -A flag, which outranks -n. */
  allNamespaces: boolean;
  /** Whether to look for what was deleted or changed minutes ago, as far as the server still gives it. */
  recover?: boolean;
  /** A passphrase that makes fingerprints comparable between runs; null: a key for this run alone. */
  fingerprintKey: string | null;
  now: Date;
  toolVersion: string;
  /** Whether to read the values of Secrets, and to look for them in everything else. */
  compareSecrets?: boolean;
  /** The operator's rules, compiled; absent: none. */
  rules?: OwnRules | null;
  /** Also read the logs of batch pods; absent: none. */
  logs?: LogRequest;
  progress(text: string): void;
}

/** True for what the connection threw about one request. */
export function isApiFailure(error: unknown): error is ApiFailure {
  return error instanceof Error && error.name === "ApiError" && "fatal" in error;
}

/** The failure of one request, where the run can go on without it; everything else is thrown again. */
export function survivable(error: unknown): ApiFailure {
  if (isApiFailure(error) && !error.fatal) return error;
  throw error;
}

/** What is blind where values of Secrets were to be compared and could not be read. */
export const COMPARISON = "which literals equal a value of a Secret";

/** The blind spot that a failed list leaves. */
export function blindSpot(
  resource: Resource,
  namespace: string | null,
  { reason, message }: Pick<ApiFailure, "reason" | "message">,
  compareSecrets = false,
): BlindSpot {
  const { group, blinds } = KINDS[resource];
  const more = resource === "secrets" && compareSecrets ? [COMPARISON] : [];
  return { verb: "list", group, resource, namespace, except: [], reason, message, blinds: [...more, ...blinds] };
}

/** The uid of kube-system, by which a cluster is known (the convention of SIG Multicluster); null where it may not be read. */
export async function clusterUid(api: Api): Promise<string | null> {
  try {
    const namespace = await api.get("/api/v1/namespaces/kube-system");
    const uid = (namespace["metadata"] as { uid?: unknown } | null | undefined)?.uid;
    return typeof uid === "string" && uid !== "" ? uid : null;
  } catch (error) {
    survivable(error);
    return null;
  }
}

/** A fact that a report can do without: null when the server does not give it. */
export async function optional<T>(fact: Promise<T>): Promise<T | null> {
  try {
    return await fact;
  } catch (error) {
    survivable(error);
    return null;
  }
}
