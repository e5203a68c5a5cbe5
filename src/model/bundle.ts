import type { CleanupRules } from "./cleanup.ts";
import type { ObjectRef, Time } from "./object.ts";

/** Why an object is in a bundle: it was named, goes along with what was, or owns it. */
export type BundleRole = "chosen" | "owner";

/** What is known before the first part of a bundle is written. */
export interface BundleHead {
  kind: "EvidenceBundle";
  formatVersion: number;
  tool: { version: string };
  startedAt: Time;
  cluster: {
    server: string;
    version: string | null;
    /** uid of the Namespace kube-system. */
    uid: string | null;
  };
  operator: {
    /** The user for whom the API server takes the operator (SelfSubjectReview). */
    user: string | null;
    /** The name of the user of the machine on which it was written. */
    local: string | null;
  };
  /** What was asked of the cleanup; null for a bundle of its own. */
  rules: CleanupRules | null;
  /** Who made the key of the fingerprints. */
  fingerprints: "random key" | "given key";
  /** What opens the parts under values/; null: there are none. */
  values: "passphrase" | "recipients" | null;
}

/** One file of a bundle. */
export interface BundlePart {
  path: string;
  /** Bytes. */
  size: number;
  sha256: string;
  at: Time;
  object: (ObjectRef & { resourceVersion: string; role: BundleRole; metadataOnly: boolean }) | null;
  /** SHA-256 over the part and the chain of the part before it. */
  chain: string;
}

/** An object that is not in the bundle although it was asked for. */
export interface BundleMissing {
  object: ObjectRef;
  because: string;
}

/** What is known when the last part has been written. */
export interface BundleTail {
  finishedAt: Time;
  missing: BundleMissing[];
  /** What else is not, or not wholly, in it: one sentence each. */
  gaps: string[];
}

/** manifest.json, the last part of a bundle. */
export interface BundleManifest {
  head: BundleHead;
  parts: BundlePart[];
  tail: BundleTail;
  /** SHA-256 over the tail and the chain of the last part. */
  seal: string;
}

/** `evidence show -o json`. */
export interface BundleReport extends BundleManifest {
  apiVersion: "cronaudit/v1";
  kind: "BundleReport";
  file: string;
  /** Of the whole file, as the journal of a cleanup has it. */
  sha256: string;
  /** Bytes of the file. */
  size: number;
}
