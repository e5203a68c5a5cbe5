import type { Report } from "../../model/report.ts";
import type { Format, RenderOptions, Sink } from "../format.ts";

/** What fits a terminal. */
export const table: Format = {
  name: "table",
  help: "columns for people, as wide as the terminal",
  write: (report, sink, options) => writeTable(report, sink, options, false),
};

/** Writes a report's view; `wide` adds the columns that do not fit and cuts nothing. */
export async function writeTable(report: Report, sink: Sink, options: RenderOptions, wide: boolean): Promise<void> {
  const [{ viewOf }, { layTable }, { safe }] = await Promise.all([
    import("../views/index.ts"),
    import("../layout.ts"),
    import("../text.ts"),
  ]);
  const view = viewOf(report, { ...options, wide });
  const shown = view.columns.map((column, at) => ({ column, at })).filter(({ column }) => wide || column.wide !== true);
  const around = async (lines: string[]): Promise<void> => {
    if (options.headers && lines.length > 0)
      await sink.write(lines.map((line) => `${safe(line).trimEnd()}\n`).join(""));
  };
  await around(view.before);
  if (view.picture !== undefined) await writeLines(view.picture, sink);
  else if (view.rows.length > 0) {
    const columns = shown.map(({ column }) => column);
    const rows = view.rows.map((row) => shown.map(({ at }) => row[at]!));
    const layout = { ...options, width: wide ? Infinity : options.width };
    const { lines, leftOut } = layTable(columns, rows, layout);
    await writeLines(lines, sink);
    if (leftOut.length > 0) await around([`Left out for want of width: ${leftOut.join(", ")}. -o wide has them.`]);
  }
  await around(view.after);
}

/** Writes many lines in few pieces. */
async function writeLines(lines: Iterable<string>, sink: Sink): Promise<void> {
  let pending = "";
  for (const line of lines) {
    pending += `${line}\n`;
    if (pending.length < 65_536) continue;
    await sink.write(pending);
    pending = "";
  }
  await sink.write(pending);
}
