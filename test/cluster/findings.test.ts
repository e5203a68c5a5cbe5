import { describe, expect, test } from "vitest";
import type { ExposureReport } from "../../src/model/report.ts";
import { RUNS } from "../control-plane/cast/backup.ts";
import { loadCast, loadDeveloperView } from "../control-plane/cast/index.ts";
import { ROTATIONS } from "../control-plane/cast/rotation.ts";
import { TEAM_RUNS } from "../control-plane/cast/team.ts";
import { useCluster } from "../control-plane/test.ts";
import { access } from "./findings/access.ts";
import { backup } from "./findings/backup.ts";
import { developer } from "./findings/developer.ts";
import { evidence } from "./findings/evidence.ts";
import { gatherFacts, presentVersion } from "./findings/facts.ts";
import { literals } from "./findings/literals.ts";
import { questions } from "./findings/questions.ts";
import { references } from "./findings/references.ts";
import { openStage, type Stage } from "./findings/stage.ts";
import { stale } from "./findings/stale.ts";
import { triage } from "./findings/triage.ts";
import { words } from "./findings/words.ts";

let stage: Stage | null = null;
const onStage = (): Stage => {
  if (stage === null) throw new Error("the cast is loaded before the first test");
  return stage;
};

/** A plane of its own: the reports are about the whole cluster, and nobody else may live there. */
useCluster({
  own: true,
  needs: ["edit-etcd", "fake-node", "static-tokens"],
  once: async (plane) => {
    const since = await presentVersion(plane);
    await loadCast(plane);
    const { kubeconfig } = await loadDeveloperView(plane);
    stage = openStage({ plane, facts: await gatherFacts(plane, since), developer: kubeconfig });
  },
});

describe("exposure", () => {
  backup(onStage);
  literals(onStage);
  references(onStage);
  questions(onStage);

  test("these are all, what is worst first", async () => {
    const { items, summary, complete, blindSpots } = await onStage().report<ExposureReport>("exposure");
    const lines = items.map(({ credential, workload }) => `${credential.name} of ${workload.kind} ${workload.name}`);
    const [orphan, other] = onStage().facts.podsOf("schema-migrate");
    const token = (account: string, workload: string, times = 1) =>
      Array<string>(times).fill(`token of serviceaccount/${account} of ${workload}`);
    expect(lines.sort()).toEqual(
      [
        "SMTP_PASSWORD of CronJob newsletter",
        "DB_PASSWORD of CronJob backup",
        "DB_PASSWORD of CronJob backup",
        "STRIPE_KEY of CronJob backup",
        "--dbname of Job pg-dump-before-upgrade",
        `FLYWAY_PASSWORD of Pod ${String(orphan!["metadata"].name)}`,
        "ARCHIVE_PASSWORD of Job archive",
        "SEARCH_API_TOKEN of Job reindex",
        "etl-token of Job integrity-check",
        "report-credentials/password of CronJob report",
        "backup-db-credentials of CronJob database-backup",
        "backup-db-credentials/password of Job warehouse-export",
        ...token("backup", "CronJob backup", RUNS),
        ...token("backup", "Job backup-manual"),
        ...token("report", "CronJob report", 3),
        ...token("rotate", "CronJob rotate-credentials", ROTATIONS),
        ...["archive", "pg-dump-before-upgrade", "reindex", "warehouse-export"].flatMap((job) =>
          token("default", `Job ${job}`),
        ),
        ...[orphan, other].flatMap((pod) => token("default", `Pod ${String(pod!["metadata"].name)}`)),
        ...token("default", "CronJob newsletter", TEAM_RUNS),
      ].sort(),
    );
    const severities = ["critical", "high", "medium", "low", "info"];
    const ranks = items.map(({ severity }) => severities.indexOf(severity));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(summary.credentials).toBe(items.length);
    expect({ complete, blindSpots }).toEqual({ complete: true, blindSpots: [] });
  });
});

describe("stale", () => {
  stale(onStage);
});

describe("access", () => {
  access(onStage);
});

describe("triage", () => {
  triage(onStage);
});

describe("what people name and select", () => {
  words(onStage);
});

describe("the developer who may only list pods", () => {
  developer(onStage);
});

describe("a snapshot", () => {
  evidence(onStage);
});
