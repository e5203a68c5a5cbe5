import type { AccessReview, ApiFailure } from "../model/api.ts";
import type { BlindSpot } from "../model/snapshot.ts";
import type { Context } from "../cli/command.ts";
import { openConnection } from "./evidence.ts";

const AT_ONCE = 16;
/** Authorizers that ask nobody's name are asked under one that nobody has. */
const NOBODY = "cronaudit:nobody";

/** What the API server said to each review, in their order: null where it gave no answer. */
export interface Answers {
  answers: (boolean | null)[];
  /** What kept it from answering the rest; null where nothing did. */
  blind: BlindSpot | null;
}

/**
 * Puts requests to the server's authorizers, each different one once. An empty user is asked under a name that nobody has.
 * `blinds` says what is uncertain where the server may not be asked. Throws ApiError where no request can succeed.
 */
export async function askServer(context: Context, reviews: readonly AccessReview[], blinds: string): Promise<Answers> {
  const keys = reviews.map((review) => JSON.stringify(review));
  const open = [...new Map(keys.map((key, at) => [key, reviews[at]!]))];
  const given = new Map<string, boolean | null>();
  let failure: ApiFailure | null = null;
  const api = await openConnection(context);
  try {
    const worker = async (): Promise<void> => {
      for (let next = open.pop(); next !== undefined && failure === null; next = open.pop()) {
        const [key, review] = next;
        try {
          given.set(key, await api.review({ ...review, user: review.user === "" ? NOBODY : review.user }));
        } catch (error) {
          if (!isFailure(error) || error.fatal) throw error;
          // What is forbidden once is forbidden each time; anything else leaves one answer open.
          failure = error;
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  } finally {
    await api.close();
  }
  const answers = keys.map((key) => given.get(key) ?? null);
  return { answers, blind: failure === null ? null : spot(failure, blinds) };
}

function isFailure(error: unknown): error is ApiFailure {
  return error instanceof Error && error.name === "ApiError" && "fatal" in error;
}

function spot({ reason, message }: ApiFailure, blinds: string): BlindSpot {
  return {
    verb: "create",
    group: "authorization.k8s.io",
    resource: "subjectaccessreviews",
    namespace: null,
    except: [],
    reason,
    message,
    blinds: [blinds],
  };
}
