import { describe, expect, test } from "vitest";
import type { AccessReport, ExposureReport, StaleReport, TriageReport } from "../../../src/model/report.ts";
import type { BlindSpot } from "../../../src/model/snapshot.ts";
import { TEAM_RUNS } from "../../control-plane/cast/team.ts";
import { cronaudit, reportOf } from "../program.ts";
import { expectCarriers, since, withIt, type End } from "./carriers.ts";
import { deletionOf, plus, podEnded, started } from "./facts.ts";
import type { OnStage } from "./stage.ts";

export const DEVELOPER = "system:serviceaccount:team:developer";
const RBAC = ["roles", "rolebindings", "clusterroles", "clusterrolebindings"];
/** What a report on Jobs and pods needs: whether a pod's node is still there is part of when it goes. */
const WORKLOADS = ["cronjobs", "jobs", "pods", "nodes"];
/** And one on credentials: what batch work names, and whose tokens it holds. */
const NAMED = ["serviceaccounts", "configmaps"];

/** All that was forbidden, and nothing that was not: of pods only those outside of the developer's namespace. */
function expectBlind(report: { complete: boolean; blindSpots: BlindSpot[] }, resources: string[]): void {
  expect(report.complete).toBe(false);
  expect(report.blindSpots.map(({ resource }) => resource).sort()).toEqual(resources.toSorted());
  for (const spot of report.blindSpots) {
    expect(spot).toMatchObject({ verb: "list", namespace: null, reason: "Forbidden" });
    expect(spot.except, spot.resource).toEqual(spot.resource === "pods" ? ["team"] : []);
    expect(spot.message).toContain(`cannot list resource "${spot.resource}"`);
    expect(spot.blinds.length).toBeGreaterThan(0);
  }
}

