import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Context } from "../../../src/cli/command.ts";
import { parse } from "../../../src/cli/parse.ts";
import { confirm } from "../../../src/commands/cleanup-bounds.ts";
import { commands } from "../../../src/commands/index.ts";
import type { CleanupChange, CleanupItem, CleanupPlan } from "../../../src/model/cleanup.ts";
import { chosenItem, planHead } from "../cleanup/run-fixture.ts";
import { rules } from "../cleanup/objects.ts";

const ENDS = { exposures: [], closed: [], tokens: 0, savesHours: 0 };
const item = (name: string, namespace = "database"): CleanupItem => {
  const chosen = chosenItem(name);
  return { ...chosen, object: { ...chosen.object, namespace }, ends: ENDS };
};

/** Asks for a confirmation; gives what was said, and the error. */
async function asked(
  args: string,
  given: { typed?: string; terminal?: boolean; items?: CleanupItem[]; plan?: Partial<CleanupPlan> } = {},
) {
  const { typed, terminal = typed !== undefined, items = [item("a"), item("b")], plan: more = {} } = given;
  const { options, words } = await parse(args.split(" "), commands);
  const stdin = Object.assign(new PassThrough(), { isTTY: terminal });
  const stderr = Object.assign(new PassThrough(), { isTTY: terminal });
  let said = "";
  stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  if (typed !== undefined) stdin.end(typed);
  const io = { stdin, stderr, signal: new AbortController().signal } as unknown as Context["io"];
  const plan: CleanupPlan = { ...planHead(more), items };
  const error = await confirm({ options, words, io, program: "kubectl cronaudit" }, plan, items).then(
    () => null,
    (problem: unknown) => problem as Error & { next?: string },
  );
  return { said, error: error?.message ?? null, ...(error?.next === undefined ? {} : { next: error.next }) };
}

describe("without a terminal", () => {
  it("--yes is needed and enough, within the bounds", async () => {
    expect((await asked("cleanup --plan x")).error).toBe("without a terminal nothing is deleted but with --yes");
    expect(await asked("cleanup --yes")).toEqual({ error: null, said: "" });
    expect((await asked("cleanup --yes --max-deletions 1")).error).toBe(
      "2 objects would be deleted, and with them 2 other objects, and --max-deletions is 1: nothing was deleted",
    );
    expect((await asked("cleanup --yes --max-percent 99")).error).toMatch(/^100% of the Jobs and pods/);
    expect((await asked("cleanup --yes --max-percent 100")).error).toBeNull();
    expect((await asked("cleanup --yes --no-input", { terminal: true })).error).toBeNull();
  });

  it("500 is the bound", async () => {
    const items = Array.from({ length: 501 }, (_, at) => item(`job-${String(at)}`));
    expect((await asked("cleanup --yes", { items })).error).toMatch(
      /^501 objects would be deleted, and with them 501 other objects, and --max-deletions is 500/,
    );
    expect((await asked("cleanup --yes", { items: items.slice(1) })).error).toBeNull();
  });
});

/** Suspends these CronJobs, which were named. */
function suspending(...places: [string, string][]): Partial<CleanupPlan> {
  const objects = places.map(([name, namespace]) => ({
    kind: "CronJob",
    name,
    namespace,
    uid: `${namespace}/${name}`,
  }));
  return {
    rules: rules({ named: objects, also: [{ way: "suspend" }] }),
    changes: objects.map((object): CleanupChange => ({
      way: "suspend",
      object,
      resource: { group: "batch", version: "v1", resource: "cronjobs" },
      resourceVersion: "5",
      because: "no further run starts",
      patch: { spec: { suspend: true } },
      diff: [],
      takes: [],
      items: [],
      decision: "change",
      refusedBecause: null,
    })),
  };
}

