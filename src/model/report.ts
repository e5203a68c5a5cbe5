import type { AccessReport, ChainLink } from "./access-report.ts";
import type { CleanupPlan, CleanupResult } from "./cleanup.ts";
import type { CarrierReport, ReaderReport } from "./exposure-by.ts";
import type { HoldReport } from "./hold.ts";
import type { IgnoredBecause, IgnoredBySeverity, IgnoredCounts } from "./ignored.ts";
import type { ObjectRef, Time } from "./object.ts";
import type { ReplayReport } from "./replay-report.ts";
import type { BlindSpot, Metadata } from "./snapshot.ts";
import type { GoesAway, StaleReport } from "./stale-report.ts";
import type { SecretKey } from "./workload.ts";

export type Severity = "critical" | "high" | "medium" | "low" | "info";

/** An identity as people and scripts name it. `namespace` is null for User and Group. */
export interface SubjectRef {
  kind: "ServiceAccount" | "User" | "Group";
  namespace: string | null;
  name: string;
}

/** What stands around every report (docs/schema). */
export interface Envelope<Kind extends string, Summary, Item> {
  apiVersion: "cronaudit/v1";
  kind: Kind;
  metadata: Metadata;
  /** False when a blind spot blinds the question that was asked; the exit status is then 3. */
  complete: boolean;
  blindSpots: BlindSpot[];
  notes: string[];
  summary: Summary;
  items: Item[];
}

/** The ways in which one credential is exposed; one file each in exposure/classes. */
export type ExposureClass =
  | "literal-env"
  | "literal-args"
  | "literal-annotation"
  | "secret-env"
  | "secret-volume"
  | "token-bound"
  | "token-legacy"
  | "node-grant"
  | "configmap-env"
  | "termination-message"
  | "pull-secret"
  | "log";

/** Why a carrier goes away, or does not. */
export type ClosesBecause =
  | "ttl"
  | "history-limit"
  | "owner-deletion"
  | "deletion-in-progress"
  | "token-expiry"
  | "container-finished"
  | "secret-deletion"
  | "node-removal"
  | "compaction"
  | "never";

/** One object and path through which a credential can be read. The window is [opens, closes). */
export interface Carrier {
  class: ExposureClass;
  object: ObjectRef;
  path: string;
  opens: Time;
  opensNotBefore: Time;
  opensIsBound: boolean;
  opensBecause: string;
  /** Null: no known end; `closesBecause` and `closesWhy` say why. `never`: nothing that was judged ends it. */
  closes: Time | null;
  closesBecause: ClosesBecause;
  closesWhy: string;
  closesIsBound: boolean;
  /** The object's retention.afterRuns: history limits wait for so many more finished runs. Null: nothing counts them. */
  closesAfterRuns: number | null;
  /** What has to happen for `closes` to hold, such as that the next two runs succeed; null where nothing has to. */
  closesAssumes: string | null;
  /** What ends this window soonest: a command of kubectl, or the field to set; null where it is over or only time ends it. */
  endsBy: string | null;
  /** Hours at rest of this window alone that ending it now saves; null where it has no end: 24 a day. */
  savesHours: number | null;
}

/** One identity that can read a credential. `provedSince`: the grant began then at the latest; null where no object dates it. */
export interface Reader {
  subject: SubjectRef;
  provedSince: Time | null;
  /** Edge ids (rbac/edges). */
  through: string[];
  /** The grants behind `through`; empty where no rule is: a node reads what is bound to it, system:masters everything. */
  grants: ReaderGrant[];
}

/** One rule that lets a reader read, down from its binding, as in a Way; `through`: the edges that it allows. */
export interface ReaderGrant {
  chain: ChainLink[];
  through: string[];
}

export interface Readers {
  /** True when system:authenticated, system:unauthenticated or all ServiceAccounts read it. */
  everyone: boolean;
  /**
   * Identities in `items`; a lower bound when the report is not complete.
   * Null: none was found, or none can be counted, and RBAC was not seen whole.
   */
  count: number | null;
  items: Reader[];
  /** Built-in identities (controllers, system:masters) that read it too. */
  folded: number;
}

export interface ExposureItem {
  /** From the uid of the object that first carries it and the path; stable over two captures; never from a value. */
  id: string;
  credential: {
    name: string;
    kind: string;
    confidence: "certain" | "likely" | "possible";
    because: string;
    fingerprint: string | null;
    ref: { namespace: string; name: string; key: string | null } | null;
    /** For tokens: the ServiceAccount they speak for. */
    serviceAccount: { namespace: string; name: string } | null;
    /**
     * For what stands in an object as text: the keys of Secrets that hold the same, the first ten by name. Null for everything
     * else, and where Secrets were not compared (--compare-secrets).
     */
    equals: SecretKey[] | null;
    /** How many more keys hold it. */
    equalsMore: number;
  };
  severity: Severity;
  /** The CronJob, Job or pod at the top of the owner chain of the first carrier. */
  workload: ObjectRef;
  /** True when a CronJob's template no longer holds it, but its runs still do. Null where the template was not seen. */
  removedFromTemplate: boolean | null;
  /** The earliest run that already lacks it, which was after its removal; null where no run shows that. */
  removedBy: Time | null;
  /**
   * For references to a Secret that was seen: it was made anew, or the manager of its data wrote it, after a pod that names it
   * had started, at the latest then. What that pod got may be an older value. Null where nothing shows it.
   */
  rotatedBy: Time | null;
  /** For tokens bound to a pod. */
  token: TokenFacts | null;
  carriers: Carrier[];
  opens: Time;
  closes: Time | null;
  neededUntil: Time | null;
  atRestHours: { soFar: number; projected: number | null };
  readers: Readers;
  /** One exact next step. */
  fix: string;
  /** Only in items that --show-ignored adds. */
  ignored?: IgnoredBecause;
}

