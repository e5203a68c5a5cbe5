import type { Context } from "../cli/command.ts";
import type { AccessReport, SubjectRef } from "../model/report.ts";
import type { JudgedAccess } from "../rbac/report.ts";
import { identityOf, normalise } from "../rbac/subjects.ts";
import { askServer } from "./reviews.ts";

/** Asks the API server about each grant of the subjects' own and writes its answer beside it. */
export async function verify({ report, claims }: JudgedAccess, context: Context): Promise<AccessReport> {
  // A review is about what it is sent, so a ServiceAccount goes with its three groups. A user's own groups come from elsewhere:
  // they are not sent, because nobody here knows them.
  const reviews = claims.map(({ subject, claim }) => {
    const { name, groups } = identityOf(normalise(subject));
    return claim.requests.map((request) => ({ user: name, groups, ...request }));
  });
  const { answers, blind } = await askServer(context, reviews.flat(), "whether the server confirms each grant");
  let from = 0;
  for (const [index, { subject, claim }] of claims.entries()) {
    const to = from + reviews[index]!.length;
    claim.way.verified = verdict(subject, answers.slice(from, to));
    from = to;
  }
  const all = claims.map(({ claim }) => claim.way.verified);
  const verified = {
    confirmed: all.filter((one) => one === true).length,
    refuted: all.filter((one) => one === false).length,
    unknown: all.filter((one) => one === null).length,
  };
  const summary = { ...report.summary, verified };
  if (blind === null) return { ...report, summary };
  return { ...report, summary, complete: false, blindSpots: [...report.blindSpots, blind] };
}

/** Every request that a grant claims must be allowed. A user may be refused for groups that are not known, so that says nothing. */
function verdict({ kind }: SubjectRef, answers: readonly (boolean | null)[]): boolean | null {
  if (answers.includes(null)) return null;
  if (answers.every((answer) => answer === true)) return true;
  return kind === "User" ? null : false;
}
