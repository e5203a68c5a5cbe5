import type { Context } from "../cli/command.ts";
import { CommandError } from "../cli/errors.ts";
import type { HeldRecord, Holds } from "../hold/journal.ts";
import { titleOf } from "../hold/plan.ts";
import { whatIsAsked } from "../hold/select.ts";
import type { Resource, Snapshot } from "../model/snapshot.ts";
import { gatherEvidence, namespaceOf, type Gathered } from "./evidence.ts";
import type { Question } from "./question.ts";
import { selectorsOf } from "./unmatched.ts";

/** The kinds that tell what goes when a hold ends. */
const NEEDS = ["cronjobs", "jobs", "pods"] as const satisfies readonly Resource[];

/** The evidence that holds are judged from. */
export function gatherHeld(context: Context): Promise<Gathered> {
  return gatherEvidence(context, NEEDS);
}

/**
 * The records that are asked for: those of named objects, with a CronJob's own those of its Jobs. Throws CommandError for a
 * name or a label of which nothing is held.
 */
export function recordsFor(
  context: Context,
  { named, labels }: Question,
  holds: Holds,
  found: { snapshot: Snapshot; path: string },
): HeldRecord[] {
  const { program } = context;
  const namespace = namespaceOf(context);
  const all = [...holds.held.values()].filter(({ object }) => namespace === null || object.namespace === namespace);
  const names = named.flatMap((one) => (one.what === "object" ? [{ kind: one.type.kind, name: one.name }] : []));
  const isAsked = whatIsAsked(found.snapshot);
  for (const { kind, name } of names) {
    if (name === null || all.some((record) => isAsked(record, { named: [{ kind, name }], labels: [] }))) continue;
    throw new CommandError(
      `no hold of ${titleOf({ kind, name })} is recorded in ${found.path}`,
      `What is held: ${program} hold --list`,
    );
  }
  const records = all.filter((record) => isAsked(record, { named: names, labels }));
  if (records.length === 0 && labels.length > 0) {
    throw new CommandError(
      `nothing that is held matches ${selectorsOf(context.options)}`,
      `What is held: ${program} hold --list`,
    );
  }
  return records;
}
