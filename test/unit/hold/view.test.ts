import { describe, expect, it } from "vitest";
import { holdReport } from "../../../src/hold/report.ts";
import type { HoldItem, HoldSummary } from "../../../src/model/hold.ts";
import type { GoesAway } from "../../../src/model/report.ts";
import { goesAwayLines } from "../../../src/output/views/goes-away.ts";
import { holdView } from "../../../src/output/views/hold.ts";
import type { ViewOptions } from "../../../src/output/view.ts";
import { schemaErrors } from "../../schema.ts";
import { ago, HOUR, NOW, snapshot } from "../batch/objects.ts";

const options = {
  ...{ width: 100, color: false, headers: true, details: false, wide: false, live: true, timeline: false },
  ...{ program: "kubectl cronaudit", kubectlFlags: "", command: (args: string) => `kubectl cronaudit ${args}` },
} as ViewOptions;
const object = (name: string, kind = "Job") => ({ kind, namespace: "database", name, uid: name });
const item = (name: string, more: Partial<HoldItem>): HoldItem => ({
  ...{ object: object(name), state: "held", changes: [], because: "", heldSince: ago(HOUR), heldBy: "alice" },
  ...more,
});
const summary: Omit<HoldSummary, "byState"> = {
  ...{ action: "hold", dryRun: null, goesAtOnce: [], goesSoon: [], startsAtOnce: [], notHeld: [], journal: "/j" },
  mayDelete: null,
};
const view = (items: HoldItem[], more: Partial<typeof summary> = {}) => {
  const report = holdReport(snapshot([]), items, { ...summary, ...more });
  expect(schemaErrors(report)).toEqual([]);
  return holdView(report, options);
};

describe("a hold on the screen", () => {
  it("puts what did not work first, says each change, and counts what needed none", () => {
    const shown = view([
      item("plain", { state: "already" }),
      item("run", { changes: [{ field: "ttlSecondsAfterFinished", from: 60, to: null }] }),
      item("backup", {
        object: object("backup", "CronJob"),
        state: "forbidden",
        changes: [
          { field: "suspend", from: false, to: true },
          { field: "failedJobsHistoryLimit", from: 1, to: 2_147_483_647 },
        ],
      }),
    ]);
    expect(shown.rows.map((row) => [row[0], row[2], row[3]])).toEqual([
      ["FORBIDDEN", "cronjob/backup", "suspend false → true, failed limit 1 → max"],
      ["held", "job/run", "TTL 60 → none"],
    ]);
    expect(shown.after).toEqual([
      "",
      "In no need of a hold: 1.",
      "Release: kubectl cronaudit hold --release job/run -n database",
    ]);
  });

  it("says what it does not keep off, and who may still delete", () => {
    const who = ["a", "b", "c", "d", "e"].map((name) => ({
      subject: { kind: "User" as const, namespace: null, name },
      can: ["delete jobs", "delete pods", "evict pods"],
    }));
    const { after } = view([item("run", {})], {
      notHeld: [{ what: "node-removal", why: "its node goes", objects: [object("p", "Pod")], objectCount: 3 }],
      mayDelete: { subjects: who, builtIn: 7, everyone: false, complete: false },
    });
    expect(after[1]).toBe("Not held: pod/p (database) and 2 more: its node goes.");
    expect(after[2]).toBe(
      "May still delete or evict: User a (delete jobs, delete pods and 1 more), User b (delete jobs, delete pods and 1 more), " +
        "User c (delete jobs, delete pods and 1 more), User d (delete jobs, delete pods and 1 more) and 1 more; built-in: 7; " +
        "not all grants could be seen, there may be more.",
    );
  });

  it("of a release begins with what goes", () => {
    const loss = {
      object: object("run"),
      deletesAt: NOW,
      isBound: false,
      assumes: null,
      why: "TTL of 60 s after it finished",
    };
    const { before } = view([item("run", { state: "would-release" })], {
      ...{ action: "release", goesAtOnce: [loss], startsAtOnce: [object("backup", "CronJob")] },
    });
    expect(before).toEqual([
      "GOES AT ONCE   job/run (database) with its pods: TTL of 60 s after it finished",
      "STARTS AT ONCE   cronjob/backup (database): a run was missed meanwhile",
      "",
    ]);
  });
});

describe("evidence that disappears in the next hour", () => {
  const soon = (name: string, hold: string | null): GoesAway => ({
    ...{ object: object(name), deletesAt: ago(-840), isBound: false, assumes: null, why: "TTL", carries: 0, hold },
  });
  it("comes with the hold that keeps it, each once", () => {
    const lines = goesAwayLines(
      [soon("a", "hold cronjob/x -n d"), soon("b", "hold cronjob/x -n d"), soon("c", null)],
      NOW,
      options,
    );
    expect(lines).toEqual([
      "GOES AWAY SOON   job/a (database): in 14m (TTL)",
      "GOES AWAY SOON   job/b (database): in 14m (TTL)",
      "GOES AWAY SOON   job/c (database): in 14m, cannot be held (TTL)",
      "Hold it: kubectl cronaudit hold cronjob/x -n d",
    ]);
  });
  it("comes with one hold of everything where there are many, and with none from a file", () => {
    const many = ["a", "b", "c", "d"].map((name) => soon(name, `hold job/${name} -n d`));
    expect(goesAwayLines(many, NOW, options).slice(3)).toEqual([
      "GOES AWAY SOON   and 1 more object",
      "Hold it: kubectl cronaudit hold job/a -n d",
      "Hold it: kubectl cronaudit hold job/b -n d",
      "Hold everything: kubectl cronaudit hold --all",
    ]);
    expect(goesAwayLines(many, NOW, { ...options, live: false }).length).toBe(4);
  });
});
