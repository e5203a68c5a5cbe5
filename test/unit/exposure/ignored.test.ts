import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { staleReport } from "../../../src/batch/report.ts";
import { fieldAt } from "../../../src/credentials/own-rules-annotation.ts";
import { applyRules } from "../../../src/credentials/own-rules-apply.ts";
import { checkRules } from "../../../src/credentials/own-rules-file.ts";
import { compileRules } from "../../../src/credentials/own-rules.ts";
import { IGNORED_LINE } from "../../../src/exposure/ignored.ts";
import { answer, EVERYTHING, exposureReport } from "../../../src/exposure/report.ts";
import { triageReport } from "../../../src/exposure/triage.ts";
import type { AllowRule } from "../../../src/model/own-rules.ts";
import type { ExposureReport, Severity } from "../../../src/model/report.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { Ignored, Literal } from "../../../src/model/workload.ts";
import { schemaErrors } from "../../schema.ts";
import { everything } from "../batch/objects.ts";
import { carrying, literal, manager, reference, report, run, seen } from "./objects.ts";
import { snapshots } from "./random-snapshot.ts";

vi.setConfig({ testTimeout: 120_000 });
const RUNS = 100;
const all = everything({ all: true });
const reason = "because we say so";
const OWN = fieldAt("");
const by = (more: Partial<Ignored>): Ignored => ({
  by: "annotation",
  entries: [OWN],
  reason: null,
  confirmed: false,
  ...more,
});

function under(snapshot: Snapshot, lists: object): Snapshot {
  return applyRules(
    snapshot,
    compileRules(checkRules({ apiVersion: "cronaudit/v1", kind: "Rules", ...lists }), "r"),
    true,
  );
}

/** Every literal with the mark that `mark` gives it. */
function marking(snapshot: Snapshot, mark: (literal: Literal) => Ignored | null): Snapshot {
  return JSON.parse(JSON.stringify(snapshot), (_, value: unknown) => {
    const isLiteral = typeof value === "object" && value !== null && "fingerprint" in value && "place" in value;
    const ignored = isLiteral ? mark(value as unknown as Literal) : null;
    return ignored === null ? value : { ...(value as object), ignored };
  }) as Snapshot;
}

const entry: fc.Arbitrary<AllowRule> = fc
  .record({
    names: fc.constantFrom(["*"], ["A", "B"], ["DB_*"], ["*PASS*"], undefined),
    namespaces: fc.constantFrom(["x"], ["y"], ["*"], undefined),
    objects: fc.constantFrom(["*/a"], ["cronjob/*"], ["pod/b", "job/*"], undefined),
    classes: fc.constantFrom<AllowRule["classes"]>(
      ["literal-env"],
      ["literal-args", "log", "configmap-env"],
      undefined,
    ),
  })
  .map(({ names = ["*"], ...keys }) => JSON.parse(JSON.stringify({ reason, names, ...keys })) as AllowRule);

const ids = ({ items }: ExposureReport): string[] => items.map(({ id }) => id);
const total = (counts: Record<Severity, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);

describe("whatever the evidence", () => {
  test("an entry to allow never adds a finding, and what it takes is counted and can be shown", () => {
    let taken = 0;
    fc.assert(
      fc.property(snapshots, fc.array(entry, { minLength: 1, maxLength: 2 }), (snapshot, allow) => {
        const [before, after] = [snapshot, under(snapshot, { allow })].map((one) => exposureReport(one, all));
        const { file, annotation, unconfirmed } = after!.summary.ignored;
        expect(after!.items.length).toBeLessThanOrEqual(before!.items.length);
        expect(after!.items.length + file).toBeGreaterThanOrEqual(before!.items.length);
        expect([annotation, unconfirmed]).toEqual([0, 0]);
        const shown = exposureReport(under(snapshot, { allow }), everything({ all: true, showIgnored: true }));
        // Where Secrets were compared, one that a text equals becomes an item of its own: with an id of its own, and without
        // the use that the runs with the text make of it.
        if (snapshot.compared === undefined) {
          expect(after!.summary.atRestHours.soFar).toBeLessThanOrEqual(before!.summary.atRestHours.soFar);
          expect(ids(before!)).toEqual(expect.arrayContaining(ids(after!)));
          expect(ids(shown).sort()).toEqual(ids(before!).sort());
        }
        expect(shown.summary).toEqual(after!.summary);
        expect(schemaErrors(shown)).toEqual([]);
        taken += file;
      }),
      { numRuns: RUNS },
    );
    expect(taken).toBeGreaterThan(RUNS / 4);
  });

  test("an annotation that nobody confirms takes nothing from the count, at no severity", () => {
    let taken = 0;
    fc.assert(
      fc.property(snapshots, fc.integer({ min: 1, max: 3 }), (snapshot, modulus) => {
        const marked = marking(snapshot, ({ path, name }) =>
          (path.length + name.length) % modulus === 0 ? by({}) : null,
        );
        for (const lists of [null, {}, { trustAnnotations: [{ managers: ["nobody"] }] }]) {
          const silenced = lists === null ? marked : under(marked, lists);
          const [before, after] = [snapshot, silenced].map((one) => exposureReport(one, all).summary);
          for (const severity of Object.keys(before!.bySeverity) as Severity[]) {
            const kept = after!.bySeverity[severity] + after!.ignored.unconfirmedBySeverity[severity];
            if (snapshot.compared === undefined) expect(kept).toBe(before!.bySeverity[severity]);
            else expect(kept).toBeGreaterThanOrEqual(before!.bySeverity[severity]);
          }
          expect(total(after!.ignored.unconfirmedBySeverity)).toBe(after!.ignored.unconfirmed);
          const triage = triageReport(silenced, all);
          const line = triage.items.find(({ id }) => id === IGNORED_LINE);
          expect(line === undefined).toBe(triage.summary.ignored.unconfirmed === 0);
          const worst = (Object.keys(before!.bySeverity) as Severity[]).find(
            (one) => after!.ignored.unconfirmedBySeverity[one] > 0,
          );
          expect(line?.severity).toBe(worst);
          expect(schemaErrors(triage)).toEqual([]);
          taken += after!.ignored.unconfirmed;
        }
      }),
      { numRuns: RUNS },
    );
    expect(taken).toBeGreaterThan(RUNS / 4);
  });

  test("stale, exposure and triage take the same for ignored", () => {
    fc.assert(
      fc.property(snapshots, fc.array(entry, { maxLength: 2 }), (snapshot, allow) => {
        const after = under(
          marking(snapshot, ({ name }) => (name < "M" ? by({}) : null)),
          { allow },
        );
        const stale = staleReport(after, all);
        for (const { credentials, ignored } of stale.items) {
          expect(Math.min(credentials, ignored.file, ignored.annotation)).toBeGreaterThanOrEqual(0);
          expect(ignored.unconfirmed).toBe(ignored.annotation);
        }
        const { file, annotation, unconfirmed } = exposureReport(after, all).summary.ignored;
        expect(triageReport(after, all).summary.ignored).toEqual({ file, annotation, unconfirmed });
        expect(schemaErrors(stale)).toEqual([]);
      }),
      { numRuns: RUNS / 2 },
    );
  });
});

