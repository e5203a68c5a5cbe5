import type { Reach, SubjectRef } from "../model/report.ts";
import type { Edge } from "./edge.ts";
import { cloudIdentity } from "./edges/cloud-identity.ts";
import { membersOf, startOf } from "./expand.ts";
import { movesFrom, type Move } from "./moves.ts";
import { combine, onward, type Path } from "./path.ts";
import { positionKey, type Position } from "./position.ts";
import { Growing, without } from "./scopes.ts";
import { readsSecrets, type Latent } from "./steps.ts";
import type { World } from "./world.ts";

/** A move at the end of a path; `hops` is how often somebody else was acted as before it. */
export interface Found {
  path: Path;
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
  /** Every edge whose rights were held somewhere, whatever it came to. */
  asked: ReadonlySet<Edge>;
  /** True where a name was granted in all namespaces, so that it matters which there are. */
  everywhere: boolean;
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
  const asked = new Set<Edge>();
  let everywhere = false;
  const seen = new Set<string>();
  let level = startOf(subject).map((position): Path => ({ position, by: null, effect: null }));
  for (let hops = 0; level.length > 0; hops++) {
    const next: Path[] = [];
    for (const path of withMembers(world, level, seen)) {
      // Whoever reads every Secret reads no more by any longer way.
      if (hops > 0 && reach.cluster) break;
      // What is more than a read takes one hop more, and then there is none left.
      const from = movesFrom(world, path.position, hops === most);
      for (const edge of from.asked) asked.add(edge);
      everywhere ||= from.everywhere;
      if (hops === 0) for (const one of from.latent) latent.push(one);
      for (const move of from.moves) {
        const found = { path, move, hops };
        if (combine(path.effect, move.effect) === "maybe") {
          uncertain.push(found);
          continue;
        }
        if (hops === 0 || reach.wouldGrow(move.reads)) firm.push(found);
        reach.add(move.reads);
        if (hops === 0 && readsSecrets(move.edge)) own.add(move.reads);
        if (hops < most) addUnseen(next, path, move, seen);
      }
    }
    level = next;
  }
  const certain = reach.reach();
  return {
    firm,
    ...uncertainOf(world, uncertain, certain, most),
    ...{ reach: certain, direct: own.reach(), latent, asked, everywhere },
  };
}

/** No spread: a move may lead to more positions than a call takes arguments. */
function addUnseen(next: Path[], path: Path, move: Move, seen: ReadonlySet<string>): void {
  for (const position of move.to) if (!seen.has(positionKey(position))) next.push(onward(path, move, position));
}

/** Positions that were not seen, each followed by those that it stands for. */
export function* withMembers(world: World, level: readonly Path[], seen: Set<string>): Generator<Path> {
  const open = level.toReversed();
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const key = positionKey(path.position);
    if (seen.has(key)) continue;
    seen.add(key);
    yield path;
    for (const position of membersOf(world, path.position).toReversed()) open.push({ ...path, position });
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
      let level: Path[] = [{ position: start, by: null, effect: null }];
      for (let hops = 0; level.length > 0 && !all.cluster && hops <= most; hops++) {
        const next: Path[] = [];
        for (const path of withMembers(world, level, seen)) {
          for (const move of movesFrom(world, path.position, hops === most).moves) {
            all.add(move.reads);
            addUnseen(next, path, move, seen);
          }
        }
        level = next;
      }
      return all.reach();
    });
}
