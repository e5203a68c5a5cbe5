import type { Time } from "../model/object.ts";
import type { ChainLink, Reach } from "../model/report.ts";
import type { Edge, Effect } from "./edge.ts";
import { rightsAt } from "./expand.ts";
import { heldSince, linksOf } from "./held.ts";
import { placeSteps } from "./places.ts";
import { positionKey, type Position } from "./position.ts";
import { readsSecrets, stepsFrom, type Latent, type Step } from "./steps.ts";
import type { World } from "./world.ts";

/** One move from a position, whatever it comes from. */
export interface Move {
  edge: Edge;
  effect: Effect;
  links: readonly ChainLink[];
  since: Time | null;
  reads: Reach;
  to: readonly Position[];
  note: string | null;
  /** The step behind it; null for what follows from a place. */
  step: Step | null;
}

/** The moves from a position; remembered for a world, because hubs are come to from everywhere. */
export interface Moves {
  moves: readonly Move[];
  latent: readonly Latent[];
}

const movesOfWorld = new WeakMap<World, Map<string, Moves>>();

/** Every move that a position allows at once. */
export function movesFrom(world: World, position: Position, direct: boolean): Moves {
  const key = `${direct ? "direct" : "all"} ${positionKey(position)}`;
  return movesOfWorld
    .getOrInsertComputed(world, () => new Map<string, Moves>())
    .getOrInsertComputed(key, () => findMoves(world, position, direct));
}

function findMoves(world: World, position: Position, direct: boolean): Moves {
  const rights = rightsAt(world, position);
  const holder = position.kind === "subject" ? position.subject : null;
  const { steps, latent } = rights === null ? { steps: [], latent: [] } : stepsFrom(world, rights, { direct, holder });
  const byRule = steps.map((step): Move => ({
    ...step,
    links: chainOfStep(step),
    since: step.held.map(heldSince).reduce(latest),
    step,
  }));
  const byPlace = placeSteps(world, position)
    .filter(({ edge }) => !direct || readsSecrets(edge))
    .map((step): Move => ({ ...step, effect: step.edge.effect, since: null, step: null }));
  return { moves: [...byRule, ...byPlace], latent };
}

/** The links of all needs, each grant once. */
function chainOfStep({ held }: Step): ChainLink[] {
  const links = held.map(linksOf);
  const distinct = new Map(links.map((chain) => [JSON.stringify(chain), chain]));
  return [...distinct.values()].flat();
}

/** A path is as old as its youngest grant; an undated one dates nothing. */
export function latest(a: Time | null, b: Time | null): Time | null {
  if (a === null || b === null) return null;
  return a < b ? b : a;
}
