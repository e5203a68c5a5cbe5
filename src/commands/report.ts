import type { Context } from "../cli/command.ts";
import { ClosedPipe, CommandError } from "../cli/errors.ts";
import { asCalled, connectionFlags, pasteable } from "../cli/invocation.ts";
import type { OutputStream } from "../cli/io.ts";
import { openSink } from "../cli/streams.ts";
import type { IgnoredBecause, Report, Severity } from "../model/report.ts";
import type { Selection } from "../model/selection.ts";
import type { Resource, Snapshot } from "../model/snapshot.ts";
import { wantsColor } from "../output/color.ts";
import { formatOf } from "../output/formats/index.ts";
import { sortItems } from "../output/sort.ts";
import { TemplateError } from "../output/template-error.ts";
import type { RenderOptions } from "../output/format.ts";
import { safe } from "../output/text.ts";
import { gatherEvidence, namespaceOf } from "./evidence.ts";
import { narrow } from "./narrow.ts";
import { howToSeeMore } from "./next-step.ts";
import { readQuestion, selectionFor } from "./question.ts";
import { selectorsOf, selectsNothing } from "./unmatched.ts";

const defaultWidth = 100;
/** Formats that explain the ids in a report. */
const explaining = new Set(["html", "sarif"]);
const severities: Severity[] = ["critical", "high", "medium", "low", "info"];

/** How one verb judges: `load` brings the judging code, which starts while the evidence is still on its way. */
export interface Judge<R extends Report> {
  /** Its name, empty for the triage. */
  name: string;
  needs: readonly Resource[];
  /** Kinds of these that are needed from all namespaces even with -n. */
  beyondScope?: readonly Resource[];
  /** True where what was deleted minutes ago is part of the answer. */
  recover?: boolean;
  /** True where users and groups may be named. */
  takesSubjects: boolean;
  /** True where what is known of each item is wanted, although no object is named. */
  details?: boolean;
  load(): Promise<(snapshot: Snapshot, selection: Selection) => R | Promise<R>>;
  /** What is done with the report, where it is not just printed; gives the exit status, or what is to be printed. */
  instead?(report: R): Promise<number | R>;
}

/** Collects, judges, renders; returns the exit status. */
export async function runReport<R extends Report>(context: Context, verb: Judge<R>): Promise<number> {
  const { options } = context;
  const question = readQuestion(context, verb.takesSubjects);
  const loading = verb.load();
  loading.catch(() => undefined);
  const evidence = await gatherEvidence(context, verb.needs, verb.beyondScope, verb.recover);
  const namespace = namespaceOf(context);
  const snapshot =
    options.filename !== null && namespace !== null
      ? narrow(evidence.snapshot, namespace, verb.beyondScope)
      : evidence.snapshot;
  const judge = await loading;
  const selection = selectionFor(question, snapshot, context);
  const answered = await judge(snapshot, selection);
  const judged = (await verb.instead?.(answered)) ?? answered;
  if (typeof judged === "number") return judged;
  const report = question.sortBy === null ? judged : sortItems(judged, question.sortBy);
  if (report === null) {
    throw new CommandError(`couldn't find any field with path "${options["sort-by"] ?? ""}" in the list of items`);
  }
  const nowhere = evidence.namespaceExists === true ? null : namespace;
  const empty = report.items.length === 0;
  const unmet = empty && (await selectsNothing(question, selection, snapshot)) ? selectorsOf(options) : null;
  if (options["fail-on"] !== null && report.complete && empty)
    refuseEmptyGate({ nowhere, unmet, live: options.filename === null });
  const status = statusOf(report, options["fail-on"]);
  try {
    await render(report, context, {
      verb: verb.name,
      details: question.named.length > 0 || verb.details === true,
      nowhere,
      unmet,
    });
  } catch (error) {
    // A reader that has seen enough is no error, and no reason to let a gate pass either.
    if (error instanceof ClosedPipe && status === 1) return status;
    throw error;
  }
  return status;
}