/** What a developer is told who may list the pods of one namespace: what there is, and what cannot be known. */
export function developer(onStage: OnStage): void {
  const seen = <Report>(...args: string[]) => reportOf<Report>(onStage().developer, args, 3);
  const shown = (...args: string[]) => cronaudit(onStage().developer, args);
  const pods = () =>
    onStage()
      .facts.runs("newsletter")
      .map(({ pod }) => pod);
  /** The Job decides when its pod goes, and the Job was not seen. */
  const unknown = (job: string): End => ({
    closes: null,
    closesBecause: "owner-deletion",
    closesIsBound: true,
    closesWhy: new RegExp(`job/${job} decides, and when is not known: jobs could not be listed`),
  });

  test("exposure: the literal in the pods, its readers and its end unknown", async () => {
    const report = await seen<ExposureReport>("exposure");
    expect(report.metadata).toMatchObject({ user: DEVELOPER, scope: { namespaces: ["team"] }, cluster: { uid: null } });
    expectBlind(report, [...WORKLOADS, ...NAMED, ...RBAC]);
    const [[item, ...literals], tokens] = [
      report.items.filter(({ credential }) => credential.fingerprint !== null),
      report.items.filter(({ credential }) => credential.kind === "serviceaccount-token"),
    ];
    expect(literals).toEqual([]);
    expect(report.items).toHaveLength(1 + tokens.length);
    expectCarriers(
      item!,
      pods().map((pod) => ({
        class: "literal-env",
        object: pod,
        path: "spec.containers[0].env[0].value",
        endsBy: deletionOf(pod),
        ...withIt(pod),
        ...unknown(pod["metadata"].labels["batch.kubernetes.io/job-name"]),
      })),
      report.metadata.takenAt,
    );
    expect(item).toMatchObject({
      credential: { name: "SMTP_PASSWORD", kind: "password" },
      severity: "high",
      readers: { everyone: false, count: null, items: [] },
      atRestHours: { projected: null },
      removedFromTemplate: null,
    });
    expect(tokens).toHaveLength(TEAM_RUNS);
    for (const pod of pods()) {
      const token = tokens.find(({ carriers }) => carriers[0]!.object.uid === pod["metadata"].uid)!;
      expectCarriers(
        token,
        [
          {
            class: "token-bound",
            object: pod,
            path: expect.stringMatching(
              /^spec\.volumes\[\d+\]\.projected\.sources\[0\]\.serviceAccountToken$/,
            ) as string,
            ...since(started(pod), /the pod started/),
            closes: plus(podEnded(pod), 365 * 24 * 3600 + 60),
            closesBecause: "token-expiry",
            closesIsBound: true,
            closesWhy: /exp is at most a year/,
            endsBy: deletionOf(pod),
          },
        ],
        report.metadata.takenAt,
      );
      expect(token.token, "whether its account may ask for tokens was not seen").toMatchObject({ mintsOwn: null });
      expect(token.severity, "what its account may read was not seen").toBe("high");
    }
  });

  test("stale: what removes a pod is unknown, not never", async () => {
    const report = await seen<StaleReport>("stale");
    expectBlind(report, WORKLOADS);
    expect(report.items).toHaveLength(TEAM_RUNS);
    for (const { object, state, retention, owner } of report.items) {
      expect({ kind: object.kind, state }).toEqual({ kind: "Pod", state: "completed" });
      expect(owner).toMatchObject({ kind: "Job", namespace: "team" });
      expect(retention).toMatchObject({ governedBy: "owner", deletesAt: null, isBound: true });
      expect(retention.why).toMatch(/when is not known/);
    }
    expect(report.summary).toMatchObject({ jobs: null, pods: TEAM_RUNS, neverDeleted: 0 });
  });

  test("triage: the same on one screen", async () => {
    const report = await seen<TriageReport>();
    expectBlind(report, [...WORKLOADS, ...NAMED, ...RBAC]);
    expect(report.items).toMatchObject([
      { what: "SMTP_PASSWORD in 3 pods (team)", until: null, untilBecause: "owner-deletion", readers: { count: null } },
      { what: "3 completed pods whose token may still work (team)", until: null },
    ]);
    const { stdout, stderr, status } = await shown();
    expect(status).toBe(3);
    expect(stderr).toMatch(new RegExp(`^Cluster \\S+ \\(v\\S+\\), namespace team, as ${DEVELOPER}, `));
    expect(stderr).toMatch(/^Not seen: pods outside namespace team \(list: Forbidden\); uncertain: /m);
    for (const resource of ["cronjobs", "jobs", "nodes", ...NAMED, ...RBAC]) {
      expect(stderr).toMatch(
        new RegExp(`^Not seen: ${resource} across the cluster \\(list: Forbidden\\); uncertain: `, "m"),
      );
    }
    expect(stdout).toMatch(/^high +SMTP_PASSWORD in 3 pods \(team\) .*<unknown>$/m);
  });

  test("access: the account that the pods run as, of which nothing is known", async () => {
    const report = await seen<AccessReport>("access");
    // Who may read what does not depend on nodes.
    expectBlind(report, [...WORKLOADS.filter((one) => one !== "nodes"), ...RBAC]);
    expect(report.items.map(({ subject }) => `${subject.namespace!}/${subject.name}`)).toEqual(["team/default"]);
  });

  describe("nothing is called safe that was not seen", () => {
    test("access without the bindings does not say that an account reads no Secret", async () => {
      for (const args of [["access"], ["access", "-o", "wide"], ["access", "po"]]) {
        const { stdout, status } = await shown(...args);
        expect(status).toBe(3);
        expect(stdout).toMatch(/\bsa\/default\b|ServiceAccount team\/default/);
        expect(stdout).not.toMatch(/no Secret\b|no grant to read/);
      }
    });

    test("stale without the Jobs does not count them as none", async () => {
      const { stdout } = await shown("stale");
      expect(stdout).toContain(`${String(TEAM_RUNS)} pods`);
      expect(stdout).not.toMatch(/\b0 jobs\b/);
    });

    test("no report and no format says never, nobody or nothing", async () => {
      for (const verb of [[], ["exposure"], ["exposure", "po"], ["stale"]]) {
        for (const format of ["table", "wide"]) {
          const { stdout } = await shown(...verb, "-o", format);
          expect(stdout.length).toBeGreaterThan(0);
          expect(stdout, [...verb, format].join(" ")).not.toMatch(
            /\bnever\b|\bnobody\b|nothing to do|nothing (ever )?deletes/i,
          );
        }
      }
    });

    test("a line about several pods does not name the Job of the first as the one that decides for all", async () => {
      const { stdout } = await shown("exposure", "po");
      expect(stdout).toMatch(/held by +pod\/newsletter-\d+/);
      const ofSeveral = stdout.split("\n").filter((text) => /held by +pod\/\S+, pod\//.test(text));
      expect(ofSeveral.filter((text) => /: its job\/newsletter-\d+ decides/.test(text))).toEqual([]);
      expect(ofSeveral.filter((text) => /: its job decides, and when is not known/.test(text))).toHaveLength(1);
    });

    test("a CronJob by name: whether it exists cannot be told", async () => {
      const { status, stderr, stdout } = await shown("exposure", "cj/newsletter");
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
      expect(stderr).toMatch(/^error: cannot tell whether cronjobs\.batch "newsletter" exists: .*\(Forbidden\)/);
    });

    test("Secrets that were asked for with --list-secrets and refused are a blind spot", async () => {
      const report = await seen<ExposureReport>("exposure", "--list-secrets");
      expectBlind(report, [...WORKLOADS, ...NAMED, ...RBAC, "secrets"]);
    });
  });
}