describe("changes", () => {
  it("count with the deletions, but for those that are refused", async () => {
    const plan = suspending(["a", "database"], ["b", "database"], ["c", "database"]);
    expect((await asked("cleanup --yes --max-deletions 4", { plan })).error).toBe(
      "2 objects would be deleted, and with them 2 other objects, 3 changes would be made, and --max-deletions is 4: " +
        "nothing was deleted, and nothing changed",
    );
    const beyond = await asked("cleanup --yes --max-deletions 2", { plan, items: [] });
    expect(beyond.error).toMatch(/^3 changes would be made, and --max-deletions is 2: nothing was deleted/);
    expect(beyond.next).toBe("Narrow it with --older-than, --state, -l or -n, or allow it with --max-deletions 3.");
    expect((await asked("cleanup --yes --max-deletions 3", { plan, items: [] })).error).toBeNull();
    const refused = plan.changes!.map((one) => ({ ...one, decision: "refuse" as const, refusedBecause: "no" }));
    const none = { ...plan, changes: refused };
    expect((await asked("cleanup --yes --max-deletions 1", { plan: none, items: [] })).error).toBeNull();
  });

  it("of one name in several namespaces need a typed confirmation, and are an error without a terminal", async () => {
    const plan = suspending(["backup", "database"], ["backup", "payments"]);
    const alone = await asked("cleanup cronjob/backup -A --yes --also suspend", { plan, items: [] });
    expect(alone).toMatchObject({
      error:
        "cronjob/backup stands in 2 namespaces (database, payments), and --also means all of them: " +
        "nothing was deleted, and nothing changed",
      next: "Name one namespace with -n, or confirm it in a terminal.",
    });
    const typed = { plan, items: [], typed: "127.0.0.1:6443\n" };
    const there = await asked("cleanup cronjob/backup -A --yes --also suspend", typed);
    expect(there.error).toBeNull();
    expect(there.said).toContain(
      "Suspend cronjob/backup of payments: no further run starts.\nType 127.0.0.1:6443 to go on: ",
    );
    expect((await asked("cleanup cronjob/backup -A --yes --also suspend", { ...typed, typed: "y\n" })).error).toMatch(
      /^that is not 127/,
    );
    const two = suspending(["backup", "database"], ["other", "payments"]);
    expect((await asked("cleanup cronjob -A --yes --also suspend", { plan: two, items: [] })).error).toBeNull();
  });

  it("are not the only thing that one name may not spread: deletions are asked for as well", async () => {
    const named = (...namespaces: string[]): Partial<CleanupPlan> => ({
      rules: rules({
        named: namespaces.map((namespace) => ({ kind: "Job", name: "a", namespace, uid: `${namespace}/a` })),
      }),
    });
    const items = [item("a"), item("a", "payments")];
    const there = { plan: named("database", "payments"), items };
    expect(await asked("cleanup job/a -A --yes", there)).toMatchObject({
      error: "job/a stands in 2 namespaces (database, payments), and all of them are meant: nothing was deleted",
      next: "Name one namespace with -n, or confirm it in a terminal.",
    });
    expect((await asked("cleanup job/a -A --yes", { ...there, typed: "127.0.0.1:6443\n" })).error).toBeNull();
    expect((await asked("cleanup job/a -A --yes", { ...there, items: [item("b")] })).error).toBeNull();
    expect((await asked("cleanup job/a -A --yes", { plan: named("database"), items: [item("a")] })).error).toBeNull();
    const owner = { kind: "CronJob", name: "a", namespace: "database", uid: "u" };
    const runs = {
      plan: { rules: rules({ named: ["database", "payments"].map((namespace) => ({ ...owner, namespace })) }) },
    };
    const ofCronJob = await asked("cleanup cronjob/a -A --yes", { ...runs, items: [{ ...item("a-1"), owner }] });
    expect(ofCronJob.error).toMatch(/^cronjob\/a stands in 2 namespaces/);
  });

  it("alone are no deletion", async () => {
    const plan = suspending(["backup", "database"]);
    const { said } = await asked("cleanup --plan x", { plan, items: [], typed: "database\n" });
    expect(said).toBe("1 change would be made.\nType database to go on: ");
  });
});

describe("on a terminal", () => {
  it("the end of the input is no answer", async () => {
    expect((await asked("cleanup --yes --max-deletions 1", { typed: "" })).error).toBe(
      "that is not database: nothing was deleted",
    );
  });

  const older = { rules: rules({ olderThanSeconds: 3600 }) };

  it("a whole namespace needs its name typed, and what is narrowed does not", async () => {
    expect(await asked("cleanup --yes -n database", { typed: "database\n" })).toEqual({
      error: null,
      said: "2 objects would be deleted, and with them 2 other objects.\nType database to delete them: ",
    });
    for (const typed of ["", "y", "yes", "Database", "database2"])
      expect((await asked("cleanup --yes -n database", { typed })).error).toBe(
        "that is not database: nothing was deleted",
      );
    expect(await asked("cleanup --yes --older-than 1h", { typed: "\n", plan: older })).toEqual({
      error: null,
      said: "",
    });
    expect((await asked("cleanup --yes -l app=x", { typed: "\n" })).error).toBeNull();
  });

  it("more than the bound needs it as well; of several namespaces the server's address", async () => {
    const items = [item("a"), item("b", "team")];
    const beyond = await asked("cleanup --yes --older-than 1h --max-deletions 1", {
      typed: "127.0.0.1:6443\n",
      plan: older,
      items,
    });
    expect(beyond.error).toBeNull();
    expect(beyond.said).toBe(
      "2 objects would be deleted, and with them 2 other objects, and --max-deletions is 1.\nType 127.0.0.1:6443 to delete them: ",
    );
  });

  it("without --yes it is always asked", async () => {
    expect((await asked("cleanup --plan x", { typed: "no\n", plan: older })).error).toBe(
      "that is not database: nothing was deleted",
    );
    expect((await asked("cleanup --plan x", { typed: "database\n", plan: older })).error).toBeNull();
  });
});
