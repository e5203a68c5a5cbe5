import { isTransientFinalizer } from "../../batch/deletion.ts";
import type { CleanupRules, Dependent } from "../../model/cleanup.ts";
import { PROTECT_ANNOTATION } from "../../model/annotations.ts";
import { choose, refuse, type Verdict } from "./eligible.ts";
import type { Below } from "./tree.ts";

/** What is known about the things that would go along with one object. */
export interface Along {
  below: readonly Below[];
  dependents: readonly Dependent[];
  /** uids of Jobs and pods that have not finished. */
  isUnfinished(uid: string): boolean;
  /** The object may be stopped although it runs. */
  mayStop: boolean;
  /** What hides dependents here, or null. */
  unseen: string | null;
}

const SHOWN = 3;

/** Held for as long as a pod that has not finished uses it; what goes along has finished. */
const PVC_PROTECTION = "kubernetes.io/pvc-protection";

/** The verdict once it is known what goes along: nothing that is kept, that runs or that nobody saw goes by itself. */
export function withDependents(verdict: Verdict, along: Along, rules: CleanupRules): Verdict {
  if (verdict.decision === "refuse") return verdict;
  return kept(along) ?? running(along) ?? hidden(along, rules) ?? chosen(verdict, along, rules);
}

function kept({ below }: Along): Verdict | null {
  const keeper = below.find(({ owned }) => owned.isProtected);
  if (keeper === undefined) return null;
  return refuse(
    "protected",
    `${titleOf(keeper.owned)} would go along, and carries the annotation ${PROTECT_ANNOTATION}`,
  );
}

function running({ below, isUnfinished, mayStop }: Along): Verdict | null {
  const runs = mayStop ? undefined : below.find(({ owned }) => isUnfinished(owned.object.uid!));
  return runs === undefined ? null : refuse("active", `${titleOf(runs.owned)} would go along, and has not finished`);
}

function hidden({ unseen }: Along, { yesUnseen }: CleanupRules): Verdict | null {
  if (unseen === null || yesUnseen) return null;
  return refuse(
    "unseen-dependents",
    `what else would go along was not all seen (${unseen}): --yes-unseen accepts that`,
  );
}

/** Every reason for which it needs a choice of its own, in one sentence. */
function chosen(verdict: Verdict, { dependents }: Along, { include }: CleanupRules): Verdict {
  const needing = dependents.filter((one) => one.needsChoice && !include.includes(resourceText(one)));
  const held = dependents.filter(({ finalizers }) =>
    finalizers.some((one) => !isTransientFinalizer(one) && one !== PVC_PROTECTION),
  );
  const reasons = [
    ...(verdict.needsBecause === null ? [] : [verdict.needsBecause]),
    ...(needing.length === 0 ? [] : [`owns more than its pods: ${some(needing)}`]),
    ...(held.length === 0 ? [] : [`a finalizer holds ${some(held)}`]),
  ];
  return reasons.length === 0 ? verdict : choose(reasons.join("; "));
}

/** `secrets`, `workloads.kueue.x-k8s.io`: as --include names it. */
export function resourceText({ resource }: Pick<Dependent, "resource">): string {
  return resource.group === "" ? resource.resource : `${resource.resource}.${resource.group}`;
}

function titleOf({ object }: Pick<Dependent, "object">): string {
  return `${object.kind.toLowerCase()}/${object.name}`;
}

function some(dependents: readonly Dependent[]): string {
  const shown = dependents.slice(0, SHOWN).map((one) => `${titleOf(one)}${one.shared ? " (has other owners)" : ""}`);
  const more = dependents.length - shown.length;
  return shown.join(", ") + (more > 0 ? ` and ${String(more)} more` : "");
}
