import { join } from "node:path";
import fc from "fast-check";
import type { Report } from "../../../src/model/report.ts";
import { formatOf } from "../../../src/output/formats/index.ts";
import type { RenderOptions } from "../../../src/output/format.ts";
import { run } from "../run.ts";

const examples = join(import.meta.dirname, "../../../examples");

/** The verbs that have reports, as words of a command line. */
export const VERBS: string[][] = [
  [],
  ["exposure"],
  ["exposure", "--by", "carrier"],
  ["exposure", "--by", "reader"],
  ["stale"],
  ["access"],
  ["replay"],
  ["cleanup"],
];

/** Evidence to read back: the recorded clusters, and hostile names. */
export const FILES = [
  join(examples, "threat-model.jsonl"),
  join(examples, "developer.jsonl"),
  "database.yaml",
  "hostile.json",
];

/** What a command prints in a format. */
export async function printed(
  verb: readonly string[],
  file: string,
  output: string,
  ...more: string[]
): Promise<string> {
  return (await run([...verb, "-f", file, "-o", output, ...more])).stdout;
}

/** The report that a command prints as JSON. */
export async function reportOf(verb: readonly string[], file: string, ...more: string[]): Promise<Report> {
  return JSON.parse(await printed(verb, file, "json", ...more)) as Report;
}

/** A report written in a format, without a command. */
export async function written(report: Report, output: string, more: Partial<RenderOptions> = {}): Promise<string> {
  const { format, argument } = formatOf(output);
  let text = "";
  const sink = { write: (piece: string): Promise<void> => Promise.resolve(void (text += piece)) };
  await format!.write(report, sink, {
    ...{ width: 100, color: false, headers: true, details: true, live: false, program: "kubectl cronaudit" },
    ...{ command: (args: string) => `kubectl cronaudit ${args}`, ...(argument === null ? {} : { template: argument }) },
    ...more,
  });
  return text;
}

const names = /^(?:name|namespace|path|because|opensBecause|closesWhy|untilWhy|why|what|fix|next|endsBy|user|server)$/;

/** The same report with such texts for everything that a cluster, or whoever wrote the evidence, names. */
export function renamed(report: Report, texts: readonly string[]): Report {
  let next = 0;
  return JSON.parse(JSON.stringify(report), function (this: unknown, key: string, value: unknown) {
    return typeof value === "string" && names.test(key) ? texts[next++ % texts.length] : value;
  }) as Report;
}

/** Names that formats could take for something else. */
export const hostileTexts = fc.array(
  fc.oneof(
    fc.constantFrom("=cmd|' /C calc'!A0", "a,b\r\nc", '"', "<img src=x onerror=alert(1)>", "| x |", "`", "@ops #12"),
    fc.constantFrom(
      "../../etc",
      "..",
      "",
      "[a](http://evil.test)",
      "{0}",
      "\u202egnp",
      "\u001b]0;x\u0007",
      "x".repeat(10_240),
    ),
    fc.constantFrom("## h", "```\n# x", "\ud800", "a\\|b", "</code></script>", "%2e%2e", "\u0000", "'\"'"),
    fc.string({ unit: "binary", maxLength: 10 }),
  ),
  { minLength: 3, maxLength: 12 },
);
