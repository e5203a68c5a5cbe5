import { expect, it } from "vitest";
import { changeKey } from "../../../src/cleanup/changes/index.ts";
import { finish, newRun } from "../../../src/cleanup/carry-out.ts";
import type { Run } from "../../../src/cleanup/carry-out.ts";
import { endedEarly, farewell } from "../../../src/commands/cleanup-farewell.ts";
import type { Context } from "../../../src/cli/command.ts";
import type { Json } from "../../../src/model/api.ts";
import type { Also, CleanupChange, ChangeOutcome } from "../../../src/model/cleanup.ts";
import type { ChosenItem } from "../../../src/model/journal.ts";
import { rules } from "../cleanup/objects.ts";
import { chosenItem, FakeServer, jobAndPod, keptOf, Memory, pathOf, workOver } from "../cleanup/run-fixture.ts";

const OWNER = { kind: "CronJob", namespace: "database", name: "nightly", uid: "uid-nightly" };
const GO_ON = "Go on with: kubectl cronaudit cleanup --resume x.journal";

function change(way: Also["way"], more: Partial<CleanupChange> = {}): CleanupChange {
  return {
    way,
    object: OWNER,
    resource: { group: "batch", version: "v1", resource: "cronjobs" },
    resourceVersion: "5",
    because: "",
    patch: way === "suspend" ? { spec: { suspend: true } } : null,
    diff: way === "suspend" ? [" spec:", "-  suspend: false", "+  suspend: true"] : [],
    takes: [],
    items: ["uid-a"],
    decision: "change",
    refusedBecause: null,
    ...more,
  };
}

/** A run of one object that ends as soon as a step of this name is reached. */
async function interrupted(at: string): Promise<Run> {
  const pair = jobAndPod("a");
  const ownerReferences = [
    { apiVersion: "batch/v1", kind: "CronJob", name: "nightly", uid: OWNER.uid, controller: true },
  ];
  Object.assign(pair.job["metadata"] as Json, { ownerReferences });
  const server = new FakeServer(pair);
  const cronJob: Json = {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "nightly", namespace: "database", uid: OWNER.uid, resourceVersion: "5" },
    spec: { schedule: "0 0 * * *", suspend: false, jobTemplate: { spec: {} } },
  };
  server.objects.set(pathOf(cronJob), cronJob);
  const end = new AbortController();
  const also: Also[] = [{ way: "suspend" }, { way: "ttl", seconds: 60 }];
  const reached = (step: string): Promise<void> => {
    if (step === at) end.abort();
    return Promise.resolve();
  };
  const run = newRun([chosenItem("a", { owner: OWNER })], [change("suspend"), change("ttl")]);
  const work = workOver(server, new Memory(), { rules: rules({ also, named: [OWNER] }), signal: end.signal, reached });
  await expect(finish(run, keptOf("a").set(OWNER.uid, "5"), work)).rejects.toThrow("interrupted");
  return run;
}

it("a run that ends after a CronJob was suspended says that it is", async () => {
  expect(farewell(await interrupted("change: settled"), "x.journal")).toEqual([
    "Nothing was deleted, as far as answers came; 1 object and 1 change are left.",
    "Made: suspend cronjob/nightly (database).",
    "Not made, as far as answers came: ttl cronjob/nightly (database).",
    GO_ON,
  ]);
});

it("between the last deletion and a change, the change is what is left", async () => {
  expect(farewell(await interrupted("settled"), null)).toEqual([
    "1 deletion went through; 1 change is left.",
    "Made: suspend cronjob/nightly (database).",
    "Not made, as far as answers came: ttl cronjob/nightly (database).",
  ]);
});

function ran(outcome: ChangeOutcome, chosen: ChosenItem[] = []): Run {
  const secret = { kind: "Secret", namespace: "database", name: "etl-token", uid: "uid-s" };
  const run = newRun(chosen, [change("delete-token", { object: secret }), change("ttl", { decision: "refuse" })]);
  run.changed.set(changeKey({ way: "delete-token", uid: "uid-s" }), { outcome, because: "" });
  return run;
}

it("a deleted token Secret is a deletion, and what is not known is neither made nor left", () => {
  expect(farewell(ran("done"), null)).toEqual([
    "1 deletion went through, 1 Secret of tokens among them; 0 objects are left.",
    "Made: delete-token secret/etl-token (database).",
  ]);
  expect(farewell(ran("unknown", [chosenItem("a")]), null)).toEqual([
    "Nothing was deleted, as far as answers came; 1 object is left.",
    "Made or not, which is not known: delete-token secret/etl-token (database).",
  ]);
});

it("an end by the API server conceals no change", async () => {
  const context = { io: { signal: new AbortController().signal }, program: "x" } as Pick<Context, "io" | "program">;
  const gone = Object.assign(new Error("the connection is refused"), { name: "ApiError" });
  const run = await interrupted("change: settled");
  expect(await endedEarly(gone, null, { run, journal: null }, context)).toMatchObject({
    name: "CommandError",
    next: expect.stringContaining("Made: suspend cronjob/nightly") as string,
  });
  expect(await endedEarly(gone, null, { run: newRun([]), journal: null }, context)).toBe(gone);
});

it("what goes on after Ctrl-C is called as the program was", async () => {
  const said: string[] = [];
  const io = { signal: AbortSignal.abort(), stderr: { write: (text: string) => said.push(text) } };
  const context = { io, program: "./kubectl-cronaudit" } as unknown as Pick<Context, "io" | "program">;
  const journal = { write: () => Promise.resolve() } as unknown as Parameters<typeof endedEarly>[1];
  await endedEarly(new Error("gone"), journal, { run: newRun([]), journal: "x.journal" }, context);
  expect(said.at(-1)).toBe("Go on with: ./kubectl-cronaudit cleanup --resume x.journal\n");
});
