import { envelopeOf } from "../envelope.ts";
import type { Format } from "../format.ts";
import { escapeInQuotes, isUnsafe } from "../text.ts";

/** The same report as `-o json`, as YAML. */
export const yaml: Format = {
  name: "yaml",
  help: "the same as json, as YAML",
  async write(report, sink) {
    const { Document, Scalar, visit } = await import("yaml");
    const text = (value: unknown): string => {
      const document = new Document(value, { aliasDuplicateObjects: false, compat: "yaml-1.1" });
      visit(document, {
        Scalar: (_, node) => {
          // Only double quotes can hold such characters as escapes.
          if (typeof node.value === "string" && isUnsafe(node.value)) node.type = Scalar.QUOTE_DOUBLE;
        },
      });
      return escapeInQuotes(document.toString({ lineWidth: 0, indentSeq: false }));
    };
    await sink.write(text(envelopeOf(report)));
    await sink.write(report.items.length === 0 ? "items: []\n" : "items:\n");
    for (const item of report.items) await sink.write(text([item]));
  },
};
