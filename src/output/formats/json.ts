import { envelopeOf } from "../envelope.ts";
import type { Format } from "../format.ts";
import { escapeInQuotes } from "../text.ts";

const indent = 4;

/** The report for programs; what is in it is described by docs/schema. */
export const json: Format = {
  name: "json",
  help: "the whole report for programs (docs/schema)",
  async write(report, sink) {
    const head = JSON.stringify(envelopeOf(report), null, indent);
    await sink.write(`${escapeInQuotes(head.slice(0, -2))},\n    "items": [`);
    let separator = "\n";
    // One item at a time: a large report never stands in memory as one text.
    for (const item of report.items) {
      const text = JSON.stringify(item, null, indent).replaceAll("\n", `\n${" ".repeat(2 * indent)}`);
      await sink.write(`${separator}${" ".repeat(2 * indent)}${escapeInQuotes(text)}`);
      separator = ",\n";
    }
    await sink.write(report.items.length === 0 ? "]\n}\n" : "\n    ]\n}\n");
  },
};
