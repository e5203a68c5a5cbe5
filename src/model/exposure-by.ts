import type { ObjectRef, Time } from "./object.ts";
import type { ClosesBecause, Envelope, ExposureClass, ExposureSummary, Severity, SubjectRef } from "./report.ts";

/** One object with all credentials that it carries (`exposure --by carrier`). */
export interface CarrierItem {
  object: ObjectRef;
  /** The CronJob, Job or pod at the top of its owner chain. */
  workload: ObjectRef;
  /** The worst of its credentials. */
  severity: Severity;
  /** Ids of the ExposureItems that it carries. */
  credentials: string[];
  classes: ExposureClass[];
  /** The first of its windows to open, the last to close; `closes` null where one has no known end. */
  opens: Time;
  opensIsBound: boolean;
  closes: Time | null;
  closesBecause: ClosesBecause;
  closesWhy: string;
  closesIsBound: boolean;
  closesAssumes: string | null;
  /** Hours of its own windows, a sum over its credentials; other carriers may hold the same credential for longer. */
  atRestHours: { soFar: number; projected: number | null };
  /** Who reads any of it through this object. */
  readers: { everyone: boolean; count: number | null; folded: number };
  /** As in a Carrier. */
  endsBy: string | null;
  /** Hours at rest that ending all of its windows now saves; null where one has no end. */
  savesHours: number | null;
}

export type CarrierReport = Envelope<"CarrierReport", ExposureSummary, CarrierItem>;

/** One identity with all credentials that it reads (`exposure --by reader`). */
export interface ReaderItem {
  subject: SubjectRef;
  /** True for system:authenticated, system:unauthenticated and all ServiceAccounts. */
  everyone: boolean;
  /** The worst of what it reads. */
  severity: Severity;
  /** Ids of the ExposureItems that it reads. */
  credentials: string[];
  /** Objects through which it reads them. */
  carriers: number;
  /** Edge ids (rbac/edges). */
  through: string[];
  /** When the first of its windows opened, by grants that are proved; null where nothing dates its grants. */
  since: Time | null;
  /** Hours at rest of the windows in which it could read, a sum over the credentials. */
  atRestHours: { soFar: number; projected: number | null };
}

export type ReaderReport = Envelope<"ReaderReport", ExposureSummary, ReaderItem>;
