import type { CleanupChange, ResourceName } from "../../model/cleanup.ts";
import type { ChangeDone, ChosenItem } from "../../model/journal.ts";
import type { Wanted } from "../bundle/fetch.ts";
import { CRON_JOBS, SECRETS } from "../plan/ways.ts";
import type { Kept } from "../recheck.ts";
import { Stopped } from "../work.ts";
import type { Work } from "../work.ts";
import { ofCronJob } from "./cronjob.ts";
import { make } from "./make.ts";
import { ofToken } from "./token.ts";
import { vouchersOf } from "./vouch.ts";

/** The changes of a run, and how far they are. */
export interface Changing {
  changes: readonly CleanupChange[];
  /** What became of each, by changeKey. */
  changed: Map<string, ChangeDone>;
  /** Keys of those that were asked for before, without an outcome in the journal. */
  changesAsked: ReadonlySet<string>;
  /** uid of the chosen object that each follows from, by changeKey; as it was found before the first deletion. */
  vouched: Map<string, string>;
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
  if (stage === "before") await find(run, kept, work);
  for (const change of changes) {
    const key = keyOf(change);
    if ((change.way === "suspend") !== (stage === "before") || isSettled(run, key)) continue;
    if (work.signal.aborted) throw new Stopped("interrupted");
    work.progress(`${change.way}: ${change.object.kind.toLowerCase()}/${change.object.name}`);
    const done = await makeOne(change, { run, kept, wasAsked: changesAsked.has(key) }, work);
    await work.reached("change: outcome");
    await work.journal?.write({ step: "change-outcome", way: change.way, uid: change.object.uid ?? "", ...done });
    changed.set(key, done);
    await work.reached("change: settled");
  }
}

/** False where it is still to be made, or a read has still to tell whether it was. */
export function isSettled({ changed }: Pick<Changing, "changed">, key: string): boolean {
  const outcome = changed.get(key)?.outcome;
  return outcome !== undefined && outcome !== "unknown";
}

/** Finds what the changes follow from while it is still there; the journal keeps it for a run that goes on later. */
async function find(run: Changing, kept: Kept, work: Work): Promise<void> {
  const { changes, chosen, vouched } = run;
  const left = changes.filter((change) => {
    const key = keyOf(change);
    const isOpen = change.decision === "change" && !isSettled(run, key) && !vouched.has(key);
    return isOpen && unfounded(change, work) === null && !isNamed(change, work);
  });
  const vouchers = await stopping(vouchersOf(left, chosen, kept, work));
  for (const [at, by] of vouchers.entries()) {
    const { way, object } = left[at]!;
    if (by === null) continue;
    await work.journal?.write({ step: "vouched", way, uid: object.uid ?? "", by });
    vouched.set(keyOf(left[at]!), by);
  }
}

function keyOf({ way, object }: CleanupChange): string {
  return changeKey({ way, uid: object.uid });
}

async function makeOne(
  change: CleanupChange,
  { run, kept, wasAsked }: { run: Changing; kept: Kept; wasAsked: boolean },
  work: Work,
): Promise<ChangeDone> {
  if (change.decision === "refuse") return { outcome: "refused", because: change.refusedBecause ?? "" };
  const isFounded = isNamed(change, work) || run.vouched.has(keyOf(change));
  const because = unfounded(change, work) ?? (isFounded ? null : goesWithNothing(change));
  if (because !== null) return { outcome: "refused", because };
  const chosen = new Set(run.chosen.map(({ object }) => object.uid ?? ""));
  const also = work.rules.also.find(({ way }) => way === change.way)!;
  const lookAgain =
    change.way === "delete-token" ? ofToken(change, kept, work) : ofCronJob(change, also, { chosen, kept }, work);
  return stopping(make(change, wasAsked, lookAgain, work));
}

async function stopping<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ApiError") throw error;
    throw new Stopped(error.message, { cause: error });
  }
}

/** A plan may come from anywhere: its changes have to be such as its own rules ask for. */
function unfounded({ way, object, resource }: CleanupChange, { rules }: Work): string | null {
  const [kind, wanted] = way === "delete-token" ? (["Secret", SECRETS] as const) : (["CronJob", CRON_JOBS] as const);
  const isSound =
    rules.also.some((also) => also.way === way) &&
    object.kind === kind &&
    isSame(resource, wanted) &&
    object.namespace !== null &&
    object.uid !== null;
  return isSound ? null : "the plan's rules ask for no such change";
}

function isSame(a: ResourceName, b: ResourceName): boolean {
  return a.group === b.group && a.version === b.version && a.resource === b.resource;
}

function goesWithNothing({ way }: CleanupChange): string {
  return way === "delete-token"
    ? "nothing that was chosen and may go now names it"
    : "it goes with nothing that was chosen";
}

/** A CronJob that is named is changed for its own sake. */
function isNamed({ object: { kind, namespace, name } }: CleanupChange, { rules: { named } }: Work): boolean {
  return (
    kind === "CronJob" && named.some((one) => one.kind === kind && one.namespace === namespace && one.name === name)
  );
}
