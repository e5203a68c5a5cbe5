import type { Found } from "../credentials/rule.ts";
import type { Literal, LiteralPlace } from "../model/workload.ts";
import type { ProjectionContext } from "./context.ts";

/** Where a text stood; `path` and `field` as in Literal. */
export interface Place {
  place: LiteralPlace;
  path: string;
  field: string;
  container: string | null;
}

/**
 * The literals that recognition found at one place. Here the text of a credential becomes its fingerprint and goes no further.
 * Two of one name at one place are told apart by a number, so that path and name together name one literal.
 */
export function literalsAt(found: Found[], at: Place, context: ProjectionContext): Literal[] {
  const seen = new Map<string, number>();
  return found.map(({ name, verdict, text }) => {
    const shown = context.mask.keep(name);
    const count = (seen.get(shown) ?? 0) + 1;
    seen.set(shown, count);
    const { kind, confidence, because } = verdict;
    return {
      ...{ kind, confidence, because },
      ...{ place: at.place, path: at.path, field: at.field },
      name: count === 1 ? shown : `${shown} (${String(count)})`,
      container: at.container,
      fingerprint: context.mask.fingerprint(text),
    };
  });
}