describe("a credential in several places", () => {
  const owner = carrying("backup", [literal("f1", { ignored: by({}) })]);
  test("is a finding, with all of them, while one is not ignored", () => {
    const { items, summary } = report([owner, ...run("backup-1", 60, owner, [literal("f1")])]);
    expect(items.find(({ credential }) => credential.fingerprint === "f1")?.carriers).toHaveLength(3);
    expect(summary.ignored).toMatchObject({ file: 0, annotation: 0 });
  });

  test("is ignored by the file where all are, and unconfirmed where one is", () => {
    const file = by({ by: "file", entries: ["allow[0]"], reason, confirmed: true });
    const both = (ignored: Ignored) =>
      report([owner, ...run("backup-1", 60, owner, [literal("f1", { ignored })])], {}, { showIgnored: true });
    const of = ({ items }: ExposureReport) => items.find(({ credential }) => credential.fingerprint === "f1")?.ignored;
    expect(of(both(file))).toMatchObject({ by: "annotation", confirmed: false, entries: ["allow[0]", OWN], reason });
    expect(of(report([carrying("b", [literal("f1", { ignored: file })])], {}, { showIgnored: true }))).toEqual({
      ...{ by: "file", confirmed: true, entries: ["allow[0]"], reason, setBy: [] },
    });
  });

  test("of which a Secret holds the same leaves the Secret a finding of its own", () => {
    const equals = {
      secrets: [{ namespace: "database", name: "db", key: "password", fills: "secret" as const }],
      more: 0,
    };
    const held = [literal("f1", { equals, ignored: by({}) })];
    const objects = run("backup-1", 60, null, held, { pod: { nodeName: "n1", secretReferences: [reference("db")] } });
    const { items, summary } = report(objects, {}, { all: true });
    expect(items.map(({ credential }) => credential.kind)).toEqual(["secret-reference"]);
    expect(summary.ignored.unconfirmed).toBe(1);
  });
});

test("who set an annotation is said in a note, and in the triage's line", () => {
  const bare = carrying("backup", [literal("f1", { ignored: by({}) })]);
  const fields = [manager([OWN], 60, "kubectl-annotate"), manager([OWN], 90, "k9s")];
  const objects = [{ ...bare, meta: { ...bare.meta, managedFields: fields } }];
  expect(report(objects).notes).toContain(
    "Ignored, and no rules file confirms it: DB_PASSWORD (medium) by metadata.annotations[cronaudit/ignore] of " +
      "cronjob/backup (database), set by k9s, kubectl-annotate, on 2026-11-22T11:58:30Z at the latest.",
  );
  const [line] = triageReport(seen(objects), everything()).items;
  expect(line).toMatchObject({
    id: IGNORED_LINE,
    what: "1 credential ignored by annotation alone (database)",
    since: "2026-11-22T11:58:30Z",
    next: "exposure -n database --show-ignored",
  });
});

test("ten credentials are named, the worst first, and the others counted", () => {
  const objects = Array.from({ length: 12 }, (_, i) =>
    carrying(`c${String(i)}`, [literal(`f${String(i)}`, { ignored: by({}) })]),
  );
  const notes = report(objects).notes.filter((note) => note.startsWith("Ignored"));
  expect(notes).toHaveLength(11);
  expect(notes[0]).toContain("set by nobody that managedFields name.");
  expect(notes[10]).toBe("Ignored by annotations that no rules file confirms: 2 more credentials (--show-ignored).");
});

test("by carrier and by reader, what is ignored is left out as well", () => {
  const snapshot = seen([carrying("backup", [literal("f1", { ignored: by({}) })])]);
  for (const view of ["carrier", "reader"] as const) {
    const { items, summary } = answer(snapshot, everything(), { ...EVERYTHING, by: view });
    expect([items.length, summary.ignored.unconfirmed]).toEqual([0, 1]);
  }
});
