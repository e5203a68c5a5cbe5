import { podFinished } from "../../batch/finish.ts";
import type { Found, Source } from "../../exposure/class.ts";
import { isWritten, type Carried } from "../../exposure/identity.ts";
import { isClosed, windowOf, type Judged } from "../../exposure/judged.ts";
import { visibleTo } from "../../exposure/visible.ts";
import { compareTimes } from "../../exposure/windows.ts";
import type { AssessContext, ReplayWorkload } from "../context.ts";

/** A credential that stands as text, with those of its carriers that are of one workload and still open. */
export interface Text {
  judged: Judged;
  carriers: readonly Carried[];
}

/** A Text with the carriers that the adversary reads, the one that tells most first. */
export interface Read {
  judged: Judged;
  carriers: readonly [Carried, ...Carried[]];
}

/** Finds the texts of a workload; what the operator's rules file ignores is none. Linear in all carriers, once. */
export function textsOf({ judgement }: AssessContext): (workload: ReplayWorkload) => readonly Text[] {
  const { context, judged } = judgement;
  const byRoot = new Map<string, Text[]>();
  for (const one of judged) {
    if (one.item.ignored?.confirmed === true) continue;
    const open = one.carriers.filter(
      (carried) => isWritten(carried) && !isClosed(carried.found, windowOf(carried.found, context), context),
    );
    for (const [uid, carriers] of Map.groupBy(open, ({ found }) => context.rootOf(found.source).meta.uid))
      byRoot.getOrInsertComputed(uid, () => []).push({ judged: one, carriers });
  }
  return ({ object }) => byRoot.get(object.meta.uid) ?? [];
}

/**
 * What the adversary reads of them. With a position: whatever RBAC and the Node authorizer let it. Without one: what pods
 * get and list return, so no log. A ConfigMap is another object than the run.
 */
export function readsOf({ from, judgement }: AssessContext, texts: readonly Text[]): Read[] {
  return texts.flatMap(({ judged, carriers }): Read[] => {
    const inRuns = carriers.filter(isInRun);
    const read = from.length === 0 ? inRuns.filter(isInPodObject) : visibleTo(inRuns, from, judgement.world.rbac);
    const [best, ...others] = read.toSorted(mostTelling);
    return best === undefined ? [] : [{ judged, carriers: [best, ...others] }];
  });
}

/** True where it stands in the CronJob, Job or pod, or what the pod printed. */
export function isInRun({ rule }: Carried): boolean {
  return rule.id !== "configmap-env";
}

/** True where pods get and list return it. */
export function isInPodObject({ rule, found }: Carried): boolean {
  return found.source.kind === "Pod" && isInRun({ rule, found }) && rule.id !== "log";
}

/** An annotation of the object itself: that of a CronJob or Job is in none of its pods. */
const OWN_ANNOTATION = /^metadata\.annotations\[/;

/** True where the runs of a template get it, or a Job or pod holds it: not the CronJob's own annotations, no log. */
export function isOfRuns({ rule, found }: Carried): boolean {
  if (rule.id === "configmap-env" || rule.id === "log") return false;
  return found.source.kind !== "CronJob" || !OWN_ANNOTATION.test(found.field);
}

/** True where pods of the object get it with their template, or it is a pod. */
export function isOfPods(carried: Carried): boolean {
  const { source, field } = carried.found;
  return isOfRuns(carried) && (source.kind === "Pod" || !OWN_ANNOTATION.test(field));
}

/** True for a credential that is recognised as more than possible. */
export function isSure({ judged }: Pick<Text, "judged">): boolean {
  return judged.item.credential.confidence !== "possible";
}

/** Where a credential is read, from what the threat model describes to what is farthest from it. */
export const PLACES = ["finished pod", "unfinished pod", "job", "cronjob"] as const;

/** The kind of place in which it stands. */
export function placeOf(source: Source): (typeof PLACES)[number] {
  if (source.kind === "Pod") return podFinished(source) ? "finished pod" : "unfinished pod";
  return source.kind === "Job" ? "job" : "cronjob";
}

function mostTelling(a: Carried, b: Carried): number {
  return (
    PLACES.indexOf(placeOf(a.found.source)) - PLACES.indexOf(placeOf(b.found.source)) ||
    compareTimes(a.found.opening.opens, b.found.opening.opens) ||
    compareText(placeKey(a.found), placeKey(b.found))
  );
}

function placeKey({ source, path }: Found): string {
  return `${source.meta.name} ${source.meta.uid} ${path}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
