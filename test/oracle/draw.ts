import { randomSource } from "../unit/rbac/random-rbac.ts";

/** Random choices that follow from a seed. */
export interface Draw {
  /** True with this probability. */
  chance(probability: number): boolean;
  /** A whole number from 0 below the limit. */
  below(limit: number): number;
  /** Any entry of a list that is not empty. */
  pick<T>(from: readonly T[]): T;
  /** An entry; the first ones of a list come up most. */
  prefer<T>(from: readonly T[]): T;
  /** One or more preferred entries, with doubles. */
  several<T>(from: readonly T[], most: number): T[];
  /** So many of whatever `make` gives. */
  times<T>(count: number, make: (index: number) => T): T[];
}

/** Choices that are the same for the same seed. */
export function drawFrom(seed: number): Draw {
  const random = randomSource(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const prefer = <T>(from: readonly T[]): T => from[Math.floor(random() ** 2 * from.length)]!;
  const times = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index));
  return {
    chance: (probability) => random() < probability,
    below,
    pick: (from) => from[below(from.length)]!,
    prefer,
    several: (from, most) => times(1 + below(most), () => prefer(from)),
    times,
  };
}
