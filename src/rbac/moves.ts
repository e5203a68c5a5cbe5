import type { Time } from "../model/object.ts";
import type { ChainLink, Reach, SubjectRef } from "../model/report.ts";
import type { Edge, Effect } from "./edge.ts";
import { addedAt, ownBindings, rightsAt } from "./expand.ts";
import { heldSince, linksOf } from "./held.ts";
import { placeEdges, placeSteps } from "./places.ts";
import { isBorrowed, positionKey, type Position } from "./position.ts";
import { readsSecrets, stepsFrom, type Latent, type Step } from "./steps.ts";
import { nodeOf, serviceAccountOf } from "./subjects.ts";
import type { World } from "./world.ts";

/** One move from a position, whatever it comes from. */
export interface Move {
  edge: Edge;
  effect: Effect;
  links: readonly ChainLink[];
  /** All of it was granted then at the latest; null where an object does not date it, or where none could. */
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
  /** Every edge whose rights are held here, whatever they lead to. */
  asked: ReadonlySet<Edge>;
  /** True where a rule names Secrets in all namespaces. */
  everywhere: boolean;
}

const movesOfWorld = new WeakMap<World, Map<string, Moves>>();

/** Every move that a position allows at once. */
export function movesFrom(world: World, position: Position, direct: boolean): Moves {
  const key = `${direct ? "direct" : "all"} ${positionKey(position)}`;
  return movesOfWorld
    .getOrInsertComputed(world, () => new Map<string, Moves>())
    .getOrInsertComputed(key, () => findMoves(world, position, direct));
}

const NONE = { steps: [], latent: [], asked: new Set<Edge>(), everywhere: false };

function findMoves(world: World, position: Position, direct: boolean): Moves {
  const rights = rightsAt(world, position);
  const holder = holderAt(position);
  const own = position.kind === "subject" && position.start !== true ? ownBindings(world.rbac, position.subject) : null;
  const found =
    rights === null
      ? NONE
      : stepsFrom(world, rights, { direct, holder, own, borrowed: isBorrowed(position), added: addedAt(position) });
  const byRule = found.steps.map((step): Move => ({
    ...step,
    links: chainOfStep(step),
    since: step.held.map(heldSince).reduce(latest),
    step,
  }));
  const byPlace = placeSteps(world, position)
    .filter(({ edge }) => !direct || readsSecrets(edge))
    .map((step): Move => ({ ...step, effect: step.edge.effect, since: null, step: null }));
  const { latent, everywhere } = found;
  return {
    moves: [...byRule, ...byPlace],
    latent,
    asked: new Set([...found.asked, ...placeEdges(position)]),
    everywhere,
  };
}

/** A user name alone stands for its user, but for a node's or a ServiceAccount's, which would bring groups along. */
function holderAt(position: Position): SubjectRef | null {
  if (position.kind === "subject") return position.subject;
  if (position.kind !== "identity" || position.group !== null || position.name === "") return null;
  if (nodeOf(position.name) !== null || serviceAccountOf(position.name) !== null) return null;
  return { kind: "User", namespace: null, name: position.name };
}

/** The links of all needs, each grant once. */
function chainOfStep({ held }: Step): ChainLink[] {
  const [only, second] = held;
  if (only !== undefined && second === undefined) return linksOf(only);
  const links = held.map(linksOf);
  const distinct = new Map(links.map((chain) => [JSON.stringify(chain), chain]));
  return [...distinct.values()].flat();
}

/** A path is as old as its youngest grant; an undated one dates nothing. */
export function latest(a: Time | null, b: Time | null): Time | null {
  if (a === null || b === null) return null;
  return a < b ? b : a;
}
