import type { CustomColumn } from "../columns/read.ts";
import type { Format, RenderOptions, Sink } from "../format.ts";
import type { Report } from "../../model/report.ts";

const missing = "custom-columns format specified but no custom columns given";

/** A table of the columns that are asked for, a row for each item, as kubectl lays it out. */
export const customColumns: Format = {
  name: "custom-columns",
  help: "a table of your own: custom-columns=ID:.id,OPENS:.opens",
  takes: {
    value: "SPEC",
    missing,
    isFile: false,
    async check(spec) {
      const { readColumns } = await import("../columns/read.ts");
      readColumns(spec);
    },
  },
  async write(report, sink, options) {
    const { readColumns } = await import("../columns/read.ts");
    await writeColumns(readColumns(options.template ?? ""), report, sink, options);
  },
};

/** The columns are in a file. */
export const customColumnsFile: Format = {
  name: "custom-columns-file",
  help: "the same by a file with a line of headers and a line of paths",
  takes: {
    value: "FILE",
    missing,
    isFile: true,
    async check(text) {
      const { readColumnsFile } = await import("../columns/read.ts");
      readColumnsFile(text);
    },
  },
  async write(report, sink, options) {
    const { readColumnsFile } = await import("../columns/read.ts");
    await writeColumns(readColumnsFile(options.template ?? ""), report, sink, options);
  },
};

async function writeColumns(
  columns: readonly CustomColumn[],
  report: Report,
  sink: Sink,
  { headers }: RenderOptions,
): Promise<void> {
  const { columnLines } = await import("../columns/print.ts");
  let pending = "";
  for (const line of columnLines(columns, report.items, headers)) {
    pending += `${line}\n`;
    if (pending.length < 65_536) continue;
    await sink.write(pending);
    pending = "";
  }
  await sink.write(pending);
}
