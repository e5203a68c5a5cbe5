import type { Options } from "../cli/flags.ts";
import { shellQuote } from "../output/shell.ts";
import type { Selection } from "../model/selection.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Question } from "./question.ts";

/** True when -l or --field-selector was given and leaves no CronJob, Job or pod: a slip in it would look like an all-clear. */
export async function selectsNothing(question: Question, selection: Selection, snapshot: Snapshot): Promise<boolean> {
  if (question.labels.length === 0 && question.fields.length === 0) return false;
  const [{ indexOwners }, { selects }] = await Promise.all([
    import("../batch/owners.ts"),
    import("../batch/select.ts"),
  ]);
  const owners = indexOwners(snapshot);
  const workloads = [...snapshot.cronjobs, ...snapshot.jobs, ...snapshot.pods];
  return !workloads.some((object) => selects(selection, object, owners));
}

/** The selectors as they can be typed. */
export function selectorsOf(options: Options): string {
  return [
    ...(options.selector === null ? [] : [`-l ${shellQuote(options.selector)}`]),
    ...(options["field-selector"] === null ? [] : [`--field-selector ${shellQuote(options["field-selector"])}`]),
  ].join(" ");
}
