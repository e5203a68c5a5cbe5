import { randomFrom } from "../batch-zoo.ts";

export type Ending = "Complete" | "Failed";

/** One Job as it is written, before any controller looks at it. */
export interface Past {
  name: string;
  /** Null: it has not ended. Somebody else manages it then, so that it ends when the test says so. */
  ended: Ending | null;
  suspended: boolean;
  managedBy: boolean;
  /** Null: no startTime. Whole minutes, so that some start together. */
  minutesAgo: number | null;
  ttl: number | null;
  /** Its TTL is changed to this; undefined: it is not touched. */
  changedTtl: number | null | undefined;
  owner: "controller" | "stranger" | "owner" | "none" | "recreated";
  kept: boolean;
  /** In status.active of its CronJob. */
  active: boolean;
  withPod: boolean;
}

/** Why a CronJob may start nothing although it is not suspended. */
export type Flaw = "schedule" | "time-zone" | "no-date" | "deadline" | null;

/** A CronJob with its Jobs, and what is going to be done to it. */
export interface History {
  name: string;
  policy: "Allow" | "Forbid" | "Replace";
  limits: [successful: number, failed: number];
  lowered: [successful: number, failed: number] | null;
  suspend: boolean;
  resumed: boolean;
  flaw: Flaw;
  /** Deleted with its Jobs left behind, before anything runs. */
  orphans: boolean;
  jobs: Past[];
  /** How runs end: one for each round. */
  rounds: Ending[];
  /** How those end that are under way. */
  underWayEnds: Ending;
}

/** So many histories that follow from the seed. */
export function drawHistories(seed: number, count: number, rounds: number): History[] {
  const random = randomFrom(seed);
  const pick = <T>(...values: T[]): T => values[Math.floor(random() * values.length)]!;
  const some = (probability: number): boolean => random() < probability;
  const ending = (): Ending => (some(0.7) ? "Complete" : "Failed");

  function job(name: string, policy: History["policy"]): Past {
    const ended = some(0.85) ? ending() : null;
    const owner = pick<Past["owner"]>(
      ...Array<"controller">(14).fill("controller"),
      "stranger",
      "stranger",
      "owner",
      "none",
      "recreated",
    );
    const suspended = ended === null && some(0.25);
    const kept = (owner === "controller" || owner === "none") && ended !== null && some(0.08);
    const ttl = !kept && owner !== "recreated" && some(0.15) ? 86_400 : null;
    return {
      name,
      ended,
      suspended,
      managedBy: ended === null || some(0.15),
      minutesAgo: ended !== null && some(0.05) ? null : 60 + Math.floor(random() * 30),
      ttl,
      changedTtl: ended !== null && !kept && owner !== "recreated" && some(0.15) ? pick(null, 0, 90_000) : undefined,
      owner,
      kept,
      active: ended === null && owner === "controller" && (policy === "Allow" ? some(0.5) : some(0.8)),
      withPod: some(0.35),
    };
  }

  return Array.from({ length: count }, (_, index) => {
    const name = `h${String(index)}`;
    const policy = pick<History["policy"]>("Allow", "Allow", "Forbid", "Replace");
    const limits: [number, number] = [Math.floor(random() * 6), Math.floor(random() * 4)];
    const suspend = some(0.15);
    return {
      name,
      policy,
      limits,
      lowered: some(0.3) ? [Math.floor(random() * (limits[0] + 1)), Math.floor(random() * (limits[1] + 1))] : null,
      suspend,
      resumed: suspend && some(0.6),
      flaw: some(0.12) ? pick<Flaw>("schedule", "time-zone", "no-date", "deadline") : null,
      orphans: some(0.07),
      jobs: Array.from({ length: Math.floor(random() * 9) }, (_, job_) => job(`${name}-j${String(job_)}`, policy)),
      rounds: Array.from({ length: rounds }, ending),
      underWayEnds: ending(),
    };
  });
}
