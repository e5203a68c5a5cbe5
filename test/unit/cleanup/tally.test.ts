import { expect, test } from "vitest";
import { completeWithTally, draftPlan } from "../../../src/cleanup/plan/index.ts";
import type { EndsTogether } from "../../../src/model/cleanup.ts";
import { cronJob, DAY, everything } from "../batch/objects.ts";
import { literal, run, seen, TOKEN } from "../exposure/objects.ts";
import { rules } from "./objects.ts";

const nothing = { owned: [], blindSpots: [] };
const backup = cronJob("backup");
const withToken = { pod: { tokens: [TOKEN] } };
const objects = [
  backup,
  ...run("backup-1", DAY, backup, [literal("a"), literal("b")], withToken),
  ...run("backup-2", 2 * DAY, backup, [literal("a")], withToken),
  ...run("export", 3 * DAY, null, [literal("c")]),
  ...run("import", 4 * DAY, null, [literal("c")]),
];

function planOf(only?: ReadonlySet<string>) {
  return completeWithTally(draftPlan(seen(objects), everything(), rules(), only), nothing);
}

function endsOf({ exposures, exposuresClosed, tokens, savesHours, savesHoursAMonth }: EndsTogether): EndsTogether {
  return { exposures, exposuresClosed, tokens, savesHours, savesHoursAMonth };
}

test("a plan of these alone is limited to them", () => {
  expect(planOf(new Set(["uid-export"])).plan.items.map(({ object }) => object.name)).toEqual(["export"]);
  // A selection without objects would take everything.
  expect(planOf(new Set()).plan.items).toEqual([]);
});

test("every choice ends what a plan of it alone ends", () => {
  const { plan, tally } = planOf();
  const uids = plan.items.map(({ object }) => object.uid!);
  expect(uids).toHaveLength(4);
  for (let bits = 0; bits < 2 ** uids.length; bits++) {
    const chosen = new Set(uids.filter((_, at) => (bits & (1 << at)) !== 0));
    expect(tally(chosen), [...chosen].join()).toEqual(endsOf(planOf(chosen).plan.summary));
  }
  expect(tally(new Set(uids))).toEqual(endsOf(plan.summary));
  expect(plan.summary.tokens).toBeGreaterThan(0);
  expect(plan.summary.exposuresClosed).toBeGreaterThan(0);
});
