import { instant } from "../batch/time.ts";
import type { CarrierReport, ExposureReport, ReaderReport, StaleReport } from "../model/report.ts";
import type { ObjectRef } from "../model/object.ts";

/** uids of the Jobs and pods through which something can still be read. */
export function carrying(report: ExposureReport | CarrierReport | ReaderReport): Set<string> {
  const now = instant(report.metadata.takenAt) ?? 0;
  const isOpen = ({ closes }: { closes: string | null }): boolean =>
    closes === null || (instant(closes) ?? Infinity) > now;
  switch (report.kind) {
    case "ExposureReport":
      return uidsOf(report.items.flatMap(({ carriers }) => carriers.filter(isOpen)));
    case "CarrierReport":
      return uidsOf(report.items.filter(isOpen));
    case "ReaderReport":
      return new Set();
  }
}

/** uids of what is listed. */
export function listed({ items }: StaleReport): Set<string> {
  return uidsOf(items);
}

function uidsOf(items: readonly { object: ObjectRef }[]): Set<string> {
  return new Set(items.flatMap(({ object }) => object.uid ?? []));
}
