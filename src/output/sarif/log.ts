import { createHash } from "node:crypto";
import type { Report } from "../../model/report.ts";
import type { RenderOptions } from "../format.ts";
import { blindSpotLines } from "../header.ts";
import { escapeInQuotes } from "../text.ts";
import { messageText, uriPart } from "./escape.ts";
import { findingsOf } from "./findings.ts";
import { resultOf } from "./result.ts";
import { HOME, ruleId, ruleOf } from "./rules.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** A SARIF 2.1.0 log with one run, in pieces. Results come one by one: the findings are gone through twice, and never kept. */
export function* sarifPieces(report: Report, options: RenderOptions): Generator<string> {
  const ruleIndexes = new Map<string, number>();
  const rules: object[] = [];
  let suppressed = false;
  for (const finding of findingsOf(report)) {
    suppressed ||= finding.ignored !== undefined;
    const id = ruleId(finding);
    if (ruleIndexes.has(id)) continue;
    ruleIndexes.set(id, rules.length);
    rules.push(ruleOf(finding, options.topic?.(finding.topic) ?? null));
  }
  const head = text(
    { $schema: SCHEMA, version: "2.1.0", runs: [{ ...runOf(report, rules, options), results: [] }] },
    0,
  );
  const [start = "", end = ""] = head.split(RESULTS);
  yield `${start}"results": [`;
  let separator = "\n";
  for (const finding of findingsOf(report)) {
    yield separator + text(resultOf(finding, ruleIndexes.get(ruleId(finding))!, suppressed), 4);
    separator = ",\n";
  }
  yield `${separator === "\n" ? "" : "\n      "}]${end}\n`;
}

const RESULTS = /"results": \[\](?=\s*\}\s*\]\s*\}$)/;

function text(value: object, level: number): string {
  const lines = escapeInQuotes(JSON.stringify(value, null, 2)).split("\n");
  return lines.map((line) => " ".repeat(2 * level) + line).join("\n");
}

function runOf(report: Report, rules: object[], options: RenderOptions): object {
  const { metadata, complete } = report;
  const { cluster, tool } = metadata;
  const version = /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/.test(tool.version) ? { semanticVersion: tool.version } : {};
  return {
    tool: {
      driver: {
        name: "cronaudit",
        fullName: `kubectl cronaudit ${tool.version}`,
        version: tool.version,
        ...version,
        informationUri: HOME,
        rules,
        notifications: [
          notification("blind-spot", "Something that the question needs was not seen."),
          notification("evidence-note", "Something to know about the evidence."),
        ],
      },
    },
    automationDetails: {
      id: `cronaudit/${report.kind}/${uriPart(cluster.uid ?? cluster.server)}/${scopePart(report)}`,
    },
    invocations: [{ executionSuccessful: true, toolExecutionNotifications: notificationsOf(report, options) }],
    columnKind: "utf16CodeUnits",
    properties: { takenAt: metadata.takenAt, cluster: cluster.server, scope: metadata.scope.namespaces, complete },
  };
}

/** Viewers take what the next run under the same id lacks for fixed: a run over some namespaces has an id of its own. */
function scopePart({ metadata: { scope } }: Report): string {
  if (scope.namespaces === null) return "";
  const [only = "", ...others] = [...new Set(scope.namespaces)].sort();
  const all = JSON.stringify([only, ...others]);
  return `${others.length === 0 ? uriPart(only) : createHash("sha256").update(all).digest("hex").slice(0, 16)}/`;
}

function notification(id: string, description: string): object {
  const said = { text: description };
  const helpUri = `${HOME}/blob/main/docs/checks.md`;
  return {
    id,
    name: id === "blind-spot" ? "BlindSpot" : "EvidenceNote",
    shortDescription: said,
    fullDescription: said,
    help: said,
    helpUri,
  };
}

/** What makes an empty list of results no proof that there is nothing to find. */
function notificationsOf({ blindSpots, notes }: Report, { seeMore }: RenderOptions): object[] {
  const saying = (id: string, index: number, level: string, line: string): object => ({
    descriptor: { id, index },
    level,
    message: { text: messageText(line) },
  });
  const lines = blindSpotLines(blindSpots, seeMore ?? "").filter((line) => line !== "");
  return [
    ...lines.map((line) => saying("blind-spot", 0, "warning", line)),
    ...notes.map((note) => saying("evidence-note", 1, "note", note)),
  ];
}
