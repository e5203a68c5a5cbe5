import { describe, expect, it } from "vitest";
import { parse } from "../../../src/cli/parse.ts";
import { readWays } from "../../../src/commands/cleanup-also.ts";
import { planLines } from "../../../src/commands/cleanup-rules.ts";
import { commands } from "../../../src/commands/index.ts";
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
