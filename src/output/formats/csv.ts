import type { Format } from "../format.ts";

const PIECE = 65_536;

/** RFC 4180: a header, a row for each item, CRLF, UTF-8 without a mark; docs/formats.md says how rows and cells are made. */
export const csv: Format = {
  name: "csv",
  help: "rows for a spreadsheet, in which nothing becomes a formula (docs/formats.md)",
  async write(report, sink, { headers }) {
    const [{ csvColumns }, { csvRows }, { csvCell }] = await Promise.all([
      import("../csv/columns.ts"),
      import("../csv/rows.ts"),
      import("../csv/cell.ts"),
    ]);
    let pending = headers ? `${csvColumns(report.kind).join(",")}\r\n` : "";
    for (const row of csvRows(report)) {
      pending += `${row.map(csvCell).join(",")}\r\n`;
      if (pending.length < PIECE) continue;
      await sink.write(pending);
      pending = "";
    }
    await sink.write(pending);
  },
};
