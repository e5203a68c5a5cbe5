import { describe, expect, test } from "vitest";
import { fieldAt } from "../../../src/credentials/own-rules-annotation.ts";
import { applyRules } from "../../../src/credentials/own-rules-apply.ts";
import { checkRules } from "../../../src/credentials/own-rules-file.ts";
import { compileRules } from "../../../src/credentials/own-rules.ts";
import type { FieldManager } from "../../../src/model/object.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { CronJob, Ignored, Literal } from "../../../src/model/workload.ts";
import { ago, controlledBy, cronJob, finished, pod, template } from "../batch/objects.ts";
import { carrying, literal, manager, run, seen } from "../exposure/objects.ts";

const reason = "because we say so";
const OWN = fieldAt("");
const marked = (entries: string[], more: Partial<Ignored> = {}): Partial<Literal> => ({
  ignored: { by: "annotation", entries, reason: null, confirmed: false, ...more },
});

function apply(snapshot: Snapshot, lists: object, fresh = true): { after: Snapshot; notes: string[] } {
  const rules = compileRules(checkRules({ apiVersion: "cronaudit/v1", kind: "Rules", ...lists }), "rules.yaml");
  const after = applyRules(snapshot, rules, fresh);
  return { after, notes: after.notes.map((note) => note.replace("Rules file rules.yaml: ", "")) };
}

const first = ({ cronjobs }: Snapshot): Literal => cronjobs[0]!.job.template.literals[0]!;
const of = (more: Partial<Literal> = {}): Snapshot => seen([carrying("backup", [literal("a".repeat(32), more)])]);
const ignored = (lists: object, more: Partial<Literal> = {}, fresh = true): boolean =>
  first(apply(of(more), lists, fresh).after).ignored !== undefined;
const allow = (entry: object): object => ({ allow: [{ reason, ...entry }] });

describe("an entry to allow means what all of its keys mean", () => {
  test.each<[boolean, object]>([
    [true, { names: ["db_password"] }],
    [true, { names: ["*_PASSWORD"] }],
    [false, { names: ["PASSWORD"] }],
    [true, { namespaces: ["data*"] }],
    [false, { namespaces: ["data"] }],
    [true, { objects: ["cronjob/back*"] }],
    [true, { objects: ["*/backup"] }],
    [false, { objects: ["job/backup"] }],
    [true, { classes: ["literal-env"] }],
    [false, { classes: ["literal-args", "log"] }],
    [true, { fingerprints: ["a".repeat(32)] }],
    [false, { fingerprints: ["b".repeat(32)] }],
    [
      true,
      { names: ["x", "DB_PASSWORD"], namespaces: ["database"], objects: ["cronjob/backup"], classes: ["literal-env"] },
    ],
    [false, { names: ["DB_PASSWORD"], namespaces: ["payments"] }],
    [false, { values: [".+"] }],
  ])("%s: %j", (expected, entry) => {
    expect(ignored(allow({ ...entry }))).toBe(expected);
  });

  test("a value is what projection marked, and only under the rules that marked it", () => {
    const value = allow({ values: ["x.*"], names: ["DB_PASSWORD"] });
    expect(ignored(value, marked(["allow[0]"], { by: "file" }))).toBe(true);
    expect(ignored(allow({ values: ["x.*"], names: ["OTHER"] }), marked(["allow[0]"], { by: "file" }))).toBe(false);
    expect(ignored(value, marked(["allow[0]"], { by: "file" }), false)).toBe(false);
  });

  test("the number of a second one of its name is no part of the name", () => {
    expect(ignored(allow({ names: ["DB_PASSWORD"] }), { name: "DB_PASSWORD (2)" })).toBe(true);
  });

  test("until its last day, by the moment of the evidence", () => {
    const today = ago(0).slice(0, 10);
    const yesterday = ago(86_400).slice(0, 10);
    expect(ignored(allow({ until: today, names: ["*"] }))).toBe(true);
    const { after, notes } = apply(of(), allow({ until: yesterday, names: ["*"] }));
    expect(first(after).ignored).toBeUndefined();
    expect(notes).toEqual(['allow[0] is past "until", and no longer honoured']);
  });
});

