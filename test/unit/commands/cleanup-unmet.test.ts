import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import type { Context } from "../../../src/cli/command.ts";
import { parse } from "../../../src/cli/parse.ts";
import { carryOutChoice } from "../../../src/commands/cleanup-run.ts";
import { commands } from "../../../src/commands/index.ts";
import type { CleanupRules } from "../../../src/model/cleanup.ts";
import { rules } from "../cleanup/objects.ts";
import { planHead } from "../cleanup/run-fixture.ts";

/** Carries out a plan of which nothing is to be deleted or changed. */
async function carriedOut(given: Partial<CleanupRules>, ...args: string[]) {
  const { options, words } = await parse(["cleanup", "--yes", ...args], commands);
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const now = (): Date => new Date("2026-11-22T05:41:09Z");
  const io = {
    stdout,
    stderr,
    now,
    cwd: "/",
    env: {},
    signal: new AbortController().signal,
  } as unknown as Context["io"];
  const plan = { ...planHead({ rules: rules(given) }), items: [] };
  const status = await carryOutChoice({ options, words, io, program: "kubectl cronaudit" }, plan, []);
  const [said, out] = await Promise.all([text(stderr.end()), text(stdout.end())]);
  return { status, said, out };
}

const UNMET = "Changes: none: nothing was chosen, so no CronJob is concerned; name it: cronjob/NAME";

it("a wish of --also that concerns nothing is said, and is not status 0", async () => {
  const also: CleanupRules["also"] = [{ way: "suspend" }];
  const people = await carriedOut({ also });
  expect(people.status).toBe(2);
  expect(people.said).toContain(`Note: ${UNMET}\n`);
  const names = await carriedOut({ also }, "-o", "name");
  expect(names).toMatchObject({ status: 2, said: `${UNMET}.\n` });
  const json = await carriedOut({ also }, "-o", "json");
  expect((JSON.parse(json.out) as { notes: string[] }).notes).toEqual([UNMET]);
});

it("what is so already, and no wish at all, are status 0", async () => {
  const named = [{ kind: "CronJob", namespace: "database", name: "nightly" }];
  const already = await carriedOut({ also: [{ way: "suspend" }], named });
  expect(already.status).toBe(0);
  expect(already.said).toContain(
    "Note: Changes: none; what --also asks for is so already in each CronJob that was seen\n",
  );
  expect((await carriedOut({})).status).toBe(0);
});
