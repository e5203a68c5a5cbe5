import type { Named } from "../cli/arguments.ts";
import type { Context } from "../cli/command.ts";
import { UsageError } from "../cli/errors.ts";
import type { ExposureClass } from "../model/report.ts";
import type { ExposureQuestion } from "../model/selection.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { identityIn, readIdentity } from "./identity.ts";
import { readMoment, type Moment } from "./moment.ts";

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
  if (timeline && options.output === "html") {
    throw new UsageError("-o html draws the windows by itself", ["Leave --timeline out."]);
  }
  if (timeline && options.output !== "table" && options.output !== "wide") {
    throw new UsageError(`--timeline draws for people, and -o ${options.output} is for programs`);
  }
  if (timeline && by !== "credential") throw new UsageError("--timeline draws one row for each credential, not --by");
  const asSeenBy = readIdentity("--as-seen-by", options["as-seen-by"]);
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
    asSeenBy: identityIn(asked.asSeenBy, snapshot, namespace),
  };
}
