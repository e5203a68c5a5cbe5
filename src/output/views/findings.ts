import type {
  ExposureItem,
  ExposureSummary,
  IgnoredCounts,
  Severity,
  TriageItem,
  UntilBecause,
} from "../../model/report.ts";
import type { Time } from "../../model/object.ts";
import { age, relative } from "../age.ts";
import { count, grouped } from "../text.ts";

const severities: Severity[] = ["critical", "high", "medium", "low", "info"];

/** `2 critical, 5 high`; zeros are left out. */
export function bySeverity(counts: Record<Severity, number>): string {
  return severities
    .filter((severity) => counts[severity] > 0)
    .map((severity) => `${grouped(counts[severity])} ${severity}`)
    .join(", ");
}

/**
 * Readers in one cell. `+` marks a count that may be too low, `<unknown>` one that nobody could make, and `0 + 3 built-in`
 * that only identities of Kubernetes itself read it.
 */
export function readersCell(readers: TriageItem["readers"] | ExposureItem["readers"], complete: boolean): string {
  if (readers === null) return "-";
  const { everyone } = readers;
  if (readers.count === null || (readers.count === 0 && !complete)) return everyone ? "everyone" : "<unknown>";
  if (readers.count === 0 && readers.folded > 0) return `0 + ${grouped(readers.folded)} built-in`;
  const number = `${grouped(readers.count)}${complete ? "" : "+"}`;
  return everyone ? `everyone (${number})` : number;
}

/** `41d`, or `>41d` where only the latest possible beginning is known. */
export function sinceCell(since: Time | null, isBound: boolean, now: Time): string {
  if (since === null) return "-";
  return isBound ? `>${age(since, now)}` : age(since, now);
}

const reasons: Record<UntilBecause, string> = {
  ttl: "overdue TTL",
  "history-limit": "more runs",
  "owner-deletion": "owner deletion",
  "deletion-in-progress": "finalizer",
  "token-expiry": "token expiry",
  "container-finished": "container end",
  "secret-deletion": "Secret deletion",
  "node-removal": "node removal",
  compaction: "compaction",
  "grant-removal": "unbinding",
  past: "-",
  "pod-deletion": "deletion",
  various: "various",
  never: "no end known",
};

/** How sure an end is: a bound is the latest, and what assumes something is the earliest credible time. */
export interface Sureness {
  closesIsBound: boolean;
  closesAssumes: string | null;
}

/**
 * When a window closes, for a reader who plans: `in 14m`, `2d ago`, `within 364d` where it may be sooner, `in 2d or later`
 * where it takes more than time; without a time what it waits for.
 */
export function untilCell(until: Time | null, because: UntilBecause, now: Time, how: Sureness | null = null): string {
  if (until === null) return reasons[because];
  const when = relative(until, now);
  if (how?.closesAssumes != null && when.startsWith("in ")) return `${when} or later`;
  return how?.closesIsBound === true ? when.replace(/^in /, "within ") : when;
}

/** Hours in one cell: `512h`, below ten with one decimal. */
export function hoursCell(hours: number): string {
  return hours < 10 ? `${Math.round(hours * 10) / 10}h` : `${grouped(Math.round(hours))}h`;
}

/** The headline figure in words. */
export function atRest({ soFar, projected }: ExposureSummary["atRestHours"]): string {
  const end = projected === null ? "no end known" : `${grouped(Math.round(projected))} when all windows have closed`;
  return `Credential-hours at rest: ${grouped(Math.round(soFar))} so far, ${end}.`;
}

/** What is ignored, in a line that says by what; nothing where nothing is. `how`: the command that shows it. */
export function ignoredLine({ file, annotation, unconfirmed }: IgnoredCounts, how: string | null): string[] {
  if (file + annotation === 0) return [];
  const confirmed = annotation - unconfirmed;
  const by = [
    ...(file === 0 ? [] : [`${grouped(file)} by the rules file`]),
    ...(confirmed === 0 ? [] : [`${grouped(confirmed)} by annotations that the file confirms`]),
    ...(unconfirmed === 0 ? [] : [`${grouped(unconfirmed)} by annotations that no rules file confirms`]),
  ];
  return [`Ignored: ${by.join(", ")}${how === null ? "." : `: ${how}`}`];
}

/** `12 credentials: 2 critical, 10 low.`; `At least 12 …` where not everything was seen. */
export function totals({ summary, complete }: { summary: ExposureSummary; complete: boolean }): string {
  if (summary.credentials === 0 && !complete) return "No credential in what was seen.";
  const found = bySeverity(summary.bySeverity);
  const number = count(summary.credentials, "credential");
  return `${complete ? "" : "At least "}${number}${found === "" ? "" : `: ${found}`}.`;
}
