import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { CronJob, Job, Pod, TokenProjection } from "../../../src/model/workload.ts";
import { ago, controlledBy, cronJob, DAY, HOUR, job, meta, pod, running, template } from "../batch/objects.ts";
import { account, reference, report, run, TOKEN } from "./objects.ts";

const fix = (objects: (CronJob | Job | Pod)[], more: Partial<Snapshot> = {}) => report(objects, more).items[0]!.fix;
const VAULT: TokenProjection = { ...TOKEN, audience: "vault", expirationSeconds: 7200 };
const ENDED = "nothing to do: it has ended at this API server";

/** A finished pod without a Job. */
function bare(token: TokenProjection, more: Partial<Pod["meta"]> = {}): Pod {
  const [, made] = run("r", HOUR, null, [], { pod: { tokens: [token] } });
  return { ...made, meta: { ...made.meta, ownerReferences: [], ...more } };
}

/** A run that has not finished, of a CronJob whose template asks for these tokens itself. */
function underway(tokens: TokenProjection[], shown: TokenProjection): (CronJob | Job | Pod)[] {
  const plain = cronJob("backup");
  const owner = cronJob("backup", { job: { ...plain.job, template: template({ tokens }) } });
  const its = job("backup-1", { active: 1, startTime: ago(60), meta: { ownerReferences: controlledBy(owner) } });
  const busy = pod("backup-1-x", {
    phase: "Running",
    startTime: ago(60),
    containers: [running("main")],
    template: template({ tokens: [shown] }),
    meta: { ownerReferences: controlledBy(its) },
  });
  return [owner, its, busy];
}

describe("the next step for a token bound to a pod", () => {
  test("says what the end of the pod ends, and what it does not", () => {
    expect(fix([bare(TOKEN)])).toBe(
      "kubectl delete pod r-x -n database  # save the evidence first: kubectl cronaudit snapshot evidence.jsonl.gz -n database; its tokens then end at this API server, within 10 s; not those that were asked for with them, nor those for other audiences",
    );
  });

  test("is none where it has ended, or ends by itself", () => {
    expect(fix([bare(TOKEN)], { serviceaccounts: [] })).toBe(ENDED);
    const meta = { deletionTimestamp: ago(90), finalizers: ["example.com/keep"] };
    expect(fix([bare(TOKEN, meta)])).toBe(ENDED);
    expect(fix([bare(TOKEN, { ...meta, deletionTimestamp: ago(10) })])).toMatch(
      /^nothing to do: it ends at 2026-11-22T12:00:50Z: 60 s after the pod's deletionTimestamp, whatever holds the object/,
    );
  });

  test("of a run in progress: the template, for runs to come; the volume where it is the template's own", () => {
    expect(fix(underway([], TOKEN))).toBe(
      "kubectl edit cronjob/backup -n database  # automountServiceAccountToken: false in the pod template, if it calls no API; for runs to come; this one's token ends with its pod",
    );
    expect(fix(underway([TOKEN], TOKEN))).toMatch(/# take the serviceAccountToken volume out of the pod template/);
    const busy = pod("busy", {
      phase: "Running",
      containers: [running("main")],
      template: template({ tokens: [TOKEN] }),
    });
    expect(fix([busy])).toBe("nothing to do: it is in use, and ends with its pod");
  });
});

describe("the next step for a token for another audience", () => {
  test("promises an end only where the API server is asked", () => {
    expect(fix([bare(VAULT)])).toMatch(
      /; ends it where vault asks the API server \(TokenReview\); elsewhere only its exp does, at 2026-11-22T13:01:00Z at the latest$/,
    );
  });

  test("names none where nothing ends it", () => {
    expect(fix(underway([VAULT], VAULT))).toBe(
      "nothing here ends it; only its exp does: it is renewed while the pod runs",
    );
    const earlier = { resourceVersion: "1", at: ago(300), cronjobs: [], jobs: [], pods: [bare(VAULT)] };
    expect(fix([], { earlier })).toBe("nothing here ends it; only its exp does: at 2026-11-22T13:01:00Z at the latest");
    expect(fix([bare({ ...VAULT, expirationSeconds: 600 })])).toBe("nothing to do: it has expired");
  });
});

describe("the next step for a legacy token", () => {
  const named = job("j", {
    spec: { template: template({ secretReferences: [reference("old", { use: "volume", keys: null })] }) },
  });
  const legacy = (labels: Record<string, string>, accounts = [account("default")]) => {
    const annotations = { "kubernetes.io/service-account.name": "default" };
    const type = "kubernetes.io/service-account-token";
    return fix([named], {
      collected: ["cronjobs", "jobs", "pods", "serviceaccounts", "secrets"],
      secrets: [{ kind: "Secret", type, meta: meta("old", { annotations, labels, creationTimestamp: ago(DAY) }) }],
      serviceaccounts: accounts,
    });
  };

  test("is to delete its Secret, also where that is only marked invalid", () => {
    const step =
      "kubectl delete secret old -n database  # after job/j uses its projected token instead; ends it at this API server, within 10 s; not tokens that were asked for with it";
    expect(legacy({})).toBe(step);
    expect(legacy({ "kubernetes.io/legacy-token-invalid-since": "2026-11-01" })).toBe(step);
  });

  test("is none where its account is gone", () => {
    expect(legacy({}, [])).toBe(ENDED);
  });
});
