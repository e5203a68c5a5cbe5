import { expect } from "vitest";
import type { ExposureItem, ExposureReport } from "../../../src/model/report.ts";
import type { Stored } from "../../control-plane/story.ts";
import type { Beginning } from "./carriers.ts";
import { created, hoursBetween, podEnded, refOf, started, type Run } from "./facts.ts";
import type { OnStage } from "./stage.ts";

/** The one item of this name that a workload brought; by the template it is still in, or no longer. */
export async function itemOf(
  onStage: OnStage,
  workload: Stored,
  name: string,
  removedFromTemplate = false,
): Promise<ExposureItem> {
  const { items } = await onStage().report<ExposureReport>("exposure");
  const found = items.filter(
    (item) =>
      item.credential.name === name &&
      item.workload.uid === workload["metadata"].uid &&
      item.removedFromTemplate === removedFromTemplate,
  );
  expect(found, `${name} of ${String(workload["metadata"].name)}`).toHaveLength(1);
  expect(found[0]!.workload).toEqual(refOf(workload));
  return found[0]!;
}

/** Hours from the opening to the report without those in which the pods of the runs ran, and when the last of them ended. */
export function expectAtRest(item: ExposureItem, takenAt: string, opens: string, runs: Run[]): void {
  const used = runs.map(({ pod }) => hoursBetween(started(pod), podEnded(pod)));
  const hours = hoursBetween(opens, takenAt) - used.reduce((a, b) => a + b, 0);
  expect(item.atRestHours.soFar).toBeCloseTo(hours, 1);
  expect(item.neededUntil).toBe(
    runs
      .map(({ pod }) => podEnded(pod))
      .sort()
      .at(-1),
  );
}

/** A CronJob's template may have changed after its creation: proved is when kubectl last wrote it. */
export function sinceApplied(cronJob: Stored): Beginning {
  const applies = cronJob["metadata"].managedFields.filter(
    ({ manager, subresource }: Stored) => manager === "kubectl-client-side-apply" && subresource === undefined,
  );
  expect(applies).toHaveLength(1);
  const opens: string = applies[0].time;
  const exact = opens === created(cronJob);
  const opensBecause = exact ? /created with it/ : /field manager owns/;
  return { opens, opensNotBefore: created(cronJob), opensIsBound: !exact, opensBecause };
}