test("an object that is named stands for what it controls, also where its runs share a template", () => {
  const literals = [literal("f1")];
  const [backup, other] = [carrying("backup", literals), carrying("other", literals)];
  const runs = [...run("backup-1", 60, backup, literals), ...run("other-1", 60, other, literals)];
  const { after } = apply(seen([backup, other, ...runs]), allow({ objects: ["cronjob/backup"] }));
  const all = [
    ...after.cronjobs.map(({ meta, job }) => [meta.name, job.template.literals[0]!.ignored !== undefined]),
    ...after.jobs.map(({ meta, spec }) => [meta.name, spec.template.literals[0]!.ignored !== undefined]),
    ...after.pods.map(({ meta, template: own }) => [meta.name, own.literals[0]!.ignored !== undefined]),
  ];
  expect(Object.fromEntries(all)).toEqual({
    backup: true,
    "backup-1": true,
    "backup-1-x": true,
    other: false,
    "other-1": false,
    "other-1-x": false,
  });
});

test("equal templates stay one object, so that 10,000 pods of one CronJob share it", () => {
  const shape = template({ literals: [literal("f1")] });
  const pods = ["a", "b", "c"].map((name) => pod(name, { template: shape }));
  const { after } = apply(seen(pods), allow({ names: ["*"] }));
  expect(new Set(after.pods.map((one) => one.template)).size).toBe(1);
  expect(apply(seen(pods), {}).after.pods[0]!.template).toBe(shape);
});

describe("names that hold none", () => {
  const rules = { notNames: [{ names: ["DB_PASSWORD"], reason }] };
  test("are ignored by the file", () => {
    const { ignored } = first(apply(of({ confidence: "likely" }), rules).after);
    expect(ignored).toEqual({ by: "file", entries: ["notNames[0]"], reason, confirmed: true });
  });
  test("unless the credential is certain", () => {
    expect(ignored(rules, { confidence: "certain" })).toBe(false);
  });
});

describe("an annotation", () => {
  const annotated = (fields: FieldManager[], lists: object): Ignored | undefined => {
    const bare = carrying("backup", [literal("f1", marked([OWN]))]);
    const object: CronJob = { ...bare, meta: { ...bare.meta, managedFields: fields } };
    return first(apply(seen([object]), lists).after).ignored;
  };
  const trust = (entry: object): object => ({ trustAnnotations: [entry] });

  test.each<[boolean, string, string[], object]>([
    [true, "its manager is meant", ["argocd"], { managers: ["argo*"] }],
    [false, "its manager is not meant", ["kubectl-edit"], { managers: ["argo*"] }],
    [false, "one of its managers is not meant", ["argocd", "kubectl-edit"], { managers: ["argo*"] }],
    [false, "nobody is recorded", [], { managers: ["*"] }],
    [true, "anybody in the namespace is believed", [], { namespaces: ["database"] }],
    [false, "another namespace is", ["argocd"], { managers: ["argocd"], namespaces: ["payments"] }],
    [false, "the entry is past its date", ["argocd"], { managers: ["argocd"], until: "2020-01-01" }],
  ])("is confirmed (%s) where %s", (confirmed, _, managers, entry) => {
    const fields = managers.map((one) => manager([OWN], 60, one));
    expect(annotated(fields, trust(entry))).toEqual({ by: "annotation", entries: [OWN], reason: null, confirmed });
  });

  test("is not confirmed by a file that says nothing of it", () => {
    expect(annotated([manager([OWN], 60)], {})?.confirmed).toBe(false);
  });

  test("is outranked by the file, and not forgotten", () => {
    expect(annotated([], allow({ names: ["DB_PASSWORD"] }))).toEqual({
      by: "file",
      entries: ["allow[0]", OWN],
      reason,
      confirmed: true,
    });
  });

  test("that a run inherited is that of whoever wrote the template", () => {
    const controller = "kube-controller-manager";
    const literals = [literal("f1", marked([OWN]))];
    const owner = cronJob("backup", {
      meta: { managedFields: [manager([fieldAt("template.")], 60, "argocd")] },
    });
    const job = finished("backup-1", 60, owner, {
      meta: {
        managedFields: [manager([fieldAt("template.")], 50, controller)],
        ownerReferences: controlledBy(owner),
      },
    });
    const its = (name: string, managers: string[]) =>
      pod(name, {
        template: template({ literals }),
        meta: { managedFields: managers.map((one) => manager([OWN], 40, one)), ownerReferences: controlledBy(job) },
      });
    const pods = [its("inherited", [controller]), its("touched", [controller, "kubectl-edit"])];
    const { after } = apply(seen([owner, job, ...pods]), trust({ managers: ["argocd"] }));
    expect(after.pods.map(({ meta, template: own }) => [meta.name, own.literals[0]!.ignored?.confirmed])).toEqual([
      ["inherited", true],
      ["touched", false],
    ]);
  });

  test("on a pod that calls itself inherited, and whose owner has none, is nobody's", () => {
    const owner = cronJob("backup", { meta: { managedFields: [manager(["data"], 60, "argocd")] } });
    const job = finished("backup-1", 60, owner, { meta: { ownerReferences: controlledBy(owner) } });
    const forged = pod("forged", {
      template: template({ literals: [literal("f1", marked([OWN]))] }),
      meta: { managedFields: [manager([OWN], 40, "kube-controller-manager")], ownerReferences: controlledBy(job) },
    });
    const { after } = apply(seen([owner, job, forged]), trust({ managers: ["argocd"] }));
    expect(after.pods[0]!.template.literals[0]!.ignored?.confirmed).toBe(false);
  });
});

