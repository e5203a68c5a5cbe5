import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { ExposureReport, Report, StaleReport } from "../../../../src/model/report.ts";
import { page } from "../../../../src/output/html/index.ts";
import { carrier, item, NOW } from "../timeline-report.ts";

const options = {
  ...{ width: 100, color: false, headers: true, details: false, live: true, program: "kubectl cronaudit" },
  command: (args: string) => `kubectl cronaudit ${args}`,
};

function exposure(more: Partial<ExposureReport> = {}): ExposureReport {
  return {
    ...{ apiVersion: "cronaudit/v1", kind: "ExposureReport", complete: true, blindSpots: [], notes: [] },
    metadata: {
      takenAt: NOW,
      cluster: { server: "https://10.0.0.1:6443", version: "v1.36.4", uid: null },
      ...{ user: "alice", scope: { namespaces: null }, tool: { version: "0.1.0" } },
    },
    summary: {
      ...{ credentials: 1, bySeverity: { critical: 0, high: 1, medium: 0, low: 0, info: 0 } },
      ...{ atRestHours: { soFar: 24, projected: null }, withoutEnd: 1, possible: 0 },
      ignored: {
        ...{ file: 0, annotation: 0, unconfirmed: 0 },
        unconfirmedBySeverity: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
      },
    },
    items: [item([carrier()])],
    ...more,
  };
}

const written = (report: Report): string => [...page(report, options)].join("");

/** The text of a page, tags gone and white space as a browser has it. */
function textOf(html: string): string {
  const body = html.slice(html.indexOf("<body>"), html.indexOf("<script>"));
  return body.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
}

test("the policy lets exactly the style and the script of the page pass", () => {
  const html = written(exposure());
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)![1]!;
  const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const between = (tag: string): string => new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(html)![1]!;
  expect(policy.split("; ")).toEqual([
    "default-src 'none'",
    `style-src ${hash(between("style"))}`,
    `script-src ${hash(between("script"))}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(html.match(/<style|<script/g)).toHaveLength(2);
});

test("what could not be seen stands before everything that was, and counts become bounds", () => {
  const spot = {
    ...{ verb: "list", group: "", resource: "secrets", namespace: null, except: [], reason: "Forbidden", message: "" },
    blinds: ["which tokens have no expiry"],
  };
  const html = written(exposure({ complete: false, blindSpots: [spot], notes: ["clocks differ"] }));
  const text = textOf(html);
  expect(text).toMatch(
    /incomplete .* secrets across the cluster \(list: Forbidden\) uncertain: which tokens have no expiry/,
  );
  expect(text.indexOf("secrets across the cluster")).toBeLessThan(text.indexOf("Credential-hours"));
  expect(text).toContain("at least 1");
  expect(text).toContain("at least 0 critical");
});

test("nothing found is said as it is in a terminal, with what could not be seen", () => {
  expect(textOf(written(exposure({ items: [] })))).toContain("No resources found.");
  expect(textOf(written(exposure({ items: [], complete: false })))).toContain(
    "No resources found among what could be seen.",
  );
});

test("bounds are written and drawn as bounds", () => {
  const bound = carrier({
    ...{ opens: "2026-11-20T12:00:00Z", opensNotBefore: "2026-11-18T12:00:00Z", opensIsBound: true },
    ...{ closes: "2026-11-24T12:00:00Z", closesIsBound: true, closesBecause: "token-expiry" },
  });
  const html = written(exposure({ items: [item([bound])] }));
  expect(html).toContain('<rect class="maybe"');
  expect(html).toContain('<rect class="projected bound"');
  expect(html).toMatch(/class="sign"[^>]*>≤</);
  expect(html).toContain("opened 2026-11-20 12:00 at the latest, not before 2026-11-18 12:00");
  expect(html).toContain("closes 2026-11-24 12:00 at the latest");
});

test("an end that assumes something is the earliest, and one without a time is open", () => {
  const later = carrier({ closes: "2026-11-24T12:00:00Z", closesAssumes: "the next 2 runs succeed" });
  const html = written(exposure({ items: [item([later]), item([carrier()])] }));
  expect(html).toMatch(/class="sign"[^>]*>≥</);
  expect(html).toContain("closes 2026-11-24 12:00 at the earliest, if the next 2 runs succeed");
  expect(html).toMatch(/class="sign"[^>]*>→</);
  expect(html).toContain("closes at no known time");
});

test.each(["", "yesterday", "2026-13-45T00:00:00Z"])("times that are none are said to be unreadable: %j", (time) => {
  const unreadable = carrier({ opens: time, opensNotBefore: time, closes: time });
  expect(textOf(written(exposure({ items: [item([unreadable], { opens: time })] })))).toContain("cannot be read");
  const report = exposure();
  report.metadata = { ...report.metadata, takenAt: time };
  expect(textOf(written(report))).toContain("there is no now to draw windows around");
});

test("without explanations, ids are named and not linked", () => {
  const html = written(exposure());
  expect(html).toContain('<code class="term">literal-env</code>');
  expect(html).not.toContain("What the terms mean");
});

test("a report that has no page of its own is its table with every column", () => {
  const stale = {
    ...exposure(),
    ...{ kind: "StaleReport", items: [] },
    summary: {
      ...{ jobs: 0, pods: 0, neverDeleted: 0, deletedWithinHour: 0, goesAwaySoon: [], imageChanges: [] },
      byState: { completed: 0, failed: 0, hung: 0, orphaned: 0, suspended: 0, "stuck-deleting": 0 },
      ignored: { file: 0, annotation: 0, unconfirmed: 0 },
    },
  } as unknown as StaleReport;
  expect(textOf(written(stale))).toContain("No resources found.");
  const one = {
    object: { kind: "Pod", namespace: "database", name: "run-1", uid: "1" },
    ...{ state: "completed", because: "all containers finished", owner: null, startedAt: null, finishedAt: NOW },
    ...{ ageSeconds: 60, credentials: 2, ignored: { file: 0, annotation: 0, unconfirmed: 0 } },
    retention: {
      ...{ governedBy: "none", deletesAt: null, isBound: false, assumes: null, why: "nothing removes it" },
      ...{ overdueSeconds: null, afterRuns: null },
    },
  };
  const text = textOf(written({ ...stale, items: [one] } as unknown as StaleReport));
  expect(text).toMatch(
    /Namespace Name State .* Because database pod\/run-1 completed 60s no end known 2 nothing removes it/,
  );
});
