import { describe, expect, test } from "vitest";
import type { Also, CleanupPlan } from "../../../src/model/cleanup.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { formats } from "../../../src/output/formats/index.ts";
import { ago, cronJob, DAY, finished, forbidden, HOUR } from "../batch/objects.ts";
import { reference, run } from "../exposure/objects.ts";
import { named, owned, planOf, podOf } from "../cleanup/objects.ts";

async function table(plan: CleanupPlan, name: "table" | "wide" = "table"): Promise<string[]> {
  let text = "";
  const sink = { write: (part: string) => Promise.resolve(void (text += part)) };
  await formats[name].write(plan, sink, {
    width: 100,
    color: false,
    headers: true,
    details: false,
    live: true,
    program: "kubectl cronaudit",
    command: (args) => `kubectl cronaudit ${args}`,
  });
  return text.split("\n");
}

test("what an object owns besides pods stands below it as a tree", async () => {
  const job = finished("import-1", 9 * DAY, null);
  const pods = [podOf(job, 9 * DAY)];
  const secret = owned("Secret", "import-1-tmp", [pods[0]!], { finalizers: ["example.com/x"] });
  const deep = owned("ConfigMap", "deep", [secret]);
  const widget = owned("Widget", "report", [job, cronJob("other") as never]);
  const lines = await table(planOf([job, ...pods], {}, { evidence: { owned: [secret, deep, widget] } }));
  expect(lines.slice(0, 8).map((line) => line.trimEnd())).toEqual([
    "PLAN  nothing to delete, 1 to choose. Nothing was deleted.",
    expect.stringMatching(/^PLAN +NAMESPACE +NAME +STATE +AGE +WITH +WHY$/),
    expect.stringMatching(/^choose +database +job\/import-1 +completed +9d +1 pod \+ 3 more +owns more than/),
    expect.stringMatching(/^ +├─ pod\/import-1-x$/),
    expect.stringMatching(/^ +│ {2}└─ secret\/import-1-tmp +finalizer example.c/),
    expect.stringMatching(/^ +│ {5}└─ configmap\/deep$/),
    expect.stringMatching(/^ +└─ widget\/report +has other owners$/),
    "",
  ]);
  expect(lines).toContain(
    "Choose: job/import-1: owns more than its pods: secret/import-1-tmp, configmap/deep, widget/report (has other owners); a finalizer holds secret/import-1-tmp",
  );
});

test("many refused runs of one CronJob make one line, unless all is asked for", async () => {
  const owner = cronJob("nightly", { successfulJobsHistoryLimit: 20 });
  const runs = [1, 2, 3, 4, 5].map((n) => finished(`nightly-${String(n)}`, n * 60, owner));
  const plan = planOf([owner, ...runs], { olderThanSeconds: DAY });
  const lines = await table(plan);
  expect(lines.filter((line) => line.startsWith("refused")).length).toBe(1);
  expect(lines[2]).toMatch(/^refused +database +job\/nightly-5 and 4 more +completed +5m/);
  expect(lines).toContain("Refused, too-young: job/nightly-5: finished 5m ago, less than 1d; 4 more likewise");
  expect((await table(plan, "wide")).filter((line) => line.startsWith("refused")).length).toBe(5);
});

test("an age that is only a bound is written as one", async () => {
  const job = finished("x", DAY, null, {
    conditions: [{ ...finished("y", DAY, null).conditions[0]!, lastTransitionTime: null }],
  });
  const [, , row] = await table(planOf([{ ...job, meta: { ...job.meta, creationTimestamp: ago(3 * DAY) } }]));
  expect(row).toMatch(/^choose +database +job\/x +completed +<24h|<3d/);
});

test("where all is refused for want of sight, the next step asks the same again", async () => {
  const evidence = { blindSpots: [forbidden("secrets", null)] };
  const plan = planOf([finished("x", 2 * DAY, null)], { olderThanSeconds: DAY, states: ["completed"] }, { evidence });
  expect(await table(plan)).toContain(
    "Next: kubectl cronaudit cleanup --older-than 86400s --state completed --yes-unseen  # if what else may go along does not matter",
  );
});

describe("where --also changes nothing", () => {
  const also: Also[] = [{ way: "suspend" }];
  const owner = cronJob("nightly");
  const still = cronJob("still", { suspend: true });
  const changes = async (plan: CleanupPlan): Promise<string[]> =>
    (await table(plan)).filter((line) => /^(Changes|Tokens to delete): none/.test(line));
  const SO_ALREADY = "Changes: none; what --also asks for is so already in each CronJob that was seen.";
  const NAME_IT = "so no CronJob is concerned; name it: cronjob/NAME.";

  test("only a CronJob that was looked at is so already", async () => {
    const young = [owner, finished("nightly-1", HOUR, owner)];
    expect(await changes(planOf(young, { also, olderThanSeconds: DAY }))).toEqual([
      `Changes: none: nothing was chosen, ${NAME_IT}`,
    ]);
    expect(await changes(planOf([finished("alone", DAY, null)], { also }))).toEqual([
      `Changes: none: what was chosen is of no CronJob that was seen, ${NAME_IT}`,
    ]);
    expect(await changes(planOf([still, finished("still-1", DAY, still)], { also }))).toEqual([SO_ALREADY]);
    const blind = { snapshot: { cronjobs: [], blindSpots: [forbidden("cronjobs", "database")] } };
    expect(await changes(planOf([finished("still-1", DAY, still)], { also }, blind))).toEqual([
      "Changes: none: not all CronJobs that are concerned could be seen.",
    ]);
  });

  test("a plan without any object says so too", async () => {
    expect(await changes(planOf([owner], { also }))).toEqual([`Changes: none: nothing was chosen, ${NAME_IT}`]);
    expect(await changes(planOf([still], { also, named: named(still) }))).toEqual([SO_ALREADY]);
    expect(await table(planOf([owner]))).toEqual([""]);
  });

  test("no legacy token is told apart from no choice", async () => {
    const token: Also[] = [{ way: "delete-token" }];
    expect(await changes(planOf([finished("alone", DAY, null)], { also: token }))).toEqual([
      "Tokens to delete: none; what was chosen exposes no legacy token that was found.",
    ]);
    expect(await changes(planOf([owner], { also: [...also, ...token] }))).toEqual([
      `Changes: none: nothing was chosen, ${NAME_IT}`,
      "Tokens to delete: none: nothing was chosen, so no legacy token is concerned.",
    ]);
  });
});

test("who names the Secret of a legacy token is unknown where not all was seen", async () => {
  const shape = { secretReferences: [reference("etl-token", { keys: ["token"] })] };
  const meta = { ...cronJob("etl-token").meta, creationTimestamp: ago(9 * DAY) };
  const annotations = { "kubernetes.io/service-account.name": "default" };
  const type = "kubernetes.io/service-account-token";
  const secrets = [{ kind: "Secret" as const, type, meta: { ...meta, annotations } }];
  const objects = run("etl", HOUR, null, [], { pod: { ...shape, nodeName: "node-1" } });
  const because = (snapshot: Partial<Snapshot>): string =>
    planOf(objects, { also: [{ way: "delete-token" }] }, { snapshot: { secrets, ...snapshot } }).changes[0]!.because;
  const ENDS = "a legacy token has no expiry: it ends with its Secret";
  expect(because({})).toBe(ENDS);
  expect(because({ blindSpots: [forbidden("cronjobs", "database")] })).toBe(
    `${ENDS}; who names it was not all seen: cronjobs could not be listed: Forbidden`,
  );
});
