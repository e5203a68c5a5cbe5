import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Context } from "../../../src/cli/command.ts";
import { parse } from "../../../src/cli/parse.ts";
import { commands } from "../../../src/commands/index.ts";
import { readPlan, refuseQuestion } from "../../../src/commands/plan-file.ts";
import { chosenItem, planHead } from "../cleanup/run-fixture.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cronaudit-plan-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function contextOf(...args: string[]): Promise<Context> {
  const { options, words } = await parse(["cleanup", ...args], commands);
  return { options, words, io: { cwd: folder } as Context["io"], program: "kubectl cronaudit" };
}

async function read(text: string): Promise<unknown> {
  await writeFile(join(folder, "plan.json"), text);
  return readPlan(await contextOf(), "plan.json");
}

it("takes what a plan is, and nothing else", async () => {
  const plan = {
    ...planHead(),
    items: [{ ...chosenItem("a"), ends: { exposures: [], closed: [], tokens: 0, savesHours: 0 } }],
  };
  expect(await read(JSON.stringify(plan))).toEqual(plan);
  const broken: unknown[] = [
    null,
    [],
    { ...plan, kind: "CleanupResult" },
    { ...plan, rules: { ...plan.rules, cascade: "orphan" } },
    { ...plan, rules: null },
    { ...plan, rules: { ...plan.rules, also: [{ way: "ttl" }] } },
    { ...plan, changes: [{ way: "suspend" }] },
    { ...plan, items: [{ ...plan.items[0]!, resourceVersion: undefined }] },
    { ...plan, items: [{ ...plan.items[0]!, object: { ...plan.items[0]!.object, uid: null } }] },
    { ...plan, items: [{ ...plan.items[0]!, dependents: null }] },
  ];
  for (const one of broken)
    await expect(read(JSON.stringify(one))).rejects.toThrow("plan.json is no plan of a cleanup");
  await expect(read("no JSON")).rejects.toThrow("plan.json is no plan of a cleanup");
  await expect(readPlan(await contextOf(), "none.json")).rejects.toThrow(
    "cannot read none.json: no such file or directory",
  );
});

it("takes no question of its own beside it", async () => {
  const refused: [string[], string][] = [
    [["job/a"], '--plan brings what is to go, and takes no "job/a"'],
    [["--older-than", "1h"], "--older-than cannot be used with --plan, which brings its own"],
    [["--include", "secrets"], "--include cannot be used with --plan"],
    [["-n", "team"], "-n, --namespace cannot be used with --plan"],
    [["--yes-unseen"], "--yes-unseen cannot be used with --plan"],
    [["--cascade", "background"], "--cascade cannot be used with --plan"],
    [["--delete-by", "request"], "--delete-by cannot be used with --plan"],
    [["--also", "suspend"], "--also cannot be used with --plan"],
  ];
  for (const [args, message] of refused) {
    const context = await contextOf(...args);
    expect(() => refuseQuestion(context, "plan")).toThrow(message);
  }
  const context = await contextOf("--context", "staging", "--evidence", "x");
  expect(() => refuseQuestion(context, "plan")).not.toThrow();
});
