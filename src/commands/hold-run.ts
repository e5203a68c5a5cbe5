import { indexOwners, type Owners } from "../batch/owners.ts";
import type { Context } from "../cli/command.ts";
import { CommandError, Interrupted, UsageError } from "../cli/errors.ts";
import { applySteps, type Again, type Applied, type Effects } from "../hold/apply.ts";
import { changesTo } from "../hold/fields.ts";
import type { Holds } from "../hold/journal.ts";
import { heldItems } from "../hold/items.ts";
import { mayDelete } from "../hold/may-delete.ts";
import { notHeld } from "../hold/not-held.ts";
import { concerned, planHold, titleOf, type HoldPlan, type HoldStep } from "../hold/plan.ts";
import { holdReport, isWanting } from "../hold/report.ts";
import type { Selection } from "../model/selection.ts";
import type { Resource, Snapshot } from "../model/snapshot.ts";
import { changesText } from "../output/views/hold.ts";
import { compileRbac } from "../rbac/compile.ts";
import { gatherEvidence } from "./evidence.ts";
import { consent } from "./hold-ask.ts";
import { farewell, journalOf, openHands, readHolds, settle, type Hands } from "./hold-effects.ts";
import { readQuestion, selectionFor, type Question } from "./question.ts";
import { render } from "./report.ts";
import { selectorsOf } from "./unmatched.ts";

/** What starts or is made while the hold is under way is held too, by so many looks. */
const LOOKS = 3;
const SHOWN = 10;

const again: Again = ({ changes }, fields) => {
  const left = changesTo(Object.fromEntries(changes.map(({ field, to }) => [field, to])), fields);
  return left.length > 0 ? left : { state: "already", because: "somebody else made the same change" };
};

/** Holds what is selected, and says what cannot be held; status 0 only where all of it is. */
export async function holdObjects(
  context: Context,
  needs: readonly Resource[],
  reached?: Effects["reached"],
): Promise<number> {
  const question = readQuestion(context, false);
  refuseAccounts(question);
  const pods = question.named.some((one) => one.what === "object" && one.type.kind === "Pod");
  // As little as it takes: a TTL may end meanwhile. The rest is asked when all is held.
  const first = await gatherEvidence(context, pods ? ["cronjobs", "jobs", "pods"] : ["cronjobs", "jobs"]);
  const { snapshot } = first;
  const selection = selectionFor(question, snapshot, context);
  const plan = planHold(snapshot, selection, indexOwners(snapshot));
  if (isEmpty(plan) && context.options.selector !== null) {
    throw new CommandError(`no CronJob or Job matches ${selectorsOf(context.options)}`, "Check the selector.");
  }
  if (!(await isMeant(context, question, plan, selection))) throw new CommandError("nothing was held");
  const path = journalOf(context, snapshot.metadata);
  const done = await carryOut(context, { snapshot, selection, plan, path, needs, reached });
  const report = done.report;
  await render(report, context, { verb: "hold", details: question.named.length > 0, nowhere: null, unmet: null });
  return isWanting(report) ? 2 : report.complete ? 0 : 3;
}

function refuseAccounts({ named }: Question): void {
  const other = named.find((one) => one.what === "object" && one.type.kind === "ServiceAccount");
  if (other !== undefined) throw new UsageError("hold takes CronJobs, Jobs and pods, and no ServiceAccount");
}

function isEmpty({ steps, already, cannot }: HoldPlan): boolean {
  return steps.length + already.length + cannot.length === 0;
}

/** Whoever names one object means it; of more than that, such as of several namespaces, the person is asked. */
async function isMeant(
  context: Context,
  { named }: Question,
  { steps }: HoldPlan,
  { objects }: Selection,
): Promise<boolean> {
  const isNamed = named.length > 0 && named.every((one) => one.what === "object" && one.name !== null);
  const isOneEach = new Set(objects.map(titleOf)).size === objects.length;
  if ((isNamed && isOneEach) || context.options["dry-run"] !== null || steps.length === 0) return true;
  const lines = steps
    .slice(0, SHOWN)
    .map((step) => `${titleOf(step.object)} (${step.object.namespace ?? ""}): ${changesText(step)}`);
  const more = steps.length - SHOWN;
  const [cronJobs, jobs] = ["CronJob", "Job"].map((one) =>
    String(steps.filter(({ object }) => object.kind === one).length),
  );
  const suspended = String(steps.filter(({ changes }) => changes.some(({ field }) => field === "suspend")).length);
  return consent(
    context,
    more > 0 ? [...lines, `and ${String(more)} more`] : lines,
    `Hold CronJobs: ${cronJobs!} (suspended by it: ${suspended}), Jobs: ${jobs!}?`,
  );
}

