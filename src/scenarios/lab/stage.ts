import type { Json } from "../../model/api.ts";
import type { LabOutcome, LabStep, Placement } from "../../model/lab.ts";
import type { AdversaryId, ControlId } from "../../model/replay-report.ts";

/** Where a run takes place, and by what names. */
export interface Place {
  /** `r` and eight hexadecimal digits. */
  run: string;
  /** The namespace of the twins, `cronaudit-lab-<run>`. */
  namespace: string;
  /** A second one, `cronaudit-lab-<run>-other`, that stands for all other namespaces of a cluster. */
  other: string;
  placement: Placement;
  /** The twins' image; with placement `container` it has sh, sha256sum and kubectl. */
  image: string;
  /** spec.nodeName of the twins' pods; null leaves it to the scheduler. */
  node: string | null;
}

/** One form of one workload in a run. */
export interface Twin {
  adversary: AdversaryId;
  form: "default" | "hardened";
  /** Begins the names of its objects: `1-default`, and of variants `1-hardened-no-ttl`. */
  name: string;
  /** Ids of the hardenings that are applied: none of the default form, all of the hardened one, fewer in a mutation. */
  hardenings: readonly string[];
  canary: Canary;
}

/** A random value that nobody uses. Reports, journals and logs have its fingerprint alone. */
export interface Canary {
  /** For the objects that carry it, and for nothing else. */
  readonly value: string;
  /** Keyed HMAC-SHA-256 by the run's key, 32 hexadecimal digits. */
  readonly fingerprint: string;
  /** Whether a text is the canary; told by its keyed hash. */
  is(text: string): boolean;
  /** Variables by which a container tells fingerprints of this run (lab/workload.ts): a process has no other key. */
  readonly hashing: readonly { name: string; value: string }[];
}

/** One field that the hardened form of a workload has and the default form lacks. */
export interface Hardening {
  id: string;
  /** Its path in the object, `spec.jobTemplate.spec.ttlSecondsAfterFinished`. */
  field: string;
  control: ControlId;
}

/** What the server answered one request of an actor; no answer at all is status null. */
export interface Answer {
  status: number | null;
  /** The reason that a Status gave; null of a gateway's answer, of none and of an object. The message may be in our words. */
  reason: string | null;
  message: string | null;
  body: Json;
  auditId: string;
}

/** Somebody who acts with credentials of the run's own, never the operator's. */
export interface Actor {
  /** `system:serviceaccount:NAMESPACE:NAME`. */
  readonly user: string;
  /** Sends one request and records it as a step; `shows` says what the answer showed. Refusals are answers, not errors. */
  request(
    request: { method: "GET" | "POST" | "PUT" | "PATCH"; path: string; body?: Json },
    shows: (answer: Answer) => string,
  ): Promise<Answer>;
  close(): Promise<void>;
}

/** What an attack has at hand. Everything that it does goes through here, and is recorded. */
export interface Stage {
  readonly place: Place;
  /** Makes one object of the run as the operator: labelled, its intent journalled before. Throws ApiError. */
  make(object: Json): Promise<Json>;
  /** Reads as the operator: to wait and to judge, never to attack. Null where it is not there. Throws ApiError. */
  find(path: string): Promise<Json | null>;
  /** As find, of a list; as the operator. */
  list(path: string): Promise<Json[]>;
  /** Another canary, for a second value of the same workload. */
  canary(): Canary;
  /**
   * Somebody who holds a token of ten minutes of this account, bound to this object of the run, so that it ends with it. Throws
   * Error where the server does not say that it takes them for this account.
   */
  actAs(
    account: { namespace: string; name: string },
    boundTo: { kind: "Pod" | "Secret"; name: string; uid: string },
  ): Promise<Actor>;
  /** Records what was done by no actor: by a controller, by a process in a container, by a person. */
  record(step: Omit<LabStep, "at">): void;
  /** Asks until the probe gives something; null where it gave nothing in so many seconds. */
  wait<T>(what: string, seconds: number, probe: () => Promise<T | null>): Promise<T | null>;
  /** Tells the person at the terminal something that they have to do or to wait for. */
  say(text: string): void;
}

/** What an attack came to; the stage adds the steps. */
export interface Judgement {
  outcome: LabOutcome;
  blockedBy: ControlId | null;
  because: string;
}

/** The lab of one adversary. */
export interface Lab {
  /** The control that is predicted to stop the hardened form. */
  predicted: ControlId;
  hardenings: readonly Hardening[];
  /** Where it differs from the threat model, in words. */
  differs: readonly string[];
  /** The most that one form takes, in seconds. */
  seconds: number;
  /** The objects of a form in the order in which they are made, without the labels of the run. Pure. */
  objects(place: Place, twin: Twin): Json[];
  /** Carries out the attack on a form whose objects were made, step by step. Throws ApiError where the operator's own requests fail. */
  attack(stage: Stage, twin: Twin): Promise<Judgement>;
  /** Where it needs somebody while it runs: `push …` (null where it cannot be done with this image), and how long it waits after it asked. */
  person?: { act(image: string): string | null; seconds: number };
  /** Other forms: which hardenings, under which name, and what is predicted. */
  variants: readonly { id: string; what: string; hardenings: readonly string[]; predicted: LabOutcome }[];
}
