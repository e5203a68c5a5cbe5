import type { Time } from "../model/object.ts";
import type { ChainLink } from "../model/report.ts";
import type { Edge, Effect } from "./edge.ts";
import { latest, type Move } from "./moves.ts";
import { positionLink, type Position } from "./position.ts";

/** How somebody came to a position: by a move from another one, or by being there to begin with. */
export interface Path {
  position: Position;
  /** Null at the start. */
  by: { path: Path; move: Move } | null;
  /** Effect of all moves together; null at the start. */
  effect: Effect | null;
}

/** What the moves along a path come to; put together only for what is reported. */
export interface Account {
  chain: ChainLink[];
  edges: Edge[];
  since: Time | null;
  notes: string[];
}

const WEIGHT: Record<Effect, number> = { read: 0, "act-as": 1, execute: 1, wait: 2, maybe: 3 };

/** What two effects one after the other come to: the less certain of them, else the first. To go on from a read is to act by it. */
export function combine(before: Effect | null, next: Effect): Effect {
  if (before === null) return next;
  if (before === "read") return next === "read" ? "act-as" : next;
  return WEIGHT[next] > WEIGHT[before] && WEIGHT[next] > 1 ? next : before;
}

/** A path's end one move further, at one of the positions that the move leads to. */
export function onward(path: Path, move: Move, position: Position): Path {
  return { position, by: { path, move }, effect: combine(path.effect, move.effect) };
}

/** The chain of a move at the end of a path, with everything that stands beside it. */
export function accountOf(path: Path, move: Move): Account {
  // At the start the subject is no link of its own chain, but for what follows from no rule and from no place.
  const link = path.by === null && move.links.length > 0 ? null : positionLink(path.position);
  const links = [...(link === null ? [] : [link]), ...move.links];
  const note = move.note === null ? [] : [move.note];
  if (path.by === null) return { chain: links, edges: [move.edge], since: move.since, notes: note };
  const before = accountOf(path.by.path, path.by.move);
  // What follows from a place is dated by no object, and by what led there.
  const since = move.step === null ? before.since : latest(before.since, move.since);
  return {
    chain: [...before.chain, ...links],
    edges: [...before.edges, move.edge],
    since,
    notes: [...before.notes, ...note],
  };
}
