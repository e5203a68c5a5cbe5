import { withMembers } from "../../rbac/closure.ts";
import { startOf } from "../../rbac/expand.ts";
import { movesFrom, type Move } from "../../rbac/moves.ts";
import type { Path } from "../../rbac/path.ts";
import type { Position } from "../../rbac/position.ts";
import { normalise, subjectText } from "../../rbac/subjects.ts";
import type { AssessContext } from "../context.ts";
import { hiddenOnTheWay, worldWithRuns } from "./coming.ts";
import { chainText } from "./reach-words.ts";

/**
 * The first request by which the position becomes anybody else, gets into a container or reads everything, in words and certain
 * ones first: `create pods/exec by rolebinding/dev (other) → role/dev (other)`. Null where no grant that was seen gives one, or
 * nobody is replayed from. A run that is still to come counts. Longer chains begin with it: whatever the position may not do itself, it may do by them.
 */
export function becomes(context: AssessContext): string | null {
  const { from } = context;
  const world = worldWithRuns(context, true);
  const own = new Set(from.map((one) => subjectText(normalise(one))));
  const start = from.flatMap((one) =>
    startOf(normalise(one)).map((position): Path => ({ position, by: null, effect: null })),
  );
  const moves: Move[] = [];
  for (const { position } of withMembers(world, start, new Set())) {
    if (position.kind === "everything") return "every right there is: the group system:masters";
    moves.push(...movesFrom(world, position, false).moves.filter((move) => leadsOn(move, own)));
  }
  const move = moves.find(({ effect }) => effect !== "maybe") ?? moves[0];
  return move === undefined ? null : inWords(move);
}

/** What is only looked at: whether a literal or a line of a log opens anything, exposures say, not rights. */
const SHOWN: ReadonlySet<string> = new Set(["specs-read", "pods-log", "mirrors-read"]);

/** A read of some Secrets leads nowhere by itself; what would lead into a pod that was not seen names no place. */
function leadsOn({ edge, to, reads, effect }: Move, own: ReadonlySet<string>): boolean {
  if (SHOWN.has(edge.id)) return false;
  if (reads.cluster) return true;
  return to.length === 0 ? effect !== "read" : to.some((position) => !isOneOf(position, own));
}

function isOneOf(position: Position, own: ReadonlySet<string>): boolean {
  return position.kind === "subject" && own.has(subjectText(normalise(position.subject)));
}

function inWords({ edge, links, effect }: Move): string {
  const by = links.length === 0 ? "" : ` by ${chainText(links)}`;
  return `${edge.name}${by}${effect === "maybe" ? ", with luck" : ""}`;
}

/** What is missing where a position may not do a thing itself, and may become somebody who might. */
export function byAnother(way: string): string {
  return `whether it comes to the right as somebody else: it may ${way}`;
}

const known = new WeakMap<AssessContext, string[]>();

/**
 * What is missing for RBAC to block a position that may not do a thing itself: whether somebody may whom it becomes, or what was not
 * seen of where its rights lead. Empty: it stays who it is.
 */
export function asAnother(context: AssessContext): string[] {
  return known.getOrInsertComputed(context, () => {
    const way = becomes(context);
    if (way !== null) return [byAnother(way)];
    return hiddenOnTheWay(context);
  });
}