/** A gate that looks at nothing would let everything pass. */
function refuseEmptyGate(found: { nowhere: string | null; unmet: string | null; live: boolean }): void {
  const { nowhere, unmet, live } = found;
  if (nowhere !== null) {
    throw new CommandError(
      `nothing stands in namespace "${nowhere}", and nothing says that it exists`,
      live ? "Check its name, or ask for the right to get namespaces." : "Check its name.",
    );
  }
  if (unmet !== null) throw new CommandError(`no object matches ${unmet}`, "Check the selector.");
}

/** Standard error says where the answer comes from and what it does not cover; standard output is the answer. */
export async function render(
  report: Report,
  { options, io, program, template }: Context,
  about: { verb: string; details: boolean; nowhere: string | null; unmet: string | null },
): Promise<void> {
  const { headerLine, blindSpotLines, nothingFound } = await import("../output/header.ts");
  const say = (line: string): unknown => io.stderr.write(`${safe(line)}\n`);
  const forPeople = options.output === "table" || options.output === "wide";
  if (forPeople) say(headerLine(report));
  const more = howToSeeMore(report.blindSpots, { verb: about.verb, namespace: namespaceOf({ options }) });
  const next = asCalled(more, program);
  for (const line of blindSpotLines(report.blindSpots, next)) say(line);
  if (forPeople) {
    for (const note of report.notes) say(`Note: ${asCalled(note, program)}`);
    if (report.items.length === 0) say(nothingFound(report, about.unmet));
  }
  if (about.nowhere !== null) say(`Nothing was seen in namespace ${about.nowhere}: check its name.`);
  const rendering: RenderOptions = {
    width: columnsOf(io.stdout),
    color: wantsColor(options.color as "auto", io.stdout.isTTY === true, io.env),
    headers: !options["no-headers"],
    details: about.details,
    live: options.filename === null,
    program,
    command: (args) => pasteable(program, args, options),
    kubectlFlags: connectionFlags(options).join(" "),
    timeline: options.timeline,
    ...(report.blindSpots.length === 0 ? {} : { seeMore: next }),
    ...(explaining.has(options.output) ? { topic: (await import("../explain/index.ts")).topicOf } : {}),
    ...(template === undefined ? {} : { template }),
  };
  try {
    await formatOf(options.output).format!.write(report, openSink(io.stdout), rendering);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const { shownTemplate } = await import("./template.ts");
    const isPath = options.output.startsWith("jsonpath");
    const what = isPath ? `jsonpath "${shownTemplate(template ?? "")}"` : "custom columns";
    throw new CommandError(`error executing ${what}: ${error.message}`, "-o json shows what there is.");
  }
}

/** A pseudo-terminal without a size says 0. */
function columnsOf({ columns = 0 }: OutputStream): number {
  return columns > 0 ? columns : defaultWidth;
}

/** True for what the operator's file ignores and --show-ignored shows. */
function isConfirmed(item: object): boolean {
  return "ignored" in item && (item.ignored as IgnoredBecause | undefined)?.confirmed === true;
}

/** Findings that were asked to fail outrank evidence that is incomplete. */
function statusOf(report: Report, failOn: string | null): number {
  const worst = severities.slice(0, severities.indexOf((failOn ?? "") as Severity) + 1);
  if (report.kind === "CarrierReport" || report.kind === "ReaderReport") {
    if (report.items.some(({ severity }) => worst.includes(severity))) return 1;
  }
  if (report.kind === "TriageReport" || report.kind === "ExposureReport") {
    if (report.items.some((item) => worst.includes(item.severity) && !isConfirmed(item))) return 1;
    // An object that calls its own finding none lets no gate pass.
    const { ignored } = report.summary;
    if ("unconfirmedBySeverity" in ignored && worst.some((one) => ignored.unconfirmedBySeverity[one] > 0)) return 1;
  }
  return report.complete ? 0 : 3;
}
