import type { Format } from "../format.ts";

const PIECE = 65_536;

/** A report for a ticket or a wiki: what is uncertain first, then the table, then what to do. */
export const markdown: Format = {
  name: "markdown",
  help: "text for a ticket, as GitHub and GitLab show it",
  async write(report, sink, options) {
    const { markdownLines } = await import("../markdown/report.ts");
    let pending = "";
    for (const line of markdownLines(report, options)) {
      pending += `${line}\n`;
      if (pending.length < PIECE) continue;
      await sink.write(pending);
      pending = "";
    }
    await sink.write(pending);
  },
};
