import { parseArguments } from "../cli/arguments.ts";
import type { Named } from "../cli/arguments.ts";
import type { Context } from "../cli/command.ts";
import { UsageError } from "../cli/errors.ts";
import type { ExposureClass, SubjectRef } from "../model/report.ts";
import type { ExposureQuestion } from "../model/selection.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { readMoment, type Moment } from "./moment.ts";
import { resolve } from "./resolve.ts";

/** What the flags of exposure ask, read before anything is collected. */
export interface Asked {
  by: ExposureQuestion["by"];
  classes: ExposureClass[];
  since: Moment | null;
  until: Moment | null;
  asSeenBy: Named[];
}

/** Reads the flags that only exposure has. Throws UsageError for what cannot be meant. */
export function readAsked({ options }: Context): Asked {
  const { timeline, by } = options;
  if (options.cleanup && (timeline || by === "reader")) {
    const other = timeline ? "--timeline" : "--by reader";
    throw new UsageError(`--cleanup deletes objects, and ${other} shows none`);
  }
  if (timeline && options.output !== "table" && options.output !== "wide") {
    throw new UsageError(`--timeline draws for people, and -o ${options.output} is for programs`);
  }
  if (timeline && by !== "credential") throw new UsageError("--timeline draws one row for each credential, not --by");
  const asSeenBy = parseArguments(options["as-seen-by"]);
  const account = asSeenBy.filter((one) => one.what === "object");
  if (account.some(({ type, name }) => type.kind !== "ServiceAccount" || name === null)) {
    throw new UsageError("--as-seen-by takes sa/NAME, user:NAME or group:NAME");
  }
  if (asSeenBy.filter(({ what }) => what !== "group").length > 1) {
    throw new UsageError("--as-seen-by takes one user or ServiceAccount; only groups may be added to it");
  }
  return {
    by: by as Asked["by"],
    classes: options.class,
    since: options.since === null ? null : readMoment("--since", options.since),
    until: options.until === null ? null : readMoment("--until", options.until),
    asSeenBy,
  };
}

/** The question in terms of the evidence. Throws UsageError for a span without time in it, CommandError for an account that is not there. */
export function questionOf(asked: Asked, snapshot: Snapshot, namespace: string | null): ExposureQuestion {
  const { takenAt } = snapshot.metadata;
  const [since, until] = [asked.since, asked.until].map((moment) => (moment === null ? null : moment(takenAt)));
  if (since != null && until != null && Date.parse(since) >= Date.parse(until)) {
    throw new UsageError(`nothing lies between --since ${since} and --until ${until}`);
  }
  return {
    by: asked.by,
    classes: asked.classes,
    since: since ?? null,
    until: until ?? null,
    asSeenBy: subjectsOf(asked.asSeenBy, snapshot, namespace),
  };
}

function subjectsOf(named: readonly Named[], snapshot: Snapshot, namespace: string | null): SubjectRef[] {
  const { subjects } = resolve(named, snapshot, namespace);
  const accounts = subjects.filter(({ kind }) => kind === "ServiceAccount");
  if (accounts.length > 1) {
    const places = accounts.map((one) => one.namespace ?? "").join(", ");
    throw new UsageError(`serviceaccount/${accounts[0]!.name} is in several namespaces: ${places}`, [
      "Say which with -n.",
    ]);
  }
  return subjects;
}
