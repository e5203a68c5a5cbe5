import { describe, expect, test } from "vitest";
import type { AccessItem, Reach, StaleItem, StaleReport, Way } from "../../../src/model/report.ts";
import { accessTree } from "../../../src/output/views/access-tree.ts";
import { fixText } from "../../../src/output/views/fix-text.ts";
import { readersCell, untilCell } from "../../../src/output/views/findings.ts";
import { knownReach } from "../../../src/output/views/reach.ts";
import { staleView } from "../../../src/output/views/stale.ts";
import type { ViewOptions } from "../../../src/output/view.ts";

const NOW = "2026-11-22T12:00:00Z";
const options: ViewOptions = {
  width: 100,
  color: false,
  headers: true,
  details: false,
  live: true,
  wide: false,
  program: "npx kubectl-cronaudit",
  command: (args) => `npx kubectl-cronaudit ${args} --context prod`,
};

const NOTHING: Reach = { cluster: false, namespaces: [], secrets: [] };

function access(more: Partial<AccessItem>): AccessItem {
  return {
    subject: { kind: "ServiceAccount", namespace: "database", name: "backup" },
    exists: true,
    usedBy: [],
    reach: NOTHING,
    reachIsBound: false,
    direct: NOTHING,
    maybe: NOTHING,
    ways: [],
    ineffective: [],
    builtIn: false,
    ...more,
  };
}

describe("a reach", () => {
  const one: Reach = { ...NOTHING, namespaces: ["a"] };
  test.each([
    [{}, "no Secret"],
    [{ reachIsBound: true }, "<unknown>"],
    [{ reach: one }, "every Secret in a"],
    [{ reach: one, reachIsBound: true }, "at least every Secret in a"],
    [{ exists: false }, "no Secret (no such account)"],
    [{ exists: null }, "no Secret"],
  ])("of %j reads %s", (more, text) => {
    expect(knownReach(access(more))).toBe(text);
  });

  test("that was not seen whole is not said to be empty", () => {
    expect(accessTree(access({ reachIsBound: true }), NOW).join("\n")).toMatch(
      /reads: <unknown>\n.*unknown: not every role and binding was seen/,
    );
  });

  test("says of which verbs a note is", () => {
    const chain = [
      { kind: "RoleBinding", namespace: "database", name: "r" },
      { kind: "Role", namespace: "database", name: "one", rule: 0 },
    ];
    const way = (verb: string, note: string | null): Way => ({
      ...{ edge: `secrets-${verb}`, edges: [`secrets-${verb}`], effect: "read", scope: one, leadsTo: [], chain },
      ...{ provedSince: null, verified: null, note },
    });
    const leaf = (...ways: Way[]) => accessTree(access({ reach: one, ways }), NOW).at(-1);
    const rule = "RoleBinding database/r → Role database/one (rule 1)";
    expect(leaf(way("get", null), way("list", "by field"), way("watch", "by field"))).toBe(
      `   └─ ${rule}; secrets-list, secrets-watch by field`,
    );
    expect(leaf(way("list", "by field"), way("watch", "by field"))).toBe(`   └─ ${rule}; by field`);
  });
});

describe("readers", () => {
  test.each([
    [{ everyone: false, count: 0, folded: 0 }, true, "0"],
    [{ everyone: false, count: 0, folded: 3 }, true, "0 + 3 built-in"],
    [{ everyone: false, count: 0, folded: 3 }, false, "<unknown>"],
    [{ everyone: false, count: null, folded: 3 }, true, "<unknown>"],
    [{ everyone: false, count: 2, folded: 3 }, true, "2"],
    [{ everyone: false, count: 2, folded: 3 }, false, "2+"],
    [{ everyone: true, count: 2, folded: 3 }, true, "everyone (2)"],
  ])("%j, complete %s: %s", (readers, complete, text) => {
    expect(readersCell(readers, complete)).toBe(text);
  });
});

test("what nothing is known to end is not said to last for ever", () => {
  expect(untilCell(null, "never", NOW)).toBe("no end known");
});

describe("when a stale object goes", () => {
  const item = (retention: Partial<StaleItem["retention"]>): StaleItem => ({
    object: { kind: "Job", namespace: "database", name: "j", uid: "u" },
    state: "completed",
    because: "",
    owner: null,
    startedAt: null,
    finishedAt: null,
    ageSeconds: 60,
    retention: {
      governedBy: "none",
      deletesAt: null,
      isBound: false,
      assumes: null,
      why: "",
      overdueSeconds: null,
      afterRuns: null,
      ...retention,
    },
    credentials: 0,
    ignored: { file: 0, annotation: 0, unconfirmed: 0 },
  });
  test.each([
    [{}, "no end known"],
    [{ afterRuns: 2 }, "not while suspended"],
    [{ governedBy: "history-limit" as const, afterRuns: 2 }, "after 2 runs"],
    [{ governedBy: "history-limit" as const }, "history-limit"],
  ])("%j: %s", (retention, text) => {
    const none = { file: 0, annotation: 0, unconfirmed: 0 };
    const byState = { completed: 1, failed: 0, hung: 0, orphaned: 0, suspended: 0, "stuck-deleting": 0 };
    const report = {
      metadata: { takenAt: NOW, scope: { namespaces: null } },
      items: [item(retention)],
      summary: {
        ...{ jobs: 1, pods: 0, byState, neverDeleted: 1, deletedWithinHour: 0 },
        ...{ goesAwaySoon: [], imageChanges: [], ignored: none },
      },
    } as unknown as StaleReport;
    const view = staleView(report, options);
    expect(view.rows[0]).toContain(text);
    expect(view.after).toContain("1 job and 0 pods: 1 completed; no end known for 1.");
  });
});

describe("a fix that saves evidence", () => {
  const fix =
    "kubectl delete job a -n 'b;c'  # save the evidence first: kubectl cronaudit snapshot e.jsonl.gz -n 'b;c'; then rotate X";

  test("calls the program as the user called it", () => {
    expect(fixText({ fix }, options)).toBe(
      "kubectl delete job a -n 'b;c'  # save the evidence first: npx kubectl-cronaudit snapshot e.jsonl.gz -n 'b;c' --context prod; then rotate X",
    );
  });

  test("of a file keeps its flags: it says nothing about that cluster's context", () => {
    expect(fixText({ fix }, { ...options, live: false })).toBe(
      fix.replaceAll("kubectl cronaudit ", `${options.program} `),
    );
  });
});
