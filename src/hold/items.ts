import type { HoldItem, HoldState } from "../model/hold.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { CronJob, Job } from "../model/workload.ts";
import { whatIsSeen } from "../scope/seen.ts";
import type { Applied } from "./apply.ts";
import { changesTo, fieldsOf } from "./fields.ts";
import type { HeldRecord, Holds } from "./journal.ts";
import { isHold } from "./managers.ts";
import type { HoldPlan, Left } from "./plan.ts";
import { appliedItem, leftItem } from "./report.ts";

/**
 * The items of a hold, one for each object: what was done with it counts before what a later look says. `plan` is that of the
 * last look; what it would still change was found too late.
 */
export function heldItems(
  applied: readonly Applied[],
  plan: HoldPlan,
  { held }: Pick<Holds, "held">,
  snapshot: Snapshot,
): HoldItem[] {
  const items = new Map<string, HoldItem>();
  const verified = verifier(snapshot);
  const others = holdsOfOthers(snapshot);
  const add = (state: HoldState, { object, because }: Left): void => {
    const record = held.get(object.uid ?? "");
    const said =
      state === "already" ? [because, ...aboutHold(record, others.has(object.uid ?? ""))].join("; ") : because;
    items.set(object.uid ?? "", leftItem({ object, because: said }, state, state === "cannot" ? undefined : record));
  };
  for (const one of plan.already) add("already", one);
  for (const one of plan.cannot) add("cannot", one);
  for (const { object } of plan.steps)
    add("failed", { object, because: "it was found at the last look: hold it again" });
  for (const one of applied) {
    const uid = one.step.object.uid ?? "";
    items.set(uid, verified(appliedItem(one, held.get(uid))));
  }
  return [...items.values()];
}

/** uids of objects that a hold changed, of whatever journal. */
function holdsOfOthers({ cronjobs, jobs }: Snapshot): Set<string> {
  const all: (CronJob | Job)[] = [...cronjobs, ...jobs];
  const isHeld = ({ meta }: CronJob | Job): boolean => meta.managedFields.some(({ manager }) => isHold(manager));
  return new Set(all.filter(isHeld).map(({ meta }) => meta.uid));
}

function aboutHold(record: HeldRecord | undefined, isHeld: boolean): string[] {
  if (record === undefined)
    return isHeld ? ["another hold did that, which is not in this journal: its release ends it"] : [];
  return record.unclear.length === 0
    ? []
    : ["whether this hold or somebody else did that cannot be told, and the release leaves it as it is"];
}

/** What was held, as a later look shows it: somebody may have put it back, and what was about to go may have gone. */
function verifier(snapshot: Snapshot): (item: HoldItem) => HoldItem {
  const all: (CronJob | Job)[] = [...snapshot.cronjobs, ...snapshot.jobs];
  const byUid = new Map(all.map((one) => [one.meta.uid, one]));
  const seen = whatIsSeen(snapshot);
  return (item) => {
    if (item.state !== "held") return item;
    const { uid, kind, namespace } = item.object;
    const found = byUid.get(uid ?? "");
    if (found !== undefined) return verified(item, found);
    const isSeen = seen(kind === "Job" ? "jobs" : "cronjobs", namespace) === null;
    return isSeen ? { ...item, state: "gone", because: "it was held, and is gone all the same" } : item;
  };
}

function verified(item: HoldItem, found: CronJob | Job): HoldItem {
  if (found.meta.deletionTimestamp !== null) {
    return { ...item, state: "cannot", because: "its deletion had been asked for" };
  }
  const wanted = Object.fromEntries(item.changes.map(({ field, to }) => [field, to]));
  const undone = changesTo(wanted, fieldsOf(found));
  if (undone.length === 0) return item;
  const fields = undone.map(({ field, from }) => `spec.${field} is ${String(from)} again`).join(", ");
  return { ...item, state: "changed", because: `${fields}: something puts it back` };
}
