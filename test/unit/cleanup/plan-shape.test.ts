import { expect, test } from "vitest";
import { begin, finish, newRun } from "../../../src/cleanup/carry-out.ts";
import { planShape } from "../../../src/cleanup/plan/shape.ts";
import { readJournal } from "../../../src/cleanup/read-journal.ts";
import { resultOf, statusOf } from "../../../src/cleanup/result.ts";
import { runOf } from "../../../src/cleanup/resume.ts";
import { planLines } from "../../../src/commands/cleanup-rules.ts";
import type { CleanupPlan } from "../../../src/model/cleanup.ts";
import { viewOf } from "../../../src/output/views/index.ts";
import { schemaErrors } from "../../schema.ts";
import { cronJob, forbidden, HOUR } from "../batch/objects.ts";
import { carrying, literal, reference, run as runOfJob } from "../exposure/objects.ts";
import { named, planOf } from "./objects.ts";
import { chosenItem, FakeServer, jobAndPod, keptOf, Memory, workOver } from "./run-fixture.ts";

const OPTIONS = { width: 200, color: false, headers: true, details: false, live: true, program: "p", wide: true };

/** A plan whose head has an entry in each of its lists, with one item that the server has. */
function wholePlan(): CleanupPlan {
  const owner = carrying("nightly", [literal("now")]);
  const shape = { secretReferences: [reference("etl-token", { keys: ["token"] })] };
  const objects = [
    owner,
    ...runOfJob("nightly-1", HOUR, owner, [literal("now")], { pod: { ...shape, nodeName: "node-1" } }),
  ];
  const secret = {
    kind: "Secret" as const,
    type: "kubernetes.io/service-account-token",
    meta: {
      ...cronJob("etl-token").meta,
      annotations: { "kubernetes.io/service-account.name": "default" } as Record<string, string>,
    },
  };
  const also: CleanupPlan["rules"]["also"] = [
    { way: "suspend" },
    { way: "history-limit", limit: 0 },
    { way: "ttl", seconds: 60 },
  ];
  const given = { also, olderThanSeconds: 60, states: ["completed" as const], named: named(owner), yesUnseen: true };
  const snapshot = { secrets: [secret], blindSpots: [forbidden("configmaps", "database")], notes: ["A note."] };
  const plan = planOf(objects, given, { snapshot });
  const ends = { exposures: [], closed: [], tokens: 0, savesHours: null };
  return structuredClone({ ...plan, items: [{ ...chosenItem("a"), ends }] });
}

type Path = (string | number)[];

function pathsIn(value: unknown, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [at];
  const below = Array.isArray(value)
    ? value.slice(0, 1).flatMap((one, index) => pathsIn(one, [...at, index]))
    : Object.entries(value).flatMap(([key, one]) => pathsIn(one, [...at, key]));
  return at.length === 0 ? below : [at, ...below];
}

const VALUES: [string, unknown][] = [undefined, null, 7, -1, 1e300, "x", "", true, [], [null], {}].map((value) => [
  value === undefined ? "absent" : JSON.stringify(value),
  value,
]);

function changed(plan: CleanupPlan, path: Path, value: unknown): unknown {
  const copy = structuredClone(plan);
  const parent = path.slice(0, -1).reduce<unknown>((one, key) => (one as Record<string, unknown>)[key], copy);
  const key = path.at(-1)!;
  // What is undefined is not written.
  (parent as Record<string, unknown>)[key] = value;
  return JSON.parse(JSON.stringify(copy));
}

function headOf(plan: CleanupPlan): Omit<CleanupPlan, "items"> {
  const head: Partial<CleanupPlan> = { ...plan };
  delete head.items;
  return head as CleanupPlan;
}

/** Carries the plan out, goes on with its journal, and renders what became of it, as the commands do. */
async function carriedOut(plan: CleanupPlan): Promise<void> {
  planLines(plan, "plan.json");
  const { items } = plan;
  const head = headOf(plan);
  const server = new FakeServer(jobAndPod("a"));
  const memory = new Memory();
  const run = newRun(items, plan.changes);
  const work = workOver(server, memory, { rules: plan.rules });
  await begin(work.journal!, head, run, { tool: "t", operator: { user: null, local: null } });
  await work.journal!.write({ step: "evidence", evidence: { path: "x", sha256: "y" }, missing: [] });
  await finish(run, keptOf("a"), work, { milliseconds: 3000, firstPoll: 200, longestPoll: 1000 });
  const state = readJournal(memory.text, "j");
  for (const [from, ran] of [
    [head, run],
    [state.begin.plan, runOf(state, "j")],
  ] as const) {
    const result = resultOf(from, { ...ran, journal: "j", token: null, notes: [], at: "2026-11-22T05:41:09Z" });
    expect(schemaErrors(JSON.parse(JSON.stringify(result)) as { kind: string })).toEqual([]);
    statusOf(result, run.chosen);
    viewOf(result, { ...OPTIONS, command: (args) => args });
  }
}

test("a plan of which any one field is another is refused before anything is sent, or carried out with a result", async () => {
  const plan = wholePlan();
  expect(planShape(plan)).toBe(true);
  const { summary } = plan;
  const { notes, blindSpots, changes, rules } = plan;
  const lists = {
    notes,
    blindSpots,
    changes,
    rotate: summary.rotate,
    otherWays: summary.otherWays,
    named: rules.named,
  };
  for (const [name, list] of Object.entries(lists)) expect(list.length, name).toBeGreaterThan(0);
  await carriedOut(plan);
  const head = headOf(plan);
  let [refused, ran] = [0, 0];
  for (const path of pathsIn(head)) {
    for (const [name, value] of VALUES) {
      const other = changed(plan, path, value);
      if (!planShape(other)) {
        refused += 1;
        continue;
      }
      ran += 1;
      try {
        await carriedOut(other as CleanupPlan);
      } catch (error) {
        throw new Error(`${path.join(".")}: ${name}`, { cause: error });
      }
    }
  }
  expect([refused > 500, ran > 100]).toEqual([true, true]);
}, 120_000);

test.each<[string, Path, unknown]>([
  ["no scope", ["metadata", "scope"], undefined],
  ["no version of the cluster", ["metadata", "cluster", "version"], undefined],
  ["no tool", ["metadata", "tool"], undefined],
  ["a time that is none", ["metadata", "takenAt"], "yesterday"],
  ["half a blind spot", ["blindSpots"], [{ resource: "x" }]],
  ["a note that is no text", ["notes"], [7]],
])("%s: it is no plan", (_, path, value) => {
  expect(planShape(changed(wholePlan(), path, value))).toBe(false);
});
