import { describe, expect, test } from "vitest";
import { quote } from "../../../src/exposure/steps.ts";
import { ago, controlledBy, DAY, HOUR, job, pod, running, template, terminated } from "../batch/objects.ts";
import { bind, bindCluster, clusterRole, group, role, rule, user } from "../rbac/fixture.ts";
import { account, carrying, literal, reference, report, run, TOKEN } from "./objects.ts";

const fixes = (...args: Parameters<typeof report>) => report(...args).items.map(({ fix }) => fix);

/** A pod that runs and names a Secret. */
const naming = (more: Parameters<typeof pod>[1]) =>
  pod("busy", {
    phase: "Running",
    containers: [running("main")],
    template: template({ secretReferences: [reference("db")], nodeName: "n", tokens: [TOKEN] }),
    ...more,
  });

describe("the next step", () => {
  test("for a literal in a template: out of the template", () => {
    expect(fixes([carrying("backup", [literal("a")])])).toEqual([
      "kubectl edit cronjob/backup -n database  # take DB_PASSWORD out of spec.containers[0].env[0].value and mount it from a Secret; then rotate DB_PASSWORD",
    ]);
  });

  test("for a finished Job: deleted with its pods, after the evidence is saved", () => {
    expect(fixes(run("import", DAY, null, [literal("a")]))).toEqual([
      "kubectl delete job import -n database --cascade=foreground  # save the evidence first: kubectl cronaudit snapshot evidence.jsonl.gz -n database; then rotate DB_PASSWORD",
    ]);
  });

  test("for many finished Jobs: five by name, the rest counted", () => {
    const jobs = Array.from({ length: 8 }, (_, i) => run(`r${String(i)}`, DAY, null, [literal("a")])).flat();
    expect(fixes(jobs)[0]).toMatch(
      /^kubectl delete job( r\d){5} -n database --cascade=foreground {2}# and 3 more jobs;/,
    );
  });

  test("for a pod without a Job: the pod", () => {
    expect(fixes([pod("probe", { template: template({ literals: [literal("a")] }) })])[0]).toMatch(
      /^kubectl delete pod probe -n database {2}#/,
    );
  });

  test("never deletes a Job that runs: it goes when it finishes", () => {
    const busy = job("busy", { active: 1, spec: { template: template({ literals: [literal("a")] }) } });
    expect(fixes([busy])[0]).toMatch(
      /^kubectl patch job\/busy -n database --type=merge -p '\{"spec":\{"ttlSecondsAfterFinished":0\}\}'/,
    );
    expect(fixes([busy])[0]).toContain(
      "; save the evidence first: kubectl cronaudit snapshot evidence.jsonl.gz -n database;",
    );
  });

  test("for a pod that runs without a Job: a new pod, at a time that people choose", () => {
    const pending = pod("probe", {
      phase: "Pending",
      containers: [],
      template: template({ literals: [literal("a")] }),
    });
    expect(fixes([pending])).toEqual([
      "recreate pod/probe -n database with DB_PASSWORD from a Secret; then rotate DB_PASSWORD",
    ]);
  });

  test("for what everyone reads: the binding that lets them", () => {
    const grants = {
      clusterroles: [clusterRole("view", [rule("list", "pods")])],
      clusterrolebindings: [bindCluster("all-view", "ClusterRole/view", [user("bob"), group("system:authenticated")])],
      roles: [role("database", "one", [rule("get", "pods", ["probe"])])],
      rolebindings: [bind("database", "one", "Role/one", [group("system:serviceaccounts")])],
    };
    const pending = pod("probe", {
      phase: "Pending",
      containers: [],
      template: template({ literals: [literal("a")] }),
    });
    expect(fixes([pending], grants)).toEqual([
      "recreate pod/probe -n database with DB_PASSWORD from a Secret; then rotate DB_PASSWORD; take system:authenticated out of clusterrolebinding/all-view; take system:serviceaccounts out of rolebinding/one -n database",
    ]);
  });

  test("reaches every carrier: the template, the annotations of what stays, the runs, each kind in its way", () => {
    const last = "metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]";
    const annotation = (field: string) => literal("a", { place: "annotation", path: field, field });
    const owner = {
      ...carrying("backup", [literal("a")]),
      annotationLiterals: [annotation(last), annotation("metadata.annotations[note]"), annotation(last)],
    };
    const [done, its] = run("backup-1", DAY, owner, [literal("a")]);
    const noted = { ...its, annotationLiterals: [annotation("metadata.annotations[note]")] };
    const busy = job("busy", { active: 1, spec: { template: template({ literals: [literal("a")] }) } });
    const clean = { ...pod("clean"), annotationLiterals: [annotation("metadata.annotations[note]")] };
    expect(fixes([owner, done, noted, busy, clean])).toEqual([
      [
        "kubectl edit cronjob/backup -n database  # take DB_PASSWORD out of spec.containers[0].env[0].value and mount it from a Secret",
        "then kubectl annotate cronjob/backup pod/clean -n database kubectl.kubernetes.io/last-applied-configuration- note-",
        "save the evidence first: kubectl cronaudit snapshot evidence.jsonl.gz -n database",
        "then kubectl delete job backup-1 -n database --cascade=foreground",
        `then kubectl patch job/busy -n database --type=merge -p '{"spec":{"ttlSecondsAfterFinished":0}}'`,
        "deletes it with its pods when it finishes",
        "then rotate DB_PASSWORD",
      ].join("; "),
    ]);
  });

  test("for an annotation of a template: the template", () => {
    const field = "template.metadata.annotations[note]";
    const path = "spec.jobTemplate.spec.template.metadata.annotations[note]";
    const annotationLiterals = [literal("a", { place: "annotation", path, field })];
    expect(fixes([{ ...carrying("backup", []), annotationLiterals }])[0]).toMatch(
      /^kubectl edit cronjob\/backup -n database {2}# take DB_PASSWORD out of spec.jobTemplate.spec.template.metadata.annotations\[note\]/,
    );
  });

  test("for an annotation: the annotation alone", () => {
    const last = "metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]";
    const annotationLiterals = [literal("a", { place: "annotation", path: last, field: last })];
    expect(fixes([{ ...carrying("backup", []), annotationLiterals }])[0]).toMatch(
      /^kubectl annotate cronjob\/backup -n database kubectl.kubernetes.io\/last-applied-configuration- {2}#/,
    );
  });

  test("for a token of a finished run: its Job", () => {
    expect(fixes(run("import", DAY, null, [], { pod: { tokens: [TOKEN] } }))[0]).toMatch(/^kubectl delete job import /);
  });

  test("for a legacy token: its Secret, once nothing uses it", () => {
    const volume = reference("default-token-x7krf", { use: "volume", keys: null });
    const using = job("j", { spec: { template: template({ secretReferences: [volume] }) } });
    const serviceaccounts = [{ ...account("default"), secrets: ["default-token-x7krf"] }];
    expect(fixes([using], { serviceaccounts })).toEqual([
      expect.stringMatching(
        /^kubectl delete secret default-token-x7krf -n database {2}# after job\/j uses its projected token instead; /,
      ),
    ]);
  });

  test("for what is in use: nothing", () => {
    expect(fixes([naming({})])[0]).toBe("nothing to do: it is in use, and ends with its pod");
  });

  test("for what was in use until a moment ago: nothing yet", () => {
    const ended = naming({ containers: [terminated("main", ago(60)), running("proxy")] });
    expect(fixes([ended])).toContain("nothing to do yet: what used it has ended, and its pod has not finished");
  });

  test("for what a hung Job holds: the end of the Job, because it never finishes by itself", () => {
    const shape = template({ literals: [literal("a")], secretReferences: [reference("db")], tokens: [TOKEN] });
    const hung = job("hung", { active: 1, startTime: ago(DAY), spec: { template: shape } });
    const its = naming({
      template: { ...shape, nodeName: "n" },
      containers: [terminated("main", ago(2 * HOUR)), running("proxy")],
      meta: { ownerReferences: controlledBy(hung) },
    });
    const end =
      "kubectl delete job hung -n database --cascade=foreground  # job/hung seems to hang: container main ended 2h ago, but proxy runs on; make sure that it does nothing any more; save the evidence first: kubectl cronaudit snapshot evidence.jsonl.gz -n database";
    const steps = fixes([hung, its]);
    expect(steps.every((step) => step.startsWith(end))).toBe(true);
    expect(steps.map((step) => step.slice(end.length, end.length + 24)).sort()).toEqual([
      "",
      "; its tokens then end at",
      "; then rotate DB_PASSWOR",
    ]);
  });
});

