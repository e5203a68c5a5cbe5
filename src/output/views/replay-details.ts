import type { Control, ReplayItem, ReplayReport, ReplayStep, WorkloadReplay } from "../../model/report.ts";
import type { ViewOptions } from "../view.ts";
import { fixText } from "./fix-text.ts";
import { objectWithNamespace, someOf } from "./names.ts";
import { factLines } from "./replay-facts.ts";
import { outcomeText } from "./replay-outcome.ts";

const SHOWN = 5;
const LABEL = 12;

/** Each adversary on each workload: what comes of it and why, step by step, and what would block it. */
export function replayDetails(report: ReplayReport, options: ViewOptions): string[] {
  const now = report.metadata.takenAt;
  return report.items.flatMap((item) => {
    const workloads = item.live?.workloads ?? [];
    const concerned = workloads.filter(({ outcome }) => outcome !== "not-applicable");
    return [
      "",
      title(item),
      ...concerned.flatMap((replay) => workloadLines(replay, { now, options })),
      ...unconcerned(workloads),
    ];
  });
}

function title({ number, name, attack, matrix }: ReplayItem): string {
  const ids = [
    ...(attack.length === 0 ? [] : [`ATT&CK ${attack.join(", ")}`]),
    ...(matrix.length === 0 ? [] : [`Kubernetes threat matrix ${matrix.join(", ")}`]),
  ];
  return `${String(number)}  ${name}${ids.length === 0 ? "" : `   ${ids.join("; ")}`}`;
}

function workloadLines(replay: WorkloadReplay, about: { now: string; options: ViewOptions }): string[] {
  const { workload, path, blockedBy, missing, wouldBlock } = replay;
  return [
    `  ${objectWithNamespace(workload)}: ${outcomeText(replay)}`,
    ...path.map((step, at) => labelled(`step ${String(at + 1)}`, stepText(step))),
    ...factLines(replay.facts, about).map((line) => (typeof line === "string" ? `    ${line}` : labelled(...line))),
    ...missing.map((text) => labelled("missing", text)),
    ...blockedBy.map((control) => labelled("blocked by", controlText(control, about.options))),
    ...wouldBlock.map((control) => labelled("would block", controlText(control, about.options))),
  ];
}

function labelled(label: string, text: string): string {
  return `    ${label.padEnd(LABEL)}${text}`;
}

const ALLOWED: Record<string, string> = { true: "RBAC allows it", false: "RBAC does not allow it" };
const VERIFIED: Record<string, string> = { true: "the server allows it", false: "the server refuses it" };

function stepText({ actor, act, yields, allowed, verified }: ReplayStep): string {
  const told = [ALLOWED[String(allowed)], VERIFIED[String(verified)]].filter((part) => part !== undefined);
  return [`${actor}: ${act}`, ...(yields === "" ? [] : [`yields ${yields}`]), ...told].join("; ");
}

function controlText({ id, what, how }: Control, options: ViewOptions): string {
  const text = `${id}: ${whatText(what, options)}`;
  return how === null ? text : `${text}: ${howText(how, options)}`;
}

/** What a control does; a command of ours inside of it as the user would type it, led to the same cluster. */
export function whatText(what: string, { program, kubectlFlags = "" }: ViewOptions): string {
  return what.replace(/kubectl cronaudit (snapshot [^()]*)/u, (_, args: string) =>
    [program, args, kubectlFlags].filter((part) => part !== "").join(" "),
  );
}

/** A command in which the user's flags lead to the same cluster; what follows it as a comment stays behind it. */
export function howText(how: string, options: ViewOptions): string {
  const [command = "", ...remarks] = how.split("  # ");
  const own = /^kubectl cronaudit (.+)$/su.exec(command)?.[1];
  if (own === undefined) return fixText({ fix: how }, options);
  return [options.command(own), ...remarks].join("  # ");
}

/** Workloads that an adversary has nothing to do with, in a line for each reason. */
function unconcerned(workloads: readonly WorkloadReplay[]): string[] {
  const none = workloads.filter(({ outcome }) => outcome === "not-applicable");
  return [...Map.groupBy(none, ({ because }) => because)].map(([because, same]) => {
    const names = someOf(
      same.map(({ workload }) => objectWithNamespace(workload)),
      SHOWN,
    );
    return `  ${names}: ${outcomeText({ outcome: "not-applicable", because })}`;
  });
}
