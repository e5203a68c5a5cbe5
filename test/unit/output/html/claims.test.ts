import { expect, test } from "vitest";
import type { AccessItem, AccessReport, ReplayReport, Report, TriageReport } from "../../../../src/model/report.ts";
import { page } from "../../../../src/output/html/index.ts";
import { linesOf } from "../../../../src/output/html/lines.ts";
import { markup } from "../../../../src/output/html/markup.ts";
import { command } from "../../../../src/output/html/pieces.ts";
import { item, NOW } from "../timeline-report.ts";

const program = "kubectl cronaudit";
const options = {
  ...{ width: 100, color: false, headers: true, details: false, live: true, program },
  command: (args: string) => `${program} ${args}`,
};

const around = {
  ...{ apiVersion: "cronaudit/v1", complete: false, blindSpots: [], notes: [] },
  metadata: {
    takenAt: NOW,
    cluster: { server: "https://10.0.0.1:6443", version: "v1.36.4", uid: null },
    ...{ user: "alice", scope: { namespaces: null }, tool: { version: "0.1.0" } },
  },
};

/** The text of a page, what is only drawn left out. */
function textOf(report: unknown): string {
  const html = [...page(report as Report, options)].join("");
  const body = html.slice(html.indexOf("<body>"), html.indexOf("<script>"));
  const heard = body.replace(/<span aria-hidden="true">[^<]*<\/span>/g, " ");
  return heard.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
}

const codeOf = (html: string): string[] => [...html.matchAll(/<code>(.*?)<\/code>/gs)].map(([, text]) => text!);

test("a command is whole, whatever name is quoted in it, and its comment is not part of it", () => {
  const line = String.raw`kubectl cronaudit access 'user:x  # it'\''s  # y'`;
  const quoted = line.replaceAll("'", "&#39;");
  expect(codeOf(command(line).text)).toEqual([quoted]);
  const { text } = command(`${line}  # first this; then that`);
  expect(codeOf(text)).toEqual([quoted]);
  expect(text.match(/class="why">[^<]*/g)).toEqual(['class="why">first this', 'class="why">then that']);
});

test("no name makes a command to copy out of a sentence", () => {
  const said = (line: string): string[] => codeOf(markup`${linesOf([line], options)}`.text);
  expect(said("GOES AWAY SOON   job/a: kubectl delete ns prod (db): in 13m")).toEqual([]);
  expect(said("Rotate: A: kubectl delete ns prod.")).toEqual([]);
  expect(said("GOES AWAY SOON   pod/a (b: kubectl cronaudit x): in 13m")).toEqual([]);
  for (const before of ["Next", "Hold it", "Ignored: 1,204 by the rules file", "2 more values might be a credential"]) {
    expect(said(`${before}: kubectl cronaudit exposure`)).toEqual(["kubectl cronaudit exposure"]);
  }
});

const nothing = { cluster: false, namespaces: [], secrets: [] };
const reaches: AccessItem = {
  subject: { kind: "ServiceAccount", namespace: "database", name: "backup" },
  ...{ exists: true, usedBy: [], reach: { ...nothing, namespaces: ["database"] }, direct: nothing, maybe: nothing },
  ...{ reachIsBound: true, ways: [], ineffective: [], builtIn: false },
};

test("where a grant may not have been seen, no access is said to be none", () => {
  const summary = {
    ...{ secret: null, subjects: 1, readEverySecret: 0, readWholeNamespaces: 0, folded: 0, reachIsBound: 1 },
    verified: null,
  };
  const report = { ...around, kind: "AccessReport", summary, items: [reaches] } as unknown as AccessReport;
  const text = textOf(report);
  expect(text).toMatch(/Reads at least every Secret in database Directly unknown Ways at least 0/);
  expect(text).toContain("No way to a Secret was found among what could be seen.");
  expect(text).toContain("Subjects at least 1 Subject");
  const seen = textOf({ ...report, complete: true, items: [{ ...reaches, reachIsBound: false }] });
  expect(seen).toMatch(/Directly no Secret Ways 0 /);
  expect(seen).toContain("No way to a Secret was found.");
});

test("a finding's readers are unknown or a lower bound where not every right was seen", () => {
  const summary = {
    bySeverity: { critical: 0, high: 1, medium: 0, low: 0, info: 0 },
    ...{ atRestHours: { soFar: 24, projected: null }, largest: null, goesAwaySoon: [], next: null },
    ignored: { file: 0, annotation: 0, unconfirmed: 0 },
  };
  const { severity, workload } = item([]);
  const said = (count: number | null, complete: boolean): string => {
    const finding = {
      ...{ severity, what: "DB_PASSWORD", objects: [workload], objectCount: 1, next: "exposure" },
      ...{ since: null, sinceIsBound: false, until: null, untilBecause: "never", untilIsBound: false },
      ...{ untilAssumes: null, untilWhy: "nothing ends it", readers: { everyone: false, count, folded: 0 } },
    };
    const report = { ...around, kind: "TriageReport", complete, summary, items: [finding] } as unknown as TriageReport;
    return /nothing ends it Readers (.*?) Objects/.exec(textOf(report))![1]!;
  };
  expect(said(0, false)).toBe("unknown");
  expect(said(null, false)).toBe("unknown");
  expect(said(3, false)).toBe("at least 3 identities");
  expect(said(3, true)).toBe("3 identities");
  expect(said(0, true)).toBe("0 identities");
});

test("a replay says from whose position it is judged, what the server said, and bounds as bounds", () => {
  const summary = {
    ...{ workloads: 3, byOutcome: { succeeds: 2, inconclusive: 1, blocked: 0, "not-applicable": 0 } },
    ...{ from: [{ kind: "User", namespace: null, name: "mallory" }], lab: null },
    verified: { confirmed: 4, refuted: 1, unknown: 2 },
  };
  const text = textOf({ ...around, kind: "ReplayReport", summary, items: [] } as unknown as ReplayReport);
  expect(text).toMatch(/Workloads at least 3 Attacks that succeed at least 2 .* Blocked at least 0/);
  expect(text).toContain("From the position of User mallory.");
  expect(text).toContain("confirms 4 steps that it was asked about, contradicts 1, and leaves 2 open.");
});