/** What deleting the pod of a bound token does not end. */
export interface TokenFacts {
  /** Null: the API server's own. */
  audience: string | null;
  /** The latest exp, a bound; null while the pod runs, because the kubelet renews it. */
  expiresBy: Time | null;
  /** The node that may ask for more tokens of the account while the pod object exists; null: none, or no more. */
  mintedByNode: string | null;
  /** The account may itself ask for tokens, which outlive the pod; null where its rights were not all seen. */
  mintsOwn: boolean | null;
  /** Others that may ask for tokens of this account; built-in ones are left out. */
  mintedBy: SubjectRef[];
}

export interface ExposureSummary {
  credentials: number;
  bySeverity: Record<Severity, number>;
  atRestHours: { soFar: number; projected: number | null };
  /** Credentials whose projected hours have no end. */
  withoutEnd: number;
  /** Recognised as only possible, and left out without --all. */
  possible: number;
  ignored: IgnoredCounts & IgnoredBySeverity;
}

export type ExposureReport = Envelope<"ExposureReport", ExposureSummary, ExposureItem>;

/** Why a line of the triage has no end: a carrier's reason, or one that only a line about several things has. */
export type UntilBecause = ClosesBecause | "grant-removal" | "pod-deletion" | "past" | "various";

/** One line of the triage. */
export interface TriageItem {
  id: string;
  severity: Severity;
  what: string;
  objects: ObjectRef[];
  /** How many objects stand behind it; `objects` holds at most ten of them. */
  objectCount: number;
  since: Time | null;
  sinceIsBound: boolean;
  until: Time | null;
  /** True when it may end sooner. */
  untilIsBound: boolean;
  /** What has to happen for it, as in a Carrier. */
  untilAssumes: string | null;
  untilBecause: UntilBecause;
  untilWhy: string;
  /** As in an exposure, without the list. */
  readers: { everyone: boolean; count: number | null; folded: number } | null;
  /** Arguments after the program's name: `exposure cronjob/backup -n database`. */
  next: string;
}

export interface TriageSummary {
  bySeverity: Record<Severity, number>;
  atRestHours: { soFar: number; projected: number | null };
  /** The workload that most at-rest hours come from. */
  largest: { workload: ObjectRef; share: number } | null;
  goesAwaySoon: GoesAway[];
  next: string | null;
  ignored: IgnoredCounts;
}

export type TriageReport = Envelope<"TriageReport", TriageSummary, TriageItem>;

export interface VersionReport {
  apiVersion: "cronaudit/v1";
  kind: "VersionReport";
  version: string;
  node: string;
  platform: string;
  timeZone: string;
  tzdata: string;
  snapshotFormat: number;
  rules: { name: string; release: string }[];
}

export type Report =
  | TriageReport
  | ExposureReport
  | CarrierReport
  | ReaderReport
  | StaleReport
  | AccessReport
  | CleanupPlan
  | CleanupResult
  | HoldReport
  | ReplayReport;

export type { CarrierItem, CarrierReport, ReaderItem, ReaderReport } from "./exposure-by.ts";
export type { AccessItem, AccessReport, AccessSummary, ChainLink, Ineffective, Reach, Way } from "./access-report.ts";
export type { BundleHead, BundleManifest, BundlePart, BundleReport } from "./bundle.ts";
export type {
  CleanupItem,
  CleanupPlan,
  CleanupResult,
  CleanupResultItem,
  CleanupRules,
  CleanupSummary,
  Dependent,
  Outcome,
} from "./cleanup.ts";
export type { HoldItem, HoldLoss, HoldReport, HoldState, HoldSummary, MayDelete, NotHeld } from "./hold.ts";
export type { IgnoredBecause, IgnoredBySeverity, IgnoredCounts } from "./ignored.ts";
export type {
  GoesAway,
  ImageChange,
  ImageDigest,
  Retention,
  StaleItem,
  StaleReport,
  StaleState,
  StaleSummary,
} from "./stale-report.ts";
export type * from "./replay-report.ts";
export type { ExplainReport, Topic, TopicKind, TopicSection } from "./topic.ts";
export type { LabOutcome, LabPair, LabPlan, LabRun, LabStep, LabTwin, LabVariant, Placement } from "./lab.ts";