interface Given {
  snapshot: Snapshot;
  selection: Selection;
  plan: HoldPlan;
  path: string;
  needs: readonly Resource[];
  reached: Effects["reached"] | undefined;
}

type Report = ReturnType<typeof holdReport>;

async function carryOut(context: Context, given: Given): Promise<{ report: Report }> {
  const { selection, path } = given;
  const dryRun = context.options["dry-run"];
  const applied = new Map<string, Applied>();
  const { snapshot, plan, holds, notes } =
    dryRun === "client" ? await onlySay(context, given, applied) : await change(context, given, applied);
  const owners = indexOwners(snapshot);
  const items = heldItems([...applied.values()], plan, holds, snapshot);
  const report = holdReport(
    snapshot,
    items,
    {
      ...{ action: "hold", dryRun, goesAtOnce: [], goesSoon: [], startsAtOnce: [] },
      ...around(snapshot, selection, owners),
      journal: dryRun === null ? path : null,
    },
    notes,
  );
  return { report };
}

/** What the last look saw, and what the journal says. */
interface Looked {
  snapshot: Snapshot;
  plan: HoldPlan;
  holds: Holds;
  notes: string[];
}

async function onlySay(context: Context, { plan, path, needs }: Given, applied: Map<string, Applied>): Promise<Looked> {
  for (const step of plan.steps)
    applied.set(step.object.uid ?? "", { step, state: "would-hold", because: step.because });
  const told = await readHolds(path);
  return { ...told, plan, snapshot: (await gatherEvidence(context, needs)).snapshot };
}

async function change(context: Context, given: Given, applied: Map<string, Applied>): Promise<Looked> {
  const { selection, path, needs } = given;
  const dryRun = context.options["dry-run"] !== null;
  const tell = (one: Applied): unknown => applied.set(one.step.object.uid ?? "", one);
  let { snapshot, plan } = given;
  const untried = (): HoldStep[] => plan.steps.filter(({ object }) => !applied.has(object.uid ?? ""));
  const hands: Hands = await openHands(context, snapshot.metadata, path, given.reached);
  try {
    // Before anything is changed: what an earlier run left open is told from the objects as that left them.
    const before = dryRun ? [] : (await settle(hands, path)).notes;
    for (let looks = 1; ; looks++) {
      const how = { action: "hold", again, readsFirst: false, dryRun, tell } as const;
      for (const one of await applySteps(untried(), how, hands)) tell(one);
      if (hands.stopped()) throw new Interrupted();
      snapshot = (await gatherEvidence(context, needs)).snapshot;
      const next = planHold(snapshot, selection, indexOwners(snapshot));
      plan = { ...next, cannot: [...plan.cannot, ...next.cannot] };
      if (dryRun || looks === LOOKS || untried().length === 0) break;
    }
    const { holds, notes } = dryRun ? await readHolds(path) : await settle(hands, path);
    return { holds, notes: [...new Set([...before, ...notes])], plan, snapshot };
  } catch (error) {
    farewell(context, [...applied.values()], "held");
    throw error;
  } finally {
    await hands.close();
  }
}

function around(
  snapshot: Snapshot,
  selection: Selection,
  owners: Owners,
): Pick<Report["summary"], "notHeld" | "mayDelete"> {
  const all = concerned(snapshot, selection, owners);
  const objects = [...all.cronJobs.keys(), ...all.jobs, ...all.barePods].map(({ kind, meta }) => ({
    ...{ kind, namespace: meta.namespace, name: meta.name, uid: meta.uid },
  }));
  return { notHeld: notHeld(all, owners), mayDelete: mayDelete(compileRbac(snapshot), objects) };
}
