import { parseArguments } from "../cli/arguments.ts";
import type { Named } from "../cli/arguments.ts";
import type { Context } from "../cli/command.ts";
import { UsageError } from "../cli/errors.ts";
import { parseFieldSelector, parseLabelSelector } from "../cli/selectors.ts";
import type { Requirement, Selection } from "../model/selection.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { pathSteps } from "../output/sort.ts";
import { resolve } from "./resolve.ts";

/** What the command line asks, read before anything is collected, so that a slip costs no time. */
export interface Question {
  named: Named[];
  labels: Requirement[];
  fields: Requirement[];
  sortBy: string[] | null;
}

/** Reads words and selectors. Users and groups have meaning only where access is asked for. */
export function readQuestion({ options, words, program }: Context, takesSubjects: boolean): Question {
  const named = parseArguments(words);
  const subject = named.find(({ what }) => what !== "object");
  if (!takesSubjects && subject !== undefined) {
    throw new UsageError(`this report is about CronJobs, Jobs, pods and ServiceAccounts, not about a ${subject.what}`, [
      `What a ${subject.what} can read: ${program} access ${subject.what}:${subject.name ?? ""}`,
    ]);
  }
  const sortBy = options["sort-by"];
  const steps = sortBy === null ? null : pathSteps(sortBy);
  if (sortBy !== null && steps === null) {
    throw new UsageError(
      `unexpected path string "${sortBy}" for --sort-by, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'`,
    );
  }
  return {
    named,
    labels: options.selector === null ? [] : parseLabelSelector(options.selector),
    fields: options["field-selector"] === null ? [] : parseFieldSelector(options["field-selector"]),
    sortBy: steps,
  };
}

/** The question in terms of the evidence. Throws CommandError for a name that the evidence does not hold. */
export function selectionFor(question: Question, snapshot: Snapshot, { options }: Context): Selection {
  const namespace = options["all-namespaces"] ? null : options.namespace;
  const { objects, subjects } = resolve(question.named, snapshot, namespace);
  const fields = [...question.fields];
  if (question.named.length > 0 && objects.length === 0 && subjects.length === 0) {
    // A type of which there is none selects nothing; an empty list would select everything.
    fields.push({ key: "metadata.name", operator: "in", values: [] });
  }
  return {
    objects,
    subjects,
    labels: question.labels,
    fields,
    all: options.all,
    showIgnored: options["show-ignored"],
    allReaders: options["all-readers"],
    severityAtLeast: null,
  };
}
