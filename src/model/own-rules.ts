import type { Confidence, CredentialKind } from "./credential.ts";
import type { ExposureClass } from "./report.ts";

/** Kinds that a rule of the operator's may give: what stands in objects as text. */
export type OwnKind = Exclude<CredentialKind, "serviceaccount-token" | "secret-reference">;

/** The ways in which a text that stands in an object is exposed. */
export type LiteralClass = Extract<
  ExposureClass,
  "literal-env" | "literal-args" | "literal-annotation" | "configmap-env" | "termination-message" | "log"
>;

/** The file of `--rules` (docs/rules.md): what is a credential here, and what is none. */
export interface OwnRulesFile {
  apiVersion: "cronaudit/v1";
  kind: "Rules";
  names?: NameRule[];
  notNames?: NotNameRule[];
  patterns?: PatternRule[];
  allow?: AllowRule[];
  trustAnnotations?: TrustRule[];
}

/** Names of variables, options, annotations and keys; one of `names` and `words` has to match. */
interface Names {
  /** Whole names, in any case; `*` stands for any characters, `?` for one. */
  names?: string[];
  /** Words in their order, whatever stands between and around them: `door code` is in DOOR_CODE and frontDoorCode. */
  words?: string[];
  /** Namespaces, with `*` and `?`; without it all. */
  namespaces?: string[];
}

/** Names whose values are credentials. */
export interface NameRule extends Names {
  /** Default `password`. */
  kind?: OwnKind;
  /** Default `likely`. */
  confidence?: Confidence;
  /** Ends the sentence in which a report says why. */
  because?: string;
}

/** Names whose values are none, unless they are certain. */
export interface NotNameRule extends Names {
  reason: string;
}

/** What credentials look like. */
export interface PatternRule {
  /** A regular expression in RE2's syntax, over values. */
  pattern: string;
  /** The group that is the credential, by number or name; without it the whole match. */
  group?: number | string;
  /** Default `secret-key`. */
  kind?: OwnKind;
  /** Default `likely`. */
  confidence?: Confidence;
  /** Ends the sentence in which a report says why. */
  because?: string;
  namespaces?: string[];
}

/** What is no finding; every key that is given has to match, each by one of its values. */
export interface AllowRule {
  reason: string;
  /** The last day, or moment, on which it is honoured, in UTC. */
  until?: string;
  namespaces?: string[];
  /** `cronjob/backup-*`, with what it controls; kinds are cronjob, job, pod, configmap and `*`. */
  objects?: string[];
  /** Whole names, in any case, with `*` and `?`. */
  names?: string[];
  classes?: LiteralClass[];
  /** Regular expressions in RE2's syntax that the whole credential has to match. */
  values?: string[];
  /** As reports print them under one `--fingerprint-key`. */
  fingerprints?: string[];
}

/** Whose ignore annotations count as the operator's; one of `managers` and `namespaces` has to be given. */
export interface TrustRule {
  /** Field managers, with `*` and `?`; a client chooses its own name. */
  managers?: string[];
  namespaces?: string[];
  reason?: string;
  until?: string;
}
