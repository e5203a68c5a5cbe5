import type { Context } from "../cli/command.ts";
import { CommandError } from "../cli/errors.ts";
import { pasteable } from "../cli/invocation.ts";
import type { OutputStream } from "../cli/io.ts";
import { openSink } from "../cli/streams.ts";
import type { Report, Severity } from "../model/report.ts";
import type { Selection } from "../model/selection.ts";
import type { Resource, Snapshot } from "../model/snapshot.ts";
import { wantsColor } from "../output/color.ts";
import { formats } from "../output/formats/index.ts";
import { sortItems } from "../output/sort.ts";
import { safe } from "../output/text.ts";
import { gatherEvidence } from "./evidence.ts";
import { narrow } from "./narrow.ts";
import { readQuestion, selectionFor } from "./question.ts";

const defaultWidth = 100;
const severities: Severity[] = ["critical", "high", "medium", "low", "info"];

/** How one verb judges: `load` brings the judging code, which starts while the evidence is still on its way. */
export interface Judge<R extends Report> {
  needs: readonly Resource[];
  /** Kinds of these that are needed from all namespaces even with -n. */
  beyondScope?: readonly Resource[];
  /** True where users and groups may be named. */
  takesSubjects: boolean;
  load(): Promise<(snapshot: Snapshot, selection: Selection) => R>;
}

/** Collects, judges, renders; returns the exit status. */
export async function runReport<R extends Report>(context: Context, verb: Judge<R>): Promise<number> {
  const { options } = context;
  const question = readQuestion(context, verb.takesSubjects);
  const loading = verb.load();
  loading.catch(() => undefined);
  const evidence = await gatherEvidence(context, verb.needs, verb.beyondScope);
  const namespace = options["all-namespaces"] ? null : options.namespace;
  const snapshot =
    options.filename !== null && namespace !== null ? narrow(evidence, namespace, verb.beyondScope) : evidence;
  const judge = await loading;
  const judged = judge(snapshot, selectionFor(question, snapshot, context));
  const report = question.sortBy === null ? judged : sortItems(judged, question.sortBy);
  if (report === null) {
    throw new CommandError(`couldn't find any field with path "${options["sort-by"] ?? ""}" in the list of items`);
  }
  const hasNoAccounts = namespace !== null && isBare(snapshot);
  await render(report, context, { details: question.named.length > 0, hasNoAccounts });
  return statusOf(report, options["fail-on"]);
}

/** True where a namespace lacks what every namespace has, so that it probably does not exist; a list of it is empty, not an error. */
function isBare({ collected, blindSpots, serviceaccounts }: Snapshot): boolean {
  const seen =
    collected.includes("serviceaccounts") && !blindSpots.some(({ resource }) => resource === "serviceaccounts");
  return seen && serviceaccounts.length === 0;
}

/** Standard error says where the answer comes from and what it does not cover; standard output is the answer. */
async function render(
  report: Report,
  { options, io, program }: Context,
  { details, hasNoAccounts }: { details: boolean; hasNoAccounts: boolean },
): Promise<void> {
  const { headerLine, blindSpotLines, nothingFound } = await import("../output/header.ts");
  const say = (line: string): unknown => io.stderr.write(`${safe(line)}\n`);
  const forPeople = options.output === "table" || options.output === "wide";
  if (forPeople) say(headerLine(report));
  for (const line of blindSpotLines(report.blindSpots, howToSeeMore(report))) say(line);
  if (forPeople) {
    for (const note of report.notes) say(`Note: ${note}`);
    if (report.items.length === 0) say(nothingFound(report));
    if (hasNoAccounts) say("That namespace holds not even a ServiceAccount: check its name.");
  }
  await formats[options.output as keyof typeof formats].write(report, openSink(io.stdout), {
    width: columnsOf(io.stdout),
    color: wantsColor(options.color as "auto", io.stdout.isTTY === true, io.env),
    headers: !options["no-headers"],
    details,
    live: options.filename === null,
    command: (args) => pasteable(program, args, options),
  });
}

/** A pseudo-terminal without a size says 0. */
function columnsOf({ columns = 0 }: OutputStream): number {
  return columns > 0 ? columns : defaultWidth;
}

function howToSeeMore(report: Report): string {
  if (report.blindSpots.every(({ reason }) => reason === "NotInEvidence")) {
    const missing = [...new Set(report.blindSpots.map(({ resource }) => resource))].join(",");
    return `Next: add to the evidence what kubectl get ${missing} -A -o json prints.`;
  }
  return "Next: ask for the rights in docs/rbac.yaml, or narrow the question with -n.";
}

/** Findings that were asked to fail outrank evidence that is incomplete. */
function statusOf(report: Report, failOn: string | null): number {
  if (failOn !== null && (report.kind === "TriageReport" || report.kind === "ExposureReport")) {
    const worst = severities.slice(0, severities.indexOf(failOn as Severity) + 1);
    if (report.items.some(({ severity }) => worst.includes(severity))) return 1;
  }
  return report.complete ? 0 : 3;
}
