import { isApiFailure } from "../../evidence/scope.ts";
import type { ApiFailure } from "../../model/api.ts";
import type { Tearing } from "./teardown.ts";

const MOST_UNANSWERED = 3;

/**
 * The connection, until three requests in a row had no answer: then each fails as the last did, at once. A teardown of hundreds of
 * objects would otherwise wait for each of them.
 */
export function givingUp(api: Tearing["api"]): Tearing["api"] {
  let unanswered = 0;
  let last: ApiFailure | null = null;
  const ask = async <T>(request: () => Promise<T>): Promise<T> => {
    if (last !== null && unanswered >= MOST_UNANSWERED) throw last as unknown as Error;
    try {
      const answer = await request();
      unanswered = 0;
      return answer;
    } catch (error) {
      if (!isApiFailure(error)) throw error;
      unanswered = error.status === null ? unanswered + 1 : 0;
      last = error;
      throw error;
    }
  };
  return {
    get: (path) => ask(() => api.get(path)),
    remove: (path, deletion, dryRun) => ask(() => api.remove(path, deletion, dryRun)),
    async *list(group, version, resource, options) {
      const pages = api.list(group, version, resource, options)[Symbol.asyncIterator]();
      for (;;) {
        const { value, done } = await ask(() => pages.next());
        if (done === true) return;
        yield value;
      }
    },
  };
}
