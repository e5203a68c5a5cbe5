import type { Context } from "../cli/command.ts";
import type { AccessReview, Api, ApiFailure } from "../model/api.ts";
import type { AccessReport, SubjectRef } from "../model/report.ts";
import type { BlindSpot } from "../model/snapshot.ts";
import type { JudgedAccess } from "../rbac/report.ts";
import type { ResourceRequest } from "../rbac/rules.ts";
import { identityOf, normalise } from "../rbac/subjects.ts";
import { openConnection } from "./evidence.ts";

const AT_ONCE = 16;
/** Authorizers that ask nobody's name are asked under one that nobody has. */
const NOBODY = "cronaudit:nobody";

/** Asks the API server about each grant of the subjects' own and writes its answer beside it. */
export async function verify({ report, claims }: JudgedAccess, context: Context): Promise<AccessReport> {
  const api = await openConnection(context);
  try {
    const questions = new Map<string, AccessReview>();
    const keysOf = claims.map(({ subject, claim }) =>
      claim.requests.map((request) => {
        const question = questionOf(subject, request);
        const key = JSON.stringify(question);
        questions.set(key, question);
        return key;
      }),
    );
    const { answers, failure } = await ask(api, questions);
    for (const [index, { subject, claim }] of claims.entries()) {
      claim.way.verified = verdict(
        subject,
        keysOf[index]!.map((key) => answers.get(key) ?? null),
      );
    }
    const all = claims.map(({ claim }) => claim.way.verified);
    const verified = {
      confirmed: all.filter((one) => one === true).length,
      refuted: all.filter((one) => one === false).length,
      unknown: all.filter((one) => one === null).length,
    };
    const summary = { ...report.summary, verified };
    if (failure === null) return { ...report, summary };
    return { ...report, summary, complete: false, blindSpots: [...report.blindSpots, spot(failure)] };
  } finally {
    await api.close();
  }
}

/**
 * A review is about what it is sent, so a ServiceAccount goes with its three groups, and a group with a name that nobody has.
 * A user's own groups come from elsewhere: they are not sent, because nobody here knows them.
 */
function questionOf(subject: SubjectRef, request: ResourceRequest): AccessReview {
  const { name, groups } = identityOf(normalise(subject));
  return { user: name === "" ? NOBODY : name, groups, ...request };
}

/** Every request that a grant claims must be allowed. A user may be refused for groups that are not known, so that says nothing. */
function verdict({ kind }: SubjectRef, answers: readonly (boolean | null)[]): boolean | null {
  if (answers.includes(null)) return null;
  if (answers.every((answer) => answer === true)) return true;
  return kind === "User" ? null : false;
}

async function ask(
  api: Api,
  questions: ReadonlyMap<string, AccessReview>,
): Promise<{ answers: Map<string, boolean | null>; failure: ApiFailure | null }> {
  const answers = new Map<string, boolean | null>();
  const open = [...questions];
  let failure: ApiFailure | null = null;
  const worker = async (): Promise<void> => {
    for (let next = open.pop(); next !== undefined && failure === null; next = open.pop()) {
      const [key, question] = next;
      try {
        answers.set(key, await api.review(question));
      } catch (error) {
        if (!isFailure(error) || error.fatal) throw error;
        // What is forbidden once is forbidden each time; anything else leaves one answer open.
        failure = error;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { answers, failure };
}

function isFailure(error: unknown): error is ApiFailure {
  return error instanceof Error && error.name === "ApiError" && "fatal" in error;
}

function spot({ reason, message }: ApiFailure): BlindSpot {
  return {
    verb: "create",
    group: "authorization.k8s.io",
    resource: "subjectaccessreviews",
    namespace: null,
    except: [],
    reason,
    message,
    blinds: ["whether the server confirms each grant"],
  };
}
