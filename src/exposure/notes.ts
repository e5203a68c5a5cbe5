import type { ExposureQuestion } from "../model/selection.ts";
import type { Carried } from "./identity.ts";
import type { Judged } from "./judged.ts";

const DELETED_RUNS =
  "Hours at rest of a CronJob's credentials do not leave out runs that are no longer in the evidence: nothing says when they ran.";

const FORECAST =
  "Ends by history limits are the earliest credible ones: each says what has to happen for it (closesAssumes), and projected hours are at least that much.";

/** What has to be said of these items under this question; nothing that does not concern them. */
export function questionNotes(judged: readonly Judged[], question: ExposureQuestion): string[] {
  const { since, until, asSeenBy } = question;
  return [
    ...(judged.some(({ carriers }) => carriers.some(ofCronJob)) ? [DELETED_RUNS] : []),
    ...(judged.some(({ carriers }) => carriers.some(isForecast)) ? [FORECAST] : []),
    ...(since === null && until === null ? [] : [spanNote(since, until)]),
    ...(asSeenBy.length === 0 ? [] : [viewNote(asSeenBy)]),
  ];
}

function ofCronJob({ found: { source, object } }: Carried): boolean {
  return object === undefined && source.kind === "CronJob";
}

function isForecast({ found: { closing } }: Carried): boolean {
  return closing.assumes !== undefined && closing.because !== "compaction";
}

function spanNote(since: string | null, until: string | null): string {
  const from = since === null ? "" : ` from ${since}`;
  const to = until === null ? "" : ` to ${until}`;
  return `Hours at rest count the time${from}${to} alone; windows are shown whole.`;
}

function viewNote(asSeenBy: ExposureQuestion["asSeenBy"]): string {
  const names = asSeenBy.map(({ namespace, name }) => (namespace === null ? name : `${namespace}/${name}`)).join(", ");
  const users = asSeenBy.some(({ kind }) => kind === "User");
  const groups = users
    ? " The groups of a user are not in the cluster: add them with another --as-seen-by group:NAME."
    : "";
  return `What ${names} reads by its own grants, from when each is proved; what it comes to by others: kubectl cronaudit access.${groups}`;
}
