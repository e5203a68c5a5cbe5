import type { Report } from "../../model/report.ts";
import { utc } from "../age.ts";
import type { RenderOptions } from "../format.ts";
import { blindSpotLines, nothingFound, scopeText } from "../header.ts";
import type { View } from "../view.ts";
import { viewOf } from "../views/index.ts";
import { markdownBlock, markdownCode, markdownTable, markdownText } from "./text.ts";

const titles: Record<Report["kind"], string> = {
  TriageReport: "Credentials that batch workloads leave lying around",
  ExposureReport: "Credentials, since when and until when they can be read, and by whom",
  CarrierReport: "Objects that carry credentials",
  ReaderReport: "Who can read credentials",
  StaleReport: "Jobs and pods that are left over",
  AccessReport: "Who can read Secrets",
  CleanupPlan: "Plan of a cleanup",
  CleanupResult: "Result of a cleanup",
  HoldReport: "Evidence that is held",
  ReplayReport: "Adversaries, replayed",
};

/** A report as lines of Markdown: where it comes from, what it does not know, what it found, what to do next. */
export function* markdownLines(report: Report, options: RenderOptions): Generator<string> {
  const view = viewOf(report, { ...options, wide: false, color: false, width: Infinity, timeline: false });
  yield `# ${titles[report.kind]}`;
  yield "";
  yield* origin(report);
  yield* truth(report, options);
  yield* block(view.before);
  yield* table(report, view);
  const next = view.after.filter((line) => line.startsWith("Next: "));
  yield* block(view.after.filter((line) => !line.startsWith("Next: ")));
  if (next.length === 0) return;
  yield* ["## Next", ""];
  const commands = next.map((line) => line.slice("Next: ".length));
  yield* markdownBlock(commands, "sh");
}

function* origin({ metadata }: Report): Generator<string> {
  const { cluster, scope, user, takenAt, tool } = metadata;
  const version = cluster.version === null ? "" : ` (${markdownText(cluster.version)})`;
  yield `- Cluster: ${markdownCode(cluster.server)}${version}`;
  yield `- Scope: ${markdownText(scopeText(scope.namespaces))}`;
  if (user !== null) yield `- Seen by: ${markdownCode(user)}`;
  yield `- Taken at: ${markdownCode(utc(takenAt))}, judged by cronaudit ${markdownText(tool.version)}`;
  yield "";
}

/** What is not known comes before what is. */
function* truth(report: Report, { seeMore }: RenderOptions): Generator<string> {
  const { complete, blindSpots, notes } = report;
  if (!complete) {
    yield "**The evidence is incomplete: figures are lower bounds, and what is missing below may be there.**";
    yield "";
  }
  const lines = blindSpotLines(blindSpots, seeMore ?? "").filter((line) => line !== "");
  if (lines.length > 0)
    yield* ["## Not seen", "", ...lines.map((line) => `- ${markdownText(line.replace("Not seen: ", ""))}`), ""];
  if (notes.length > 0) yield* ["## Notes", "", ...notes.map((note) => `- ${markdownText(note)}`), ""];
}

function* table(report: Report, view: View): Generator<string> {
  yield* ["## Found", ""];
  if (view.rows.length === 0) {
    yield* [markdownText(nothingFound(report)), ""];
    return;
  }
  const shown = view.columns.map(({ wide }, at) => (wide === true ? -1 : at)).filter((at) => at >= 0);
  const rows = view.rows.values().map((row) =>
    shown.map((at) => {
      const cell = row[at]!;
      return markdownText(typeof cell === "string" ? cell : cell.text);
    }),
  );
  yield* markdownTable(
    shown.map((at) => markdownText(view.columns[at]!.header)),
    rows,
  );
  yield "";
}

function* block(lines: readonly string[]): Generator<string> {
  const start = lines.findIndex((line) => line.trim() !== "");
  if (start < 0) return;
  const end = lines.findLastIndex((line) => line.trim() !== "");
  yield* markdownBlock(lines.slice(start, end + 1), "text");
  yield "";
}
