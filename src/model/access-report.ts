import type { ObjectRef, Time } from "./object.ts";
import type { Envelope, SubjectRef } from "./report.ts";

/** The smallest set of Secrets that says it. */
export interface Reach {
  cluster: boolean;
  namespaces: string[];
  secrets: { namespace: string; name: string }[];
}

export interface ChainLink {
  kind: string;
  namespace: string | null;
  name: string;
  /** Index in the role's rules; on the last link only. */
  rule?: number;
}

/**
 * One way to Secrets. `chain` holds every link down to the rules; each grant ends with the link that has a `rule`, and what
 * stands between two grants is whom or what the first one leads to.
 */
export interface Way {
  /** What the subject itself does first. */
  edge: string;
  /** Every edge of the chain in order, `edge` first. */
  edges: string[];
  /** Of the whole chain: `maybe` and `wait` where any part of it is that. */
  effect: "read" | "act-as" | "execute" | "wait" | "maybe";
  /** The Secrets that its end opens; empty where it opens none by itself. */
  scope: Reach;
  /** Whom or what its end leads to besides. `name` null: any; kind `*`: every right there is. */
  leadsTo: { kind: string; namespace: string | null; name: string | null }[];
  chain: ChainLink[];
  /** All of it was granted then at the latest; null where an object does not date it. */
  provedSince: Time | null;
  /** With --verify: what the server says of the subject's own rights in it; null where it was not asked or gave no answer. */
  verified: boolean | null;
  note: string | null;
}

/** A rule or binding that grants nothing now. `latent` ones begin to grant when something is created. */
export interface Ineffective {
  state: "ineffective" | "latent";
  chain: ChainLink[];
  why: string;
}

export interface AccessItem {
  subject: SubjectRef;
  /** False: there is no such ServiceAccount now, and its grants wait for one. Null: not seen, or no ServiceAccount. */
  exists: boolean | null;
  usedBy: ObjectRef[];
  /** What it reads in the end, directly and by escalation; not what takes luck. */
  reach: Reach;
  /** True: not every role and binding was seen, so `reach` and `direct` are at least this; an empty one says nothing. */
  reachIsBound: boolean;
  /** Direct reads alone. */
  direct: Reach;
  /** What ways of the effect `maybe` would add to `reach`. */
  maybe: Reach;
  /** All ways by the subject's own rights; of longer ones the shortest to whatever it adds. */
  ways: Way[];
  ineffective: Ineffective[];
  /** True where Kubernetes' own bootstrap bindings are all that names it. */
  builtIn: boolean;
}

export interface AccessSummary {
  subjects: number;
  /** Built-in subjects that were left out; --all-readers shows them. */
  folded: number;
  /** The Secret that was asked about with --secret, or null. */
  secret: { namespace: string; name: string } | null;
  /** The most acts as somebody else that were followed; null is all, 0 direct reads alone. */
  maxHops: number | null;
  /** With --verify: ways of the subjects' own rights, by the server's answer; null without it. */
  verified: { confirmed: number; refuted: number; unknown: number } | null;
  readEverySecret: number;
  readWholeNamespaces: number;
  /** Subjects of which `reachIsBound`: any of them may read more than was counted. */
  reachIsBound: number;
  /** Which ways were computed; `reach` holds no more than these. */
  computed: string[];
}

export type AccessReport = Envelope<"AccessReport", AccessSummary, AccessItem>;
