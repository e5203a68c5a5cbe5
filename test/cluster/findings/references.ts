import { expect, test } from "vitest";
import type { ExposureItem, ExposureReport } from "../../../src/model/report.ts";
import type { Stored } from "../../control-plane/story.ts";
import {
  afterRuns,
  byTtl,
  expectCarriers,
  expectReaders,
  never,
  reader,
  secretReaders,
  since,
  whenUsed,
  type End,
  type Expected,
  type Kept,
} from "./carriers.ts";
import { bound, deletionOf, hoursBetween, jobEnded, plus, podEnded, refOf, started, type Run } from "./facts.ts";
import { itemOf } from "./items.ts";
import type { OnStage } from "./stage.ts";

/** Seconds to which the API server extends a default token by default. */
const YEAR = 365 * 24 * 3600;
/** Seconds after its exp for which it takes a token. */
const LEEWAY = 60;
const NODE = "User system:node:rig-0";

/** A Secret that a pod names: in its containers while they run, within its node's reach until its Job takes it along. */
function named(
  how: "secret-env" | "secret-volume",
  { job, pod }: Run,
  path: string,
  used: End,
  reach: End,
  endsBy: Expected["endsBy"] = deletionOf(job),
): Expected[] {
  return [
    { class: how, object: pod, path, endsBy: null, ...since(started(pod), /the pod started/), ...used },
    { class: "node-grant", object: pod, path, endsBy, ...since(bound(pod), /bound to its node/), ...reach },
  ];
}

const isOf = ({ uid }: { uid: string | null }, { metadata }: Stored) => uid === metadata.uid;
const left = (pod: Stored) => whenUsed(podEnded(pod), /volumes left the node/);

