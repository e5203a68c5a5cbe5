import type { ObjectRef, Time } from "../model/object.ts";
import type { Carrier, ClosesBecause, ExposureClass } from "../model/report.ts";
import type { Confidence } from "../model/credential.ts";
import type { CronJob, Ignored, Job, Pod, SecretEquality } from "../model/workload.ts";
import type { ExposureContext } from "./context.ts";

/** An object that carries credentials. */
export type Source = CronJob | Job | Pod;

/** What makes two findings one credential, and how a report names it. */
export interface Identity {
  /** Equal for carriers of one credential within one run; may hold a fingerprint, so it is never printed. */
  key: string;
  name: string;
  kind: string;
  confidence: Confidence;
  because: string;
  fingerprint: string | null;
  ref: { namespace: string; name: string; key: string | null } | null;
  serviceAccount: { namespace: string; name: string } | null;
  /** For literals: the Secrets that hold the same. */
  equals?: SecretEquality;
}

/** When a window opened: proved by `opens`, impossible before `notBefore`; `isBound` where the two differ. */
export interface Opening {
  opens: Time;
  notBefore: Time;
  isBound: boolean;
  because: string;
}

/** When a window closes. `at` null and `isBound`: at a time that nobody knows; `at` null alone: not as things stand. */
export interface Closing {
  at: Time | null;
  because: ClosesBecause;
  why: string;
  isBound: boolean;
  /** True where it had closed by the moment of the evidence although `at` is no earlier: what it hung on was gone. */
  over?: true;
  /** Where history limits count the object: how many more finished runs they wait for. */
  afterRuns?: number;
  /** What has to happen for `at` to hold. */
  assumes?: string;
}

/** The resources whose requests return a credential; which requests do is in rbac/edges. */
export type ReadResource = "pods" | "jobs" | "cronjobs" | "secrets" | "configmaps" | "pods/log";

/** The classes of credentials whose text stands where it is read. */
export const LITERAL_CLASSES: ReadonlySet<ExposureClass> = new Set<ExposureClass>([
  "literal-env",
  "literal-args",
  "literal-annotation",
  "configmap-env",
  "termination-message",
  "log",
]);

/** One way in which identities read a carrier: RBAC on an object, or the Node authorizer for the node of a pod. */
export type Access =
  | {
      by: "rbac";
      resource: ReadResource;
      namespace: string;
      name: string;
      /** The object is deleted: only list and watch read it back, at an old resourceVersion. */
      deleted?: true;
    }
  | {
      by: "node";
      node: string;
      /** When the node came to it, where that is not when the window opened. */
      since?: Time;
    };

/** A CronJob, Job or pod that uses what stands elsewhere; `containers` null: any container of the pod. */
export interface User {
  source: Source;
  containers: string[] | null;
}

/** One credential in one place of one object. */
export interface Found {
  identity: Identity;
  source: Source;
  path: string;
  /** The place independent of the object's kind and of list order. */
  field: string;
  opening: Opening;
  closing: Closing;
  /** The object that holds it, where that is not the source itself: a ConfigMap that the source names. */
  object?: ObjectRef;
  /** Containers that use it; null: any container of the pod. */
  containers: string[] | null;
  /** All that use it, where it is not the source alone: every run that names the ConfigMap. */
  users?: readonly User[];
  /** It is needed for runs to come, whenever these are, and so never at rest: a pull Secret of a CronJob that is not suspended. */
  standing?: true;
  access: Access[];
  /** What says that it is no finding. */
  ignored?: Ignored;
}

/** What a class needs to name the next step for one credential. */
export interface FixRequest {
  name: string;
  /** What the class itself found. */
  found: Found[];
  /** Everything that carries the credential, by class. */
  carriers: { class: ExposureClass; found: Found }[];
  /** Where everyone reads it, what ends that, a step each. */
  everyoneBy: string[];
  /** The Secrets that hold the same as a literal. */
  equals?: SecretEquality | undefined;
  context: ExposureContext;
}

/** One way in which a credential is exposed. Documentation and reports are read from the same object. */
export interface ExposureClassRule {
  id: ExposureClass;
  title: string;
  /** One sentence of at most 100 characters, for lists. */
  summary: string;
  /** What is readable. */
  what: string;
  /** Who reads it, by verb and resource. */
  readableBy: string;
  opens: string;
  closes: string;
  /** What it means to whoever runs the cluster, a sentence each. */
  why: readonly string[];
  /** What ends or prevents it, most effective first. */
  prevent: readonly string[];
  /** Rights and flags that the judgement takes. */
  needs: readonly string[];
  /** Kubernetes documents or files that this rests on. */
  source: string;
  find(context: ExposureContext): Found[];
  /** One exact next step, with kubectl's own commands. */
  fix(request: FixRequest): string;
}

/** Everything that a finding is about: what holds the credential, and what uses it. */
export function sourcesOf({ source, users }: Pick<Found, "source" | "users">): Source[] {
  return [source, ...(users ?? []).map((user) => user.source)];
}

/** The object in which the credential stands. */
export function objectOf({ object, source }: Found, context: ExposureContext): ObjectRef {
  return object ?? context.refOf(source);
}

/** The carrier as reports print it. */
export function carrierOf(id: ExposureClass, found: Found, context: ExposureContext): Carrier {
  return {
    class: id,
    object: objectOf(found, context),
    path: found.path,
    opens: found.opening.opens,
    opensNotBefore: found.opening.notBefore,
    opensIsBound: found.opening.isBound,
    opensBecause: found.opening.because,
    closes: found.closing.at,
    closesBecause: found.closing.because,
    closesWhy: found.closing.why,
    closesIsBound: found.closing.isBound,
    closesAfterRuns: found.closing.afterRuns ?? null,
    closesAssumes: found.closing.assumes ?? null,
    endsBy: null,
    savesHours: null,
  };
}
