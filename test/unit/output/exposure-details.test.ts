import { describe, expect, test } from "vitest";
import type { Carrier, ExposureItem, ExposureReport } from "../../../src/model/report.ts";
import { exposureDetails } from "../../../src/output/views/exposure-details.ts";
import type { ViewOptions } from "../../../src/output/view.ts";

const NOW = "2026-11-22T12:00:00Z";
const options: ViewOptions = {
  ...{ width: 100, color: false, headers: true, details: true, live: true, wide: false },
  program: "npx kubectl-cronaudit",
  command: (args) => `kubectl cronaudit ${args}`,
};

function carrier(name: string, more: Partial<Carrier>): Carrier {
  return {
    class: "literal-env",
    object: { kind: "Job", namespace: "database", name, uid: name },
    path: "spec.template.spec.containers[0].env[0].value",
    ...{ opens: "2026-11-20T12:00:00Z", opensNotBefore: "2026-11-20T12:00:00Z", opensIsBound: false, opensBecause: "" },
    ...{ closes: null, closesBecause: "never", closesWhy: "", closesIsBound: false, closesAfterRuns: null },
    ...{ closesAssumes: null, endsBy: null, savesHours: null },
    ...more,
  };
}

/** The lines about what holds a credential, each from the end on. */
function ends(...carriers: Carrier[]): string[] {
  const item: ExposureItem = {
    id: "0",
    credential: {
      ...{ name: "DB_PASSWORD", kind: "password", confidence: "certain", because: "" },
      ...{ fingerprint: null, ref: null, serviceAccount: null, equals: null, equalsMore: 0 },
    },
    severity: "high",
    workload: carriers[0]!.object,
    ...{ removedFromTemplate: false, removedBy: null, rotatedBy: null, token: null },
    carriers,
    ...{ opens: NOW, closes: null, neededUntil: null, atRestHours: { soFar: 1, projected: null } },
    readers: { everyone: false, count: 0, items: [], folded: 0 },
    fix: "",
  };
  const report = { metadata: { takenAt: NOW }, complete: true } as ExposureReport;
  return exposureDetails(report, [item], options)
    .filter((line) => line.startsWith("  held by   "))
    .map((line) => line.slice("  held by   ".length).replace(/: literal-env at .*, for 2d; /, " | "));
}

describe("several objects in one line", () => {
  test("end one after the other: the line says between how many runs", () => {
    const counted = (name: string, runs: number) =>
      carrier(name, {
        closesBecause: "history-limit",
        closesIsBound: true,
        closesWhy: `cronjob/backup keeps 30 successful: goes after ${String(runs)} more successful runs`,
      });
    expect(ends(counted("a", 9), counted("b", 10), counted("c", 11))).toEqual([
      "job/a, job/b, job/c | history-limit: cronjob/backup keeps 30 successful: goes after 9 to 11 more successful runs",
    ]);
  });

  test("have reasons that are no one sentence: each reason has a line", () => {
    const [one, other] = [carrier("a", { closesWhy: "it has no TTL" }), carrier("b", { closesWhy: "it never ended" })];
    expect(ends(one, other, { ...one, object: { ...one.object, name: "c", uid: "c" } })).toEqual([
      "job/a, job/c | no end known: it has no TTL",
      "job/b | no end known: it never ended",
    ]);
  });

  test("go at known times: the line says when the last does", () => {
    const at = (name: string, closes: string | null) =>
      carrier(name, { closes, closesBecause: "ttl", closesIsBound: closes !== null, closesWhy: "TTL of 60 s" });
    const [early, late] = [at("a", "2026-11-22T13:00:00Z"), at("b", "2026-11-22T14:00:00Z")];
    expect(ends(early)).toEqual(["job/a | about in 60m: TTL of 60 s"]);
    expect(ends(late, early)).toEqual(["job/b, job/a | the last of them about in 120m: TTL of 60 s"]);
    expect(ends(early, at("c", null)), "an overdue one has no time").toHaveLength(2);
  });
});
