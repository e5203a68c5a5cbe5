import { describe, expect, it } from "vitest";
import { parse } from "../../../src/cli/parse.ts";
import { readWays } from "../../../src/commands/cleanup-also.ts";
import { changeLines, planLines } from "../../../src/commands/cleanup-rules.ts";
import { commands } from "../../../src/commands/index.ts";
import type { Also, CleanupChange } from "../../../src/model/cleanup.ts";
import { planHead } from "../cleanup/run-fixture.ts";
import { rules } from "../cleanup/objects.ts";

async function ways(...args: string[]) {
  return readWays((await parse(["cleanup", ...args], commands)).options);
}

describe("--also", () => {
  it("takes each way with what belongs to it", async () => {
    expect(await ways()).toEqual({ by: "request", cascade: "background", also: [] });
    expect(
      await ways("--also", "suspend", "--also=ttl=24h", "--also", "history-limit=0", "--also", "delete-token"),
    ).toMatchObject({
      also: [
        { way: "suspend" },
        { way: "ttl", seconds: 86_400 },
        { way: "history-limit", limit: 0 },
        { way: "delete-token" },
      ],
    });
    expect((await ways("--also", "suspend", "--also", "suspend")).also).toEqual([{ way: "suspend" }]);
    expect(await ways("--delete-by", "ttl")).toMatchObject({ by: "ttl", cascade: "foreground" });
  });

  it.each([
    [["--also", "suspnd"], /must be one of suspend, ttl=DURATION, history-limit=N, delete-token/],
    [["--also", "ttl"], /must be one of/],
    [["--also", "suspend=1"], /must be one of/],
    [["--also", "ttl="], /must be one of/],
    [["--also", "ttl=soon"], /takes a duration such as/],
    [["--also", "history-limit=-1"], /takes a whole number/],
    [["--also", "ttl=1h", "--also", "ttl=2h"], /--also ttl=1h and --also ttl=2h cannot be used together/],
    [["--delete-by", "ttl", "--cascade", "foreground"], /--cascade has no say/],
  ])("%j is an error", async (args, message) => {
    await expect(ways(...args)).rejects.toThrow(message);
  });
});

it("a plan from a file says whose it is, and what its rules allow", () => {
  const given = rules({
    olderThanSeconds: 3600,
    namespaces: ["kube-system"],
    named: [{ kind: "Job", namespace: "database", name: "x" }],
    stopRunning: true,
    yesUnseen: true,
    include: ["secrets"],
  });
  const lines = planLines({ ...planHead({ rules: given }), items: [] }, "plan.json");
  expect(lines).toEqual([
    "plan.json: planned at 2026-11-22 05:41:09 UTC by alice, for the cluster at https://127.0.0.1:6443.",
    "Its rules: what finished at least 1h ago; named are job/x of database, managed or not; PROTECTED NAMESPACES may be cleaned: " +
      "kube-system; what hangs and is named is STOPPED (--stop-running); things that nobody saw may go along (--yes-unseen); " +
      "secrets go along (--include); what is owned goes in the background.",
  ]);
});

describe("what is confirmed", () => {
  /** A change as somebody's plan has it, with a diff that says something else. */
  const change = (way: Also["way"], more: Partial<CleanupChange> = {}): CleanupChange => ({
    way,
    object: { kind: way === "delete-token" ? "Secret" : "CronJob", namespace: "database", name: "nightly", uid: "u" },
    resource: { group: "batch", version: "v1", resource: "cronjobs" },
    resourceVersion: "5",
    because: "cronjob/next names it, and its next pods will not start",
    patch: null,
    diff: ["+      ttlSecondsAfterFinished: 86400"],
    takes: [],
    items: [],
    decision: "change",
    refusedBecause: null,
    ...more,
  });
  const lines = (also: Also[], ...changes: CleanupChange[]): string[] =>
    changeLines({ changes, rules: rules({ also }), items: [], blindSpots: [] });

  it.each<[Also, string]>([
    [{ way: "suspend" }, "Suspend cronjob/nightly of database: no further run starts."],
    [
      { way: "ttl", seconds: 0 },
      "Set the TTL of the Jobs to come of cronjob/nightly of database to 0 s: each later run deletes itself, with its evidence, at once.",
    ],
    [
      { way: "ttl", seconds: 86_400 },
      "Set the TTL of the Jobs to come of cronjob/nightly of database to 86,400 s: each later run deletes itself, with its evidence, 1d after its end.",
    ],
    [
      { way: "history-limit", limit: 0 },
      "Lower the history limits of cronjob/nightly of database to 0: each run is deleted, with its evidence, as soon as it ends.",
    ],
    [
      { way: "history-limit", limit: 2 },
      "Lower the history limits of cronjob/nightly of database to 2: each run is deleted, with its evidence, once 2 later ones have ended likewise.",
    ],
    [
      { way: "delete-token" },
      "Delete the legacy token in secret/nightly of database: cronjob/next names it, and its next pods will not start.",
    ],
  ])("%j says what is done, by the rules and not by the plan's diff", (also, line) => {
    expect(lines([also], change(also.way))).toEqual([line]);
  });

  it("says what will be refused", () => {
    expect(lines([], change("ttl"))).toEqual([
      "Set the TTL of the Jobs to come of cronjob/nightly of database: will be refused, the plan's rules ask for no such change.",
    ]);
    const refused = change("suspend", { decision: "refuse", refusedBecause: "it is being deleted" });
    expect(lines([{ way: "suspend" }], refused)).toEqual([
      "Suspend cronjob/nightly of database: refused, it is being deleted.",
    ]);
  });
});
