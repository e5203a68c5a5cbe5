import { documentOf } from "../envelope.ts";
import type { Format, Takes } from "../format.ts";

const takes: Takes = {
  value: "TEMPLATE",
  missing: "template format specified but no template given",
  isFile: false,
  async check(template) {
    const { parseTemplate } = await import("../jsonpath/parse.ts");
    parseTemplate(template);
  },
};

/** What a template in kubectl's dialect of JSONPath finds in the report, as -o json has it. */
export const jsonpath: Format = {
  name: "jsonpath",
  help: "what a template finds in the report: jsonpath='{.items[*].id}'",
  takes,
  write: (report, sink, { template = "" }) => writeTemplate(template, "printFound", documentOf(report), sink),
};

/** The same as lists in JSON. */
export const jsonpathAsJson: Format = {
  name: "jsonpath-as-json",
  help: "the same, each result as a JSON list",
  takes,
  write: (report, sink, { template = "" }) => writeTemplate(template, "printAsJson", documentOf(report), sink),
};

/** The template is in a file. */
export const jsonpathFile: Format = {
  name: "jsonpath-file",
  help: "the same by the template in a file",
  takes: { ...takes, value: "FILE", isFile: true },
  write: jsonpath.write,
};

/** Everything is found before the first word is written: a template that does not fit the report writes nothing. */
async function writeTemplate(
  template: string,
  how: "printFound" | "printAsJson",
  document: object,
  sink: Parameters<Format["write"]>[1],
): Promise<void> {
  const [{ parseTemplate }, { evaluate }, print] = await Promise.all([
    import("../jsonpath/parse.ts"),
    import("../jsonpath/evaluate.ts"),
    import("../jsonpath/print.ts"),
  ]);
  let pending = "";
  for (const found of evaluate(parseTemplate(template), document)) {
    pending += print[how](found);
    if (pending.length < 65_536) continue;
    await sink.write(pending);
    pending = "";
  }
  await sink.write(pending);
}
