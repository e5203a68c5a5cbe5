import type { Context } from "../cli/command.ts";
import { changesTo } from "../hold/fields.ts";
import type { HeldRecord } from "../hold/journal.ts";
import { titleOf, type Left } from "../hold/plan.ts";
import { planRelease } from "../hold/release.ts";
import { holdReport, leftItem } from "../hold/report.ts";
import type { HoldItem, HoldState } from "../model/hold.ts";
import { journalOf, readHolds } from "./hold-effects.ts";
import { gatherHeld, recordsFor } from "./hold-records.ts";
import { readQuestion } from "./question.ts";
import { render } from "./report.ts";

/** What the journal of this cluster says is held, compared with what stands there now; changes nothing. */
export async function listHolds(context: Context): Promise<number> {
  const question = readQuestion(context, false);
  const { snapshot } = await gatherHeld(context);
  const path = journalOf(context, snapshot.metadata);
  const { holds, notes } = await readHolds(path);
  const records = recordsFor(context, question, holds, { snapshot, path });
  const plan = planRelease(records, snapshot);
  const byUid = new Map(records.map((record) => [record.object.uid, record]));
  const item =
    (state: HoldState) =>
    (one: Left): HoldItem => {
      const record = byUid.get(one.object.uid);
      return { ...leftItem(one, state, record), changes: record === undefined ? [] : changesOf(record) };
    };
  const items = [
    ...plan.steps.map(({ object }) => item("held")({ object, because: "as the hold left it" })),
    ...plan.over.map(item("already")),
    ...plan.changed.map(item("changed")),
    ...plan.gone.map(item("gone")),
    ...[...plan.unknown, ...plan.unclear].map(item("unknown")),
  ];
  const open = holds.open.map(
    ({ object }) =>
      `whether ${titleOf(object)} is held is not known: a run was ended meanwhile; the next hold or release finds out`,
  );
  const report = holdReport(
    snapshot,
    items,
    {
      ...{ action: "list", dryRun: null, goesAtOnce: [], goesSoon: [], startsAtOnce: [], notHeld: [], mayDelete: null },
      journal: path,
    },
    [...notes, ...open],
  );
  await render(report, context, { verb: "hold", details: false, nowhere: null, unmet: null });
  return report.complete ? 0 : 3;
}

function changesOf({ before, after }: HeldRecord): HoldItem["changes"] {
  return changesTo(after, before);
}