/** What pods only name: Secrets, and the tokens of their accounts. */
export function references(onStage: OnStage): void {
  const takenAt = async (...args: string[]) =>
    (await onStage().report<ExposureReport>("exposure", ...args)).metadata.takenAt;
  const node = (pod: Stored) => reader(NODE, bound(pod), "node-authorizer");

  test("the hardened twin: one Secret as files, gone with its TTL, and nothing in any object", async () => {
    const { facts } = onStage();
    const { items } = await onStage().report<ExposureReport>("exposure", "cj/database-backup", "-n", "database");
    expect(items.flatMap(({ carriers }) => carriers.map((one) => one.class)).sort()).toEqual([
      "node-grant",
      "secret-volume",
    ]);
    const [run] = facts.runs("database-backup") as [Run];
    const { job, pod } = run;
    const item = await itemOf(onStage, facts.cronJob("database-backup"), "backup-db-credentials");
    const gone = byTtl(plus(jobEnded(job), 3600), 3600);
    expectCarriers(item, named("secret-volume", run, "spec.volumes[0].secret", left(pod), gone), await takenAt());
    const own = facts.granted(["RoleBinding", "backup-cronjob-binding"], ["Role", "backup-cronjob-role"]);
    expectReaders(item, [
      ...secretReaders(facts),
      reader("ServiceAccount database/backup-cronjob-sa", own, "secrets-get"),
      node(pod),
    ]);
    expect(item).toMatchObject({ severity: "low", neededUntil: podEnded(pod) });
    expect(item.credential).toMatchObject({
      kind: "secret-reference",
      fingerprint: null,
      ref: { namespace: "database", name: "backup-db-credentials", key: null },
    });
  });

  test("the report's password: three finished pods keep it within their node's reach", async () => {
    const { facts } = onStage();
    const item = await itemOf(onStage, facts.cronJob("report"), "report-credentials/password");
    const path = "spec.containers[0].env[0].valueFrom.secretKeyRef";
    const runs = facts.runs("report");
    const kept: Kept = { cronJob: facts.cronJob("report"), runs, hours: 6, limit: 3 };
    expectCarriers(
      item,
      runs.flatMap((run, i) =>
        named("secret-env", run, path, whenUsed(podEnded(run.pod), /last container/), afterRuns(kept, i + 1)),
      ),
      await takenAt(),
    );
    const etl = facts.granted(["RoleBinding", "etl-watch"], ["Role", "watch-credentials"]);
    expectReaders(item, [
      ...secretReaders(facts),
      reader("ServiceAccount database/etl", etl, "secrets-get", "secrets-list", "secrets-watch"),
      node(runs[0]!.pod),
    ]);
    const used = runs.map(({ pod }) => hoursBetween(started(pod), podEnded(pod))).reduce((a, b) => a + b);
    expect(item.atRestHours.projected).toBeCloseTo(hoursBetween(started(runs[0]!.pod), item.closes!) - used, 1);
    expect(item.severity).toBe("low");
    expect(item.credential.ref).toEqual({ namespace: "database", name: "report-credentials", key: "password" });
  });

  const hung = "backup-db-credentials/password";
  test("the hung Job's password: its container ended, its pod and with it its node's reach did not", async () => {
    const { facts } = onStage();
    const run = facts.run("warehouse-export");
    const { job, pod } = run;
    const item = await itemOf(onStage, job, hung);
    const ended: string = pod["status"].containerStatuses[0].state.terminated.finishedAt;
    const path = "spec.containers[0].env[0].valueFrom.secretKeyRef";
    const stays = never(/job\/warehouse-export: it has no TTL/);
    const hangs = new RegExp(`^${deletionOf(job)} {2}# job/warehouse-export seems to hang: `);
    const carriers = named("secret-env", run, path, whenUsed(ended, /last container/), stays, hangs);
    expectCarriers(item, carriers, await takenAt());
    expect(item.neededUntil).toBe(ended);
    expect(item.atRestHours.soFar).toBeGreaterThan(6);
  });

  test("a Secret that nothing has used for hours is not called in use", async () => {
    const item = await itemOf(onStage, onStage().facts.run("warehouse-export").job, hung);
    expect(item.fix).not.toMatch(/nothing to do|in use/);
  });

  test("the next step for what a hung Job holds, its token too, is to end it, once the evidence is saved", async () => {
    const { job, pod } = onStage().facts.run("warehouse-export");
    const { items } = await onStage().report<ExposureReport>("exposure");
    const token = items.find(({ carriers: [one] }) => one?.class === "token-bound" && isOf(one.object, pod))!;
    const ending =
      /^kubectl delete job warehouse-export -n database --cascade=foreground {2}# job\/warehouse-export seems to hang: container export ended 6h\d*m? ago.*; save the evidence first: /;
    for (const { fix } of [await itemOf(onStage, job, hung), token]) expect(fix).toMatch(ending);
  });

  test("the legacy token, listed as Secrets are: since the Secret, without an end, in a Job that failed", async () => {
    const { facts } = onStage();
    const run = facts.run("integrity-check");
    const { job, pod } = run;
    const { items } = await onStage().report<ExposureReport>("exposure", "--list-secrets");
    const [item, ...others] = items.filter(({ workload }) => workload.uid === job["metadata"].uid) as [ExposureItem];
    expect(others).toEqual([]);
    const legacy = { ...since(facts.created("Secret", "etl-token"), /Secret was created/), ...never(/no expiry/) };
    const volume = "spec.volumes[0].secret";
    const stays = never(/job\/integrity-check: it has no TTL; no CronJob owns it/);
    const endsBy = "kubectl delete secret/etl-token -n database  # once nothing needs it any more";
    expectCarriers(
      item,
      [
        { class: "token-legacy", object: job, path: `spec.template.${volume}`, endsBy, ...legacy },
        { class: "token-legacy", object: pod, path: volume, endsBy, ...legacy },
        ...named("secret-volume", run, volume, left(pod), stays),
      ],
      await takenAt("--list-secrets"),
    );
    expect(item.token, "not bound to a pod").toBeNull();
    expectReaders(item, [...secretReaders(facts), node(pod)]);
    expect(item.severity).toBe("high");
    expect(item.credential).toMatchObject({
      name: "etl-token/token",
      kind: "serviceaccount-token",
      confidence: "certain",
      ref: { namespace: "database", name: "etl-token", key: "token" },
      serviceAccount: { namespace: "database", name: "etl" },
    });
    expect(item.fix).toMatch(/^kubectl delete secret etl-token -n database /);
  });

  test("the same Secret unlisted is a reference", async () => {
    const { facts } = onStage();
    const run = facts.run("integrity-check");
    const { job, pod } = run;
    const item = await itemOf(onStage, job, "etl-token");
    const stays = never(/job\/integrity-check: it has no TTL; no CronJob owns it/);
    expectCarriers(item, named("secret-volume", run, "spec.volumes[0].secret", left(pod), stays), await takenAt());
    expectReaders(item, [...secretReaders(facts), node(pod)]);
    expect(item).toMatchObject({ severity: "low", credential: { kind: "secret-reference" } });
  });

  test("and the report says that it does not know what the Secrets are that are only named", async () => {
    const notes = async (...args: string[]) =>
      (await onStage().report<ExposureReport>("exposure", ...args)).notes.join(" ");
    expect(await notes()).toMatch(/Secrets? .*--list-secrets/);
    expect(await notes("--list-secrets")).not.toContain("--list-secrets");
  });

  test("the token of every pod that has one: until its pod goes, or a year after it finished, through its node", async () => {
    const { facts } = onStage();
    const { items, metadata } = await onStage().report<ExposureReport>("exposure");
    const inHistory = new Map([
      ["backup", { hours: 24, limit: 30 }],
      ["report", { hours: 6, limit: 3 }],
      ["newsletter", { hours: 24, limit: 3 }],
    ]);
    /** When a history limit takes the pod's run: all of these come within a year. */
    const pruned = (job: string): End | null => {
      const limits = inHistory.get(job.replace(/-\d+$/, ""));
      if (limits === undefined) return null;
      const cronJob = facts.cronJob(job.replace(/-\d+$/, ""));
      const runs = facts.runs(cronJob["metadata"].name);
      const nth = runs.findIndex((run) => run.job["metadata"].name === job);
      if (nth === -1) return null;
      return afterRuns({ cronJob, runs, ...limits }, limits.limit - runs.length + nth + 1);
    };
    const tokens = items.filter(({ carriers }) => carriers.some((one) => one.class === "token-bound"));
    const mounted = facts.pods.filter(({ spec }) => spec.automountServiceAccountToken !== false);
    expect(mounted.length).toBeLessThan(facts.pods.length);
    expect(tokens.map(({ carriers }) => carriers[0]!.object.uid).sort()).toEqual(
      mounted.map(({ metadata }) => metadata.uid as string).sort(),
    );
    for (const pod of mounted) {
      const item = tokens.find(({ carriers }) => carriers[0]!.object.uid === pod["metadata"].uid)!;
      const { namespace } = pod["metadata"];
      const account: string = pod["spec"].serviceAccountName;
      const finished = pod["status"].phase !== "Running";
      const job: string = pod["metadata"].labels["batch.kubernetes.io/job-name"];
      const index = pod["spec"].volumes.findIndex((volume: Stored) => volume["projected"] !== undefined);
      const expiry = finished ? plus(podEnded(pod), YEAR) : null;
      const end: End = !finished
        ? never(/job\/warehouse-export: it has no TTL/)
        : job === "reindex"
          ? { ...byTtl(plus(jobEnded(facts.run(job).job), 7200), 7200), closesWhy: /TTL of 7200 s after it finished$/ }
          : (pruned(job) ?? {
              closes: plus(podEnded(pod), YEAR + LEEWAY),
              closesBecause: "token-expiry",
              closesIsBound: true,
              closesWhy:
                /exp is at most a year.*60 s of leeway; until the pod object goes, its node can ask for another/,
            });
      const owner = facts.jobs.find(({ metadata }) => metadata.name === job);
      const endsBy =
        job === "warehouse-export"
          ? /^kubectl delete job warehouse-export .*seems to hang/
          : job === "archive"
            ? /^kubectl patch job\/archive .*takes off the finalizer/
            : deletionOf(owner ?? pod);
      expectCarriers(
        item,
        [
          {
            class: "token-bound",
            object: pod,
            path: `spec.volumes[${String(index)}].projected.sources[0].serviceAccountToken`,
            endsBy,
            ...since(started(pod), /the pod started/),
            ...end,
          },
        ],
        metadata.takenAt,
      );
      // Nobody in the cast may ask for tokens, not even of itself.
      expect(item.token).toEqual({
        audience: null,
        expiresBy: expiry,
        mintedByNode: "rig-0",
        mintsOwn: false,
        mintedBy: [],
      });
      const atRest = finished ? hoursBetween(podEnded(pod), metadata.takenAt) : 0;
      expect(item.atRestHours.soFar).toBeCloseTo(atRest, 1);
      expectReaders(item, [reader(NODE, started(pod), "node-authorizer")]);
      const powerful = account === "backup" || account === "report";
      expect(item).toMatchObject({
        severity: !finished ? "low" : powerful ? "high" : "medium",
        neededUntil: finished ? podEnded(pod) : null,
        credential: {
          name: `token of serviceaccount/${account}`,
          kind: "serviceaccount-token",
          confidence: "certain",
          serviceAccount: { namespace, name: account },
        },
      });
    }
  });

  test("a value that only might be a credential is counted, and shown with --all", async () => {
    const { facts } = onStage();
    const { summary } = await onStage().report<ExposureReport>("exposure");
    expect(summary.possible).toBe(1);
    const all = await onStage().report<ExposureReport>("exposure", "--all");
    expect(all.summary).toMatchObject({ credentials: summary.credentials + 1, possible: 0 });
    const [item] = all.items.filter(({ credential }) => credential.confidence === "possible") as [ExposureItem];
    const cronJob = facts.cronJob("rotate-credentials");
    expect(item).toMatchObject({ severity: "low", workload: refOf(cronJob), credential: { name: "--secret" } });
    expect(new Set(item.carriers.map((one) => one.class))).toEqual(new Set(["literal-args", "literal-annotation"]));
  });
}