describe("the next step for what is already being deleted", () => {
  const going = (finalizers: string[]) => ({ meta: { deletionTimestamp: ago(HOUR), finalizers } });
  const held = (name: string, finalizers: string[]) => {
    const [done] = run(name, DAY, null, [literal("a")]);
    return { ...done, meta: { ...done.meta, ...going(finalizers).meta } };
  };
  const off = (...operations: object[]) => `--type=json -p '${JSON.stringify(operations)}'`;
  const remove = (at: number, value: string) => [
    { op: "test", path: `/metadata/finalizers/${String(at)}`, value },
    { op: "remove", path: `/metadata/finalizers/${String(at)}` },
  ];

  test("is its finalizer, with a warning, after the evidence is saved", () => {
    expect(fixes([held("j", ["x.io/keep"])])).toEqual([
      `kubectl patch job/j -n database ${off(...remove(0, "x.io/keep"))}  # takes off the finalizer x.io/keep, which holds its deletion; whoever set that wanted something done first: see that it is done; save the evidence first: kubectl cronaudit snapshot evidence.jsonl.gz -n database; then rotate DB_PASSWORD`,
    ]);
  });

  test("leaves the finalizers that controllers take off, and takes the last of several first", () => {
    expect(fixes([held("j", ["a.io/x", "foregroundDeletion", "b.io/y"])])[0]).toContain(
      off(...remove(2, "b.io/y"), ...remove(0, "a.io/x")),
    );
  });

  test("is the finalizer of the pod that a foreground deletion waits for", () => {
    const waiting = held("j", ["foregroundDeletion"]);
    const blocking = pod("j-x", { meta: { ownerReferences: controlledBy(waiting), finalizers: ["x.io/keep"] } });
    expect(fixes([waiting, blocking])[0]).toMatch(/^kubectl patch pod\/j-x -n database --type=json /);
  });

  test("is none where nothing holds it", () => {
    const leaving = naming({ template: template({ literals: [literal("a")] }), ...going([]) });
    expect(fixes([leaving])).toEqual([
      "pod/busy is being deleted, and its node has not confirmed it; then rotate DB_PASSWORD",
    ]);
  });

  test("counts what else is held", () => {
    const many = ["a", "b", "c"].map((name) => held(name, ["x.io/keep"]));
    expect(fixes(many)[0]).toContain("; and 2 more held objects; ");
  });

  test("a finalizer that a deletion will meet is named before it", () => {
    const [done] = run("j", DAY, null, [literal("a")]);
    const kept = { ...done, meta: { ...done.meta, finalizers: ["x.io/keep"] } };
    expect(fixes([kept])[0]).toMatch(
      /^kubectl delete job j -n database --cascade=foreground {2}# job\/j then waits for its finalizer x\.io\/keep; save /,
    );
  });

  test("a finalizer's name cannot leave its quotes", () => {
    expect(fixes([held("j", ["x'; reboot; '"])])[0]).toContain("x'\\''; reboot; '\\''");
  });
});

describe("a step can be pasted whatever the cluster calls things", () => {
  test.each([
    ["backup-1", "backup-1"],
    ["kubectl.kubernetes.io/x", "kubectl.kubernetes.io/x"],
    ["a b", "'a b'"],
    ["$(reboot)", "'$(reboot)'"],
    ["it's", "'it'\\''s'"],
    ["", "''"],
  ])("%j as %s", (word, quoted) => {
    expect(quote(word)).toBe(quoted);
  });

  test("a line end in a name does not end the comment", () => {
    const [fix] = fixes([carrying("backup", [literal("a", { name: "X\nrm -rf /" })])]);
    expect(fix).not.toContain("\n");
  });

  test("hostile object names are quoted", () => {
    expect(fixes(run("a;reboot", DAY, null, [literal("a")]))[0]).toMatch(/^kubectl delete job 'a;reboot' -n/);
  });
});
