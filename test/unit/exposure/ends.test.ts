import { describe, expect, test } from "vitest";
import { exposureReport } from "../../../src/exposure/report.ts";
import type { Carrier, ExposureClass } from "../../../src/model/report.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { CronJob, Job, Pod } from "../../../src/model/workload.ts";
import { ago, DAY, everything, finished, HOUR, meta, pod, running, template, terminated } from "../batch/objects.ts";
import { account, carrying, literal, reference, run, seen, TOKEN } from "./objects.ts";

function ends(id: ExposureClass, objects: (CronJob | Job | Pod)[], more: Partial<Snapshot> = {}): (string | null)[] {
  const carriers = exposureReport(seen(objects, more), everything()).items.flatMap((item) => item.carriers);
  return carriers.filter((one: Carrier) => one.class === id).map(({ endsBy }) => endsBy);
}

const JOB = "kubectl delete job r -n database --cascade=foreground";
const POD = "kubectl delete pod p -n database";
const done = (more: Partial<Pod> & { literals?: ReturnType<typeof literal>[] }) => {
  const { literals = [], template: shape, ...rest } = more;
  return pod("p", { containers: [terminated("main", ago(HOUR))], template: template({ literals, ...shape }), ...rest });
};
const opaque = (name: string): Snapshot["secrets"][number] => ({ kind: "Secret", meta: meta(name), type: "Opaque" });

describe("what ends a window soonest", () => {
  test("of a literal: its CronJob's template, its Job, its pod", () => {
    const cronJob = carrying("backup", [literal("a")]);
    expect(ends("literal-env", [cronJob, ...run("r", DAY, cronJob, [literal("a")])])).toEqual([
      "kubectl edit cronjob/backup -n database  # take DB_PASSWORD out of spec.containers[0].env[0].value and mount it from a Secret",
      JOB,
      JOB,
    ]);
    expect(ends("literal-env", [done({ literals: [literal("a")] })])).toEqual([POD]);
    expect(ends("literal-args", [done({ literals: [literal("a", { place: "args" })] })])).toEqual([POD]);
  });

  test("of a run that goes on: its end, by a TTL", () => {
    const job = finished("r", DAY, null, { conditions: [], completionTime: null, active: 1 });
    job.spec.template = template({ literals: [literal("a")] });
    expect(ends("literal-env", [{ ...job, startTime: ago(60) }])).toEqual([
      'kubectl patch job/r -n database --type=merge -p \'{"spec":{"ttlSecondsAfterFinished":0}}\'  # deletes it with its pods when it finishes',
    ]);
  });

  test("of an annotation: the annotation, by its key", () => {
    const key = "kubectl.kubernetes.io/last-applied-configuration";
    const path = `metadata.annotations[${key}].spec.containers[main].env[DB_PASSWORD]`;
    const one = literal("a", { place: "annotation", field: path, path });
    expect(ends("literal-annotation", [carrying("backup", [], { annotationLiterals: [one] })])).toEqual([
      `kubectl annotate cronjob/backup -n database ${key}-`,
    ]);
    expect(ends("literal-annotation", [done({ annotationLiterals: [one] })])).toEqual([
      `kubectl annotate pod/p -n database ${key}-`,
    ]);
  });

  test("of a CronJob that the API server lets nobody change: its schedule is mended in the same edit", () => {
    const key = "example.com/note";
    const one = literal("a", {
      place: "annotation",
      field: `metadata.annotations[${key}]`,
      path: `metadata.annotations[${key}]`,
    });
    const broken = { schedule: "61 * * * *" };
    const mend = "mend its schedule in the same edit, or the API server refuses it (";
    expect(ends("literal-env", [carrying("backup", [literal("a")], broken)])).toEqual([expect.stringContaining(mend)]);
    const [annotation] = ends("literal-annotation", [carrying("backup", [], { ...broken, annotationLiterals: [one] })]);
    expect(annotation).toMatch(
      /^kubectl edit cronjob\/backup -n database {2}# take off the annotation example.com\/note; mend/,
    );
    const going = { ...broken, meta: meta("backup", { deletionTimestamp: ago(5), finalizers: ["orphan"] }) };
    expect(ends("literal-env", [carrying("backup", [literal("a")], going)])).toEqual([
      expect.stringContaining("delete it again with --cascade=background"),
    ]);
  });

  test("of an annotation that a template hands on: the template, or the run", () => {
    const one = literal("a", {
      place: "annotation",
      field: "template.metadata.annotations[x]",
      path: "spec.template.x",
    });
    expect(ends("literal-annotation", [carrying("backup", [], { annotationLiterals: [one] })])).toEqual([
      "kubectl edit cronjob/backup -n database  # take DB_PASSWORD out of spec.template.x and mount it from a Secret",
    ]);
    expect(ends("literal-annotation", [{ ...finished("r", DAY, null), annotationLiterals: [one] }])).toEqual([JOB]);
  });

  test("of last words, of a log and of a node's reach: the pod", () => {
    const at = ago(HOUR);
    expect(ends("termination-message", [done({ messageLiterals: [{ ...literal("a"), at }] })])).toEqual([POD]);
    expect(ends("log", [done({ logLiterals: [{ ...literal("a"), at }] })])).toEqual([POD]);
    const shape = template({ secretReferences: [reference("db")], nodeName: "n" });
    expect(ends("node-grant", [done({ template: shape })])).toEqual([POD]);
  });

  test("of a token: the pod, unless others than the API server judge it", () => {
    const tokens = [TOKEN, { audience: "vault", expirationSeconds: 86_400, path: "spec.volumes[1]" }];
    const carriers = ends("token-bound", [done({ template: template({ tokens }) })]);
    expect(carriers.toSorted()).toEqual([POD, null]);
  });

  test("of a legacy token and a pull Secret: the Secret, once nothing needs it", () => {
    const collected = [...seen([]).collected, "secrets" as const];
    const legacy = { ...opaque("old"), type: "kubernetes.io/service-account-token" };
    legacy.meta.annotations = { "kubernetes.io/service-account.name": "default" };
    const shape = template({ secretReferences: [reference("old"), reference("reg", { use: "pull", keys: null })] });
    const more = { collected, secrets: [legacy, opaque("reg")] };
    const objects = [done({ template: shape })];
    expect(ends("token-legacy", objects, more)).toEqual([
      "kubectl delete secret/old -n database  # once nothing needs it any more",
    ]);
    expect(ends("pull-secret", objects, more)).toEqual([
      "kubectl delete secret/reg -n database  # once nothing needs it any more",
    ]);
  });

  test("of a ConfigMap: its key", () => {
    const named = { use: "env" as const, configMap: "c", keys: ["k"], optional: false, path: "p", field: "f" };
    const shape = template({ configMapReferences: [{ ...named, containers: ["main"] }] });
    const one = literal("a", { place: "configmap", path: "data[k]", field: "data[k]", name: "k", container: null });
    const configmaps = [{ kind: "ConfigMap" as const, meta: meta("c"), literals: [one] }];
    expect(ends("configmap-env", [done({ template: shape })], { configmaps })).toEqual([
      "kubectl edit configmap/c -n database  # take k out of data[k] and mount it from a Secret",
    ]);
  });
});

