import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../../../src/model/api.ts";
import { openCanaries } from "../../../../src/scenarios/lab/canary.ts";
import type { Answer, Twin } from "../../../../src/scenarios/lab/stage.ts";
import { historyOf } from "../../../../src/scenarios/labs/stale-history.ts";
import { lookBack } from "../../../../src/scenarios/labs/stale-lists.ts";
import { stageOf, type There, twinOf } from "./stage.ts";

const { mint } = openCanaries();
const canaries = [mint(), mint(), mint()];

const owned = (kind: string, name: string): Json => ({ ownerReferences: [{ kind, name, controller: true }] });
const env = (value: string | null): Json => ({
  containers: [{ env: value === null ? [] : [{ name: "DB_PASSWORD", value }] }],
});
const time = (minute: number): string => new Date(minute * 60_000).toISOString();

function jobOf(name: string, minute: number, value: string | null): Json {
  const spec = { template: { spec: env(value) } };
  return { metadata: { name, ...owned("CronJob", "t") }, spec, status: { startTime: time(minute) } };
}

function podOf(job: string, minute: number, value: string | null): Json {
  return {
    metadata: { name: `${job}-x`, ...owned("Job", job) },
    spec: env(value),
    status: { startTime: time(minute) },
  };
}

test("the history is the same from Jobs as from pods, in whatever order they are listed", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1, max: 2 }), { maxLength: 12 }),
      fc.infiniteStream(fc.nat()),
      (which, order) => {
        const shuffled = (objects: Json[]): Json[] =>
          objects
            .map((one) => [order.next().value!, one] as const)
            .sort(([a], [b]) => a - b)
            .map(([, one]) => one);
        const values = which.map((index) => (index < 0 ? null : canaries[index]!));
        const make = (of: typeof jobOf) =>
          values.map((one, index) => of(`t-${String(index)}`, index, one?.value ?? null));
        const byJobs = historyOf(shuffled(make(jobOf)), canaries);
        expect(historyOf(shuffled(make(podOf)), canaries)).toEqual(byJobs);
        expect(byJobs.runs.map(({ fingerprint }) => fingerprint)).toEqual(
          values.map((one) => one?.fingerprint ?? null),
        );
        const seen = values.flatMap((one) => one?.fingerprint ?? []);
        expect(byJobs.rotations).toBe(seen.slice(1).filter((one, index) => one !== seen[index]).length);
        expect(byJobs.values.map(({ fingerprint }) => fingerprint)).toEqual([...new Set(seen)]);
        expect(JSON.stringify(byJobs)).not.toContain(canaries[0]!.value);
      },
    ),
  );
});

const done = [0, 0, 1, 2].map((which, index) => ({
  job: `t-${String(index)}`,
  fingerprint: canaries[which]!.fingerprint,
}));
const told = [0, 0, 1, 2].map((which) => canaries[which]!.value);
const lists = (values: (string | null)[]) => ({
  jobs: { items: values.map((value, index) => jobOf(`t-${String(index)}`, index, value)) },
  pods: { items: values.map((value, index) => podOf(`t-${String(index)}`, index, value)) },
});

const stands: There = { "/apis/batch/v1/namespaces/lab/cronjobs/t": { metadata: { name: "t" } } };

async function judged(twin: Twin, jobs: Partial<Answer>, pods: Partial<Answer>, there = stands): Promise<string> {
  const stage = stageOf(there, ({ path }) => (path.endsWith("/jobs") ? jobs : pods));
  const reader = await stage.actAs({ namespace: "lab", name: "r" }, { kind: "Secret", name: "r", uid: "u" });
  const { outcome, blockedBy } = await lookBack(stage, twin, reader, { done, canaries });
  return `${outcome} ${String(blockedBy)}`;
}

test("what the lists tell is the past that was, or nothing of it", async () => {
  const { jobs, pods } = lists(told);
  const of = (body: Json): Partial<Answer> => ({ body });
  const plain = twinOf();
  expect(await judged(plain, of(jobs), of(pods))).toBe("succeeded null");
  const other = lists(told.toReversed());
  expect(await judged(plain, of(jobs), of(other.pods))).toBe("inconclusive null");
  expect(await judged(plain, of(jobs), of({ items: pods.items.slice(1) }))).toBe("inconclusive null");
  const empty = of({ items: [] });
  expect(await judged(plain, empty, empty)).toBe("inconclusive null");
  expect(await judged(twinOf(["ttl"]), empty, empty)).toBe("blocked ttl");
  expect(await judged(twinOf(["history-limits"]), empty, empty)).toBe("blocked history-limit");
  expect(await judged(twinOf(["ttl"]), of(jobs), of(pods)), "the TTL did nothing").toBe("succeeded null");
  const ending = { metadata: { name: "t", deletionTimestamp: "2026-01-01T00:00:00Z" } };
  for (const there of [{}, { "/apis/batch/v1/namespaces/lab/cronjobs/t": ending }]) {
    expect(await judged(twinOf(["ttl"]), empty, empty, there), "somebody cleaned up").toBe("inconclusive null");
    expect(await judged(twinOf(["history-limits"]), empty, empty, there)).toBe("inconclusive null");
  }
  const none = lists([null, null, null, null]);
  expect(await judged(twinOf(["value-in-file"]), of(none.jobs), of(none.pods))).toBe("blocked no-value-in-object");
});

test("lists that were not read prove nothing", async () => {
  const refused = { status: 403, reason: "Forbidden" };
  const empty = { body: { items: [] } };
  const broken = { status: null, message: "the connection broke" };
  for (const bad of [refused, broken, { status: 401, reason: "Unauthorized" }]) {
    expect(await judged(twinOf(["ttl"]), bad, empty)).toBe("inconclusive null");
    expect(await judged(twinOf(["ttl"]), empty, bad)).toBe("inconclusive null");
  }
});
