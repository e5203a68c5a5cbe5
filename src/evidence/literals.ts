import type { Found } from "../credentials/rule.ts";
import type { Verdict } from "../model/credential.ts";
import type { Literal, LiteralPlace } from "../model/workload.ts";
import type { ProjectionContext } from "./context.ts";
import type { SecretMatch } from "./secret-values.ts";
import { marksOf } from "./own-rules.ts";
import { secretsIn } from "./secret-votes.ts";
import type { Searched } from "./secret-votes.ts";

/** Where a text stood; `path` and `field` as in Literal. */
export interface Place {
  place: LiteralPlace;
  path: string;
  field: string;
  container: string | null;
}

/**
 * The literals that recognition found at one place. Here the text of a credential becomes its fingerprint and goes no further.
 * Two of one name at one place are told apart by a number, so that path and name together name one literal. Of the text that was
 * searched, what a Secret holds is a literal as well, whatever recognition made of it.
 */
export function literalsAt(found: Found[], at: Place, context: ProjectionContext, searched?: Searched): Literal[] {
  const seen = new Map<string, number>();
  const literals = found.map((one) => literalOf(one, at, seen, context));
  if (searched === undefined || context.secrets === null) return literals;
  const known = new Set(literals.map(({ fingerprint }) => fingerprint));
  const held = secretsIn(searched, context.secrets, known);
  return [...literals, ...held.map((one) => literalOf(one, at, seen, context))];
}

function literalOf(
  { name, written = name, verdict, text }: Found,
  at: Place,
  seen: Map<string, number>,
  context: ProjectionContext,
): Literal {
  const { mask, secrets } = context;
  const shown = mask.keep(name);
  const count = (seen.get(shown) ?? 0) + 1;
  seen.set(shown, count);
  const match = secrets?.match(text) ?? null;
  const literal: Literal = {
    ...(match === null ? ownVerdict(verdict) : confirmed(verdict, match)),
    ...{ place: at.place, path: at.path, field: at.field },
    name: count === 1 ? shown : `${shown} (${String(count)})`,
    container: at.container,
    fingerprint: match?.fingerprint ?? mask.fingerprint(text),
    ...(match === null ? {} : { equals: match.equals }),
  };
  const ignored = marksOf(literal, { name: written, text }, context);
  return ignored === null ? literal : { ...literal, ignored };
}

function ownVerdict({ kind, confidence, because }: Verdict): Verdict {
  return { kind, confidence, because };
}

/** What a Secret holds is certain, and what else speaks for it is said as well. */
function confirmed({ kind, because }: Verdict, match: SecretMatch): Verdict {
  const both = because === match.because ? because : `${because}, and it ${match.because}`;
  return { kind, confidence: "certain", because: both };
}