describe("nothing ends", () => {
  test("a reference in a process but the process", () => {
    const busy = pod("p", {
      phase: "Running",
      containers: [running("main")],
      template: template({ secretReferences: [reference("db"), reference("v", { use: "volume" })] }),
    });
    expect([...ends("secret-env", [busy]), ...ends("secret-volume", [busy])]).toEqual([null, null]);
  });

  test("what is over already", () => {
    const gone = { ...account("default"), meta: { ...account("default").meta, creationTimestamp: ago(60) } };
    const [, its] = run("r", DAY, null, [], { pod: { tokens: [TOKEN] } });
    expect(ends("token-bound", [its], { serviceaccounts: [gone] })).toEqual([null]);
    expect(ends("token-bound", [its], { serviceaccounts: [] })).toEqual([null]);
  });

  test("what is deleted and can still be read back, but time", () => {
    const [, its] = run("r", DAY, null, [literal("a")]);
    const earlier = { resourceVersion: "1", at: null, cronjobs: [], jobs: [], pods: [its] };
    expect(ends("literal-env", [], { earlier })).toEqual([null]);
  });

  test("what is being deleted and waits for nobody", () => {
    const going = done({ literals: [literal("a")], meta: meta("p", { deletionTimestamp: ago(10) }) });
    expect(ends("literal-env", [going])).toEqual([null]);
  });
});

test("hostile names stay one word, and end no comment", () => {
  const name = "it's; $(reboot)\n#";
  const hostile = carrying(name, [literal("a", { name: "X\nkubectl delete ns x" })], { meta: { namespace: "a b" } });
  const [command] = ends("literal-env", [hostile]);
  expect(command).toBe(
    `kubectl edit 'cronjob/it'\\''s; $(reboot)\n#' -n 'a b'  # take X?kubectl delete ns x out of spec.containers[0].env[0].value and mount it from a Secret`,
  );
  const secret = template({ secretReferences: [reference("--all", { use: "pull", keys: null })] });
  expect(ends("pull-secret", [done({ template: secret })])[0]).toMatch(/^kubectl delete secret\/--all -n database /);
});
