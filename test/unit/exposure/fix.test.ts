import { describe, expect, test } from "vitest";
import { quote } from "../../../src/exposure/fix.ts";
import { DAY, job, pod, running, template } from "../batch/objects.ts";
import { account, carrying, literal, reference, report, run, TOKEN } from "./objects.ts";

const fixes = (...args: Parameters<typeof report>) => report(...args).items.map(({ fix }) => fix);

describe("the next step", () => {
  test("for a literal in a template: out of the template", () => {
    expect(fixes([carrying("backup", [literal("a")])])).toEqual([
      "kubectl edit cronjob/backup -n database  # take DB_PASSWORD out of spec.containers[0].env[0].value and mount it from a Secret; then rotate it",
    ]);
  });

  test("for a finished Job: deleted with its pods, after the evidence is saved", () => {
    expect(fixes(run("import", DAY, null, [literal("a")]))).toEqual([
      "kubectl delete job import -n database --cascade=foreground  # save the evidence first: kubectl cronaudit snapshot; then rotate DB_PASSWORD",
    ]);
  });

  test("for many finished Jobs: five by name, the rest counted", () => {
    const jobs = Array.from({ length: 8 }, (_, i) => run(`r${String(i)}`, DAY, null, [literal("a")])).flat();
    expect(fixes(jobs)[0]).toMatch(/^kubectl delete job( r\d){5} -n database --cascade=foreground {2}# and 3 more;/);
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
      "kubectl delete secret default-token-x7krf -n database  # after job/j uses its projected token instead",
    ]);
  });

  test("for what is in use: nothing", () => {
    const busy = pod("busy", {
      phase: "Running",
      containers: [running("main")],
      template: template({ secretReferences: [reference("db", { use: "volume" })], nodeName: "n" }),
    });
    expect(fixes([busy])[0]).toMatch(/^nothing to do/);
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
