import type { CleanupChange } from "../../model/cleanup.ts";
import type { ChangeDone, ChosenItem } from "../../model/journal.ts";
import type { Wanted } from "../bundle/fetch.ts";
import type { Kept } from "../recheck.ts";
import { Stopped } from "../work.ts";
import type { Work } from "../work.ts";
import { ofCronJob } from "./cronjob.ts";
import { make } from "./make.ts";
import { ofToken } from "./token.ts";

/** The changes of a run, and how far they are. */
export interface Changing {
  changes: readonly CleanupChange[];
  /** What became of each, by changeKey. */
  changed: Map<string, ChangeDone>;
  /** Keys of those that were asked for before, without an outcome in the journal. */
  changesAsked: ReadonlySet<string>;
  chosen: readonly ChosenItem[];
}

/** Tells changes apart: one way changes one object once. */
export function changeKey({ way, uid }: { way: CleanupChange["way"]; uid: string | null }): string {
  return `${way} ${uid ?? ""}`;
}

/** What the evidence holds besides what is deleted: the objects that are changed, as they were. */
export function changedObjects({ changes }: Pick<Changing, "changes">): Wanted[] {
  return changes.filter(({ object, decision }) => object.uid !== null && decision === "change");
}

/**
 * Makes the changes of one stage, one after the other: suspending stops the clock before the first deletion, the others come
 * after all of them. Throws Stopped where the run was interrupted or can go no further.
 */
export async function makeChanges(run: Changing, stage: "before" | "after", kept: Kept, work: Work): Promise<void> {
  const { changes, changed, changesAsked } = run;
  for (const change of changes) {
    const key = changeKey({ way: change.way, uid: change.object.uid });
    if ((change.way === "suspend") !== (stage === "before") || changed.has(key)) continue;
    if (work.signal.aborted) throw new Stopped("interrupted");
    work.progress(`${change.way}: ${change.object.kind.toLowerCase()}/${change.object.name}`);
    const done = await makeOne(change, { run, kept, wasAsked: changesAsked.has(key) }, work);
    await work.reached("change: outcome");
    await work.journal?.write({ step: "change-outcome", way: change.way, uid: change.object.uid ?? "", ...done });
    changed.set(key, done);
    await work.reached("change: settled");
  }
}

async function makeOne(
  change: CleanupChange,
  { run, kept, wasAsked }: { run: Changing; kept: Kept; wasAsked: boolean },
  work: Work,
): Promise<ChangeDone> {
  if (change.decision === "refuse") return { outcome: "refused", because: change.refusedBecause ?? "" };
  const because = unfounded(change, run, work);
  if (because !== null) return { outcome: "refused", because };
  const chosen = new Set(run.chosen.map(({ object }) => object.uid ?? ""));
  const also = work.rules.also.find(({ way }) => way === change.way)!;
  const lookAgain = change.way === "delete-token" ? ofToken(change, kept, work) : ofCronJob(change, also, chosen, work);
  try {
    return await make(change, wasAsked, lookAgain, work);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ApiError") throw error;
    throw new Stopped(error.message, { cause: error });
  }
}

/** A plan may come from anywhere: its changes have to follow from its own rules and from what was chosen of it. */
function unfounded(
  { way, object, resource, items }: CleanupChange,
  { chosen }: Changing,
  { rules }: Work,
): string | null {
  const isToken = way === "delete-token";
  const [kind, plural] = isToken ? ["Secret", "secrets"] : ["CronJob", "cronjobs"];
  const isSound =
    rules.also.some((also) => also.way === way) &&
    object.kind === kind &&
    resource.resource === plural &&
    object.uid !== null;
  if (!isSound) return "the plan's rules ask for no such change";
  if (!isToken && isNamedIn(rules.named, object)) return null;
  const goesWith = (item: ChosenItem): boolean =>
    items.includes(item.object.uid ?? "") &&
    item.object.namespace === object.namespace &&
    (isToken || item.object.kind === "Pod" || item.owner?.uid === object.uid);
  return chosen.some(goesWith) ? null : "it goes with nothing that was chosen";
}

function isNamedIn(named: Work["rules"]["named"], { kind, namespace, name }: CleanupChange["object"]): boolean {
  return named.some((one) => one.kind === kind && one.namespace === namespace && one.name === name);
}