describe("rules over a snapshot that was taken before", () => {
  test("replace what those of the capture ignored", () => {
    expect(ignored({}, marked(["allow[3]"], { by: "file", confirmed: true }), false)).toBe(false);
  });
  test("keep annotations, under a file that may confirm them or not", () => {
    const { after } = apply(of(marked(["allow[3]", OWN], { by: "file", confirmed: true })), {}, false);
    expect(first(after).ignored).toEqual({ by: "annotation", entries: [OWN], reason: null, confirmed: false });
  });
  test("raise what was only possible by its name, and say what they had to leave out", () => {
    const lists = {
      names: [{ names: ["DB_PASSWORD"], kind: "token" }],
      patterns: [{ pattern: "abc" }],
      ...allow({ values: ["x.*"] }),
    };
    const { after, notes } = apply(of({ confidence: "possible" }), lists, false);
    expect(first(after)).toMatchObject({ confidence: "likely", kind: "token" });
    expect(notes).toEqual([
      "used, with how often: names[0] (1)",
      "patterns[0], allow[0] hang on values, which a snapshot does not hold, and were left out",
    ]);
  });
  test("take the place of earlier notes", () => {
    const once = apply(of(), allow({ names: ["DB_PASSWORD"] })).after;
    expect(apply(once, {}, false).after.notes.filter((note) => note.startsWith("Rules file"))).toEqual([]);
  });
});

test("notes tell what had a say, in the order of the file, and what never matched where it could have", () => {
  const lists = {
    names: [{ names: ["NEVER"] }],
    allow: [
      { reason, names: ["OTHER"] },
      { reason, names: ["DB_PASSWORD"] },
      { reason, names: ["OTHER"], namespaces: ["payments"] },
    ],
  };
  const all = of();
  expect(apply(all, lists).notes).toEqual([
    "used, with how often: allow[1] (1)",
    "never matched in this evidence: names[0], allow[0], allow[2]; correct or remove what is not needed",
  ]);
  const narrow = { ...all, metadata: { ...all.metadata, scope: { namespaces: ["database"] } } };
  expect(apply(narrow, lists).notes[1]).toContain("evidence: names[0], allow[0];");
});
