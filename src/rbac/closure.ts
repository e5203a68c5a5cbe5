import type { Time } from "../model/object.ts";
import type { ChainLink, Reach, SubjectRef } from "../model/report.ts";
import type { Edge, Effect } from "./edge.ts";
import { cloudIdentity } from "./edges/cloud-identity.ts";
import { membersOf, startOf } from "./expand.ts";
import { latest, movesFrom, type Move } from "./moves.ts";
import { positionKey, positionLink, type Position } from "./position.ts";
import { Growing, without } from "./scopes.ts";
import { readsSecrets, type Latent } from "./steps.ts";
import type { World } from "./world.ts";

/** How somebody came to a position. */
export interface Path {
  position: Position;
  /** Links from the subject to here. */
  chain: readonly ChainLink[];
  edges: readonly Edge[];
  /** Effect of all edges together; null at the start. */
  effect: Effect | null;
  since: Time | null;
  note: string | null;
}

const WEIGHT: Record<Effect, number> = { read: 0, "act-as": 1, execute: 1, wait: 2, maybe: 3 };

/** What two edges one after the other come to: the less certain of them, else the first that is more than a read. */
export function combine(before: Effect | null, next: Effect): Effect {
  if (before === null || before === "read") return next;
  return WEIGHT[next] > WEIGHT[before] && WEIGHT[next] > 1 ? next : before;
}

/** A move at the end of a path: where it leads and what it reads, as one chain. */
export interface Found extends Path {
  move: Move;
  hops: number;
}

/** What a search came to. */
export interface Closure {
  /** What is certain, direct reads included. */
  firm: Found[];
  /** What takes luck: only its first step is followed, for the sum of what it may open. */
  maybe: { found: Found; scope: Reach }[];
  reach: Reach;
  direct: Reach;
  /** What luck would add to the reach. */
  possible: Reach;
  latent: readonly Latent[];
  /** Every edge that was followed, or that waits. */
  used: ReadonlySet<Edge>;
}

/** How far to look. `maxHops` null: to the end; 0: direct reads alone. */
export interface Limits {
  maxHops: number | null;
}

/**
 * Everything that a subject comes to, to a fixed point: breadth first, so that the first chain to anything is a shortest one.
 * Of its own moves all are kept, because without them nothing else is reached; behind them those that add something.
 */
export function closureOf(world: World, subject: SubjectRef, { maxHops }: Limits): Closure {
  const most = maxHops ?? Infinity;
  const reach = new Growing();
  const own = new Growing();
  const firm: Found[] = [];
  const uncertain: Found[] = [];
  const latent: Latent[] = [];
  const used = new Set<Edge>();
  const seen = new Set<string>();
  let level = startOf(subject).map((position): Path => ({ position, ...BEGIN }));
  for (let hops = 0; level.length > 0; hops++) {
    const next: Path[] = [];
    for (const path of withMembers(world, level, seen)) {
      // Whoever reads every Secret reads no more by any longer way.
      if (hops > 0 && reach.cluster) break;
      // What is more than a read takes one hop more, and then there is none left.
      const { moves, latent: waiting } = movesFrom(world, path.position, hops === most);
      for (const { edge } of waiting) used.add(edge);
      if (hops === 0) latent.push(...waiting);
      for (const move of moves) {
        used.add(move.edge);
        const found: Found = { ...follow(path, move), position: path.position, move, hops };
        if (found.effect === "maybe") {
          uncertain.push(found);
          continue;
        }
        if (hops === 0 || reach.wouldGrow(move.reads)) firm.push(found);
        reach.add(move.reads);
        if (hops === 0 && readsSecrets(move.edge)) own.add(move.reads);
        if (hops < most) next.push(...move.to.map((position) => ({ ...follow(path, move), position })));
      }
    }
    level = next;
  }
  const certain = reach.reach();
  return { firm, ...uncertainOf(world, uncertain, certain, most), reach: certain, direct: own.reach(), latent, used };
}

const BEGIN: Omit<Path, "position"> = { chain: [], edges: [], effect: null, since: null, note: null };

/** A path with one move more. */
function follow(path: Path, move: Move): Omit<Path, "position"> {
  // At the start the subject is no link of its own chain, but for what follows from no rule and from no place.
  const link = path.effect === null && move.links.length > 0 ? null : positionLink(path.position);
  const chain = [...path.chain, ...(link === null ? [] : [link]), ...move.links];
  const since = path.effect === null ? move.since : move.since === null ? path.since : latest(path.since, move.since);
  const notes = [path.note, move.note].filter((note) => note !== null);
  return {
    chain,
    edges: [...path.edges, move.edge],
    effect: combine(path.effect, move.effect),
    since,
    note: notes.length === 0 ? null : notes.join("; "),
  };
}

/** Positions that were not seen, each followed by those that it stands for. */
function* withMembers(world: World, level: readonly Path[], seen: Set<string>): Generator<Path> {
  const open = [...level].reverse();
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const key = positionKey(path.position);
    if (seen.has(key)) continue;
    seen.add(key);
    yield path;
    for (const position of membersOf(world, path.position).reverse()) open.push({ ...path, position });
  }
}

/** All that moves with luck would open, each with whatever follows from it. Of those behind the first hop, what adds. */
function uncertainOf(
  world: World,
  uncertain: readonly Found[],
  certain: Reach,
  most: number,
): Pick<Closure, "maybe" | "possible"> {
  const known = new Growing();
  known.add(certain);
  const possible = new Growing();
  const maybe: Closure["maybe"] = [];
  for (const found of uncertain) {
    const scope = new Growing();
    scope.add(found.move.reads);
    for (const position of found.move.to) scope.add(openedBy(world, position, most - found.hops - 1));
    const all = scope.reach();
    // What leads out of the cluster adds no Secret, and is worth knowing wherever it is come to.
    if (found.hops > 0 && found.move.edge !== cloudIdentity && !known.wouldGrow(all)) continue;
    known.add(all);
    possible.add(all);
    maybe.push({ found, scope: all });
  }
  return { maybe, possible: without(possible.reach(), certain) };
}

const openedOfWorld = new WeakMap<World, Map<string, Reach>>();

/** The sum of what follows from a position within so many hops, with and without luck. */
function openedBy(world: World, start: Position, most: number): Reach {
  return openedOfWorld
    .getOrInsertComputed(world, () => new Map<string, Reach>())
    .getOrInsertComputed(`${String(most)} ${positionKey(start)}`, () => {
      const all = new Growing();
      const seen = new Set<string>();
      let level: Path[] = [{ position: start, ...BEGIN }];
      for (let hops = 0; level.length > 0 && !all.cluster && hops <= most; hops++) {
        const next: Path[] = [];
        for (const { position } of withMembers(world, level, seen)) {
          for (const move of movesFrom(world, position, hops === most).moves) {
            all.add(move.reads);
            next.push(...move.to.map((to): Path => ({ position: to, ...BEGIN })));
          }
        }
        level = next;
      }
      return all.reach();
    });
}
