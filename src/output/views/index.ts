import type { Report } from "../../model/report.ts";
import type { View, ViewOptions } from "../view.ts";
import { accessView } from "./access.ts";
import { cleanupPlanView } from "./cleanup-plan.ts";
import { cleanupResultView } from "./cleanup-result.ts";
import { carrierView } from "./exposure-by-carrier.ts";
import { readerView } from "./exposure-by-reader.ts";
import { exposureView } from "./exposure.ts";
import { holdView } from "./hold.ts";
import { replayView } from "./replay.ts";
import { staleView } from "./stale.ts";
import { triageView } from "./triage.ts";

/** The view of a report, whichever it is. */
export function viewOf(report: Report, options: ViewOptions): View {
  switch (report.kind) {
    case "TriageReport":
      return triageView(report, options);
    case "ExposureReport":
      return exposureView(report, options);
    case "CarrierReport":
      return carrierView(report, options);
    case "ReaderReport":
      return readerView(report, options);
    case "StaleReport":
      return staleView(report, options);
    case "HoldReport":
      return holdView(report, options);
    case "AccessReport":
      return accessView(report, options);
    case "CleanupPlan":
      return cleanupPlanView(report, options);
    case "CleanupResult":
      return cleanupResultView(report, options);
    case "ReplayReport":
      return replayView(report, options);
  }
}
