import type { ExposureItem, ExposureReport } from "../../model/report.ts";
import type { ViewOptions } from "../view.ts";
import { legendOf } from "./legend.ts";
import { narrowRows } from "./narrow.ts";
import { instantOf, trackOf } from "./track.ts";
import { wideRows } from "./wide.ts";
import { wrap } from "./wrap.ts";

/** Terminals of so many columns get a bar and two dates for each credential, and no room for remarks. */
const narrow = 60;
/** Below this nothing can be told apart. */
const least = 30;

/** The windows of these credentials as lines of at most `options.width` columns, safe to print as they are. */
export function* timeline(
  report: ExposureReport,
  items: readonly ExposureItem[],
  options: Pick<ViewOptions, "width" | "color" | "headers">,
): Generator<string> {
  const width = Math.max(least, options.width);
  const now = instantOf(report.metadata.takenAt);
  if (Number.isNaN(now)) {
    yield* wrap("When the evidence was taken cannot be read: there is no now to draw windows around.", width);
    return;
  }
  const tracks = items.map((item) => trackOf(item, now));
  const drawn = new Set<string>();
  const layout = { width, color: options.color, headers: options.headers, now };
  yield* (width <= narrow ? narrowRows : wideRows)(report, tracks, layout, drawn);
  if (!options.headers || tracks.length === 0) return;
  yield "";
  yield* legendOf(drawn, width);
}
