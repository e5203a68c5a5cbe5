import type { AdversaryId, LiveOutcome, ReplayReport, WorkloadReplay } from "../../../src/model/replay-report.ts";

/** One workload's verdict: outcome, the ids of what blocks it, and what stands in the table. */
type Verdict = readonly [outcome: LiveOutcome, blockedBy: string, because: string | RegExp];

/** The Jobs and pods of the cast that no CronJob has, of which each run was the only one. */
const LONE = ["archive", "backup-manual", "integrity-check", "pg-dump-before-upgrade", "reindex"].map(
  (name) => `Job database/${name}`,
);
/** Both of its pods are workloads, since nothing owns them; their names are random. */
const ORPHAN = "Pod database/schema-migrate-*";

const OVER: Verdict = ["not-applicable", "", "it has finished, and nothing runs it again"];
const UNSCHEDULED: Verdict = ["not-applicable", "", "no schedule starts it again"];
const LONE_RUN: Verdict = ["not-applicable", "", "one run, and no schedule adds to it"];
const NOT_IN_POD: Verdict = ["blocked", "no-value-in-object", "value not in the pod"];
const NOT_IN_RUNS: Verdict = ["blocked", "no-value-in-object", "no value in its Jobs and pods"];
const FORBID: Verdict = ["blocked", "concurrency-policy", "Forbid: the next run waits for the one before"];
const UNWRITTEN: Verdict = ["not-applicable", "", "no Secret is written: other shared state may be"];

const all = (workloads: readonly string[], verdict: Verdict): Record<string, Verdict> =>
  Object.fromEntries(workloads.map((one) => [one, verdict]));
const read = (count: number, since: RegExp): Verdict => [
  "succeeds",
  "",
  new RegExp(`^${String(count)} credentials? by pods get and list, in finished pods, for up to ${since.source}$`),
];
const cached = (images: RegExp): Verdict => [
  "inconclusive",
  "",
  new RegExp(`^${images.source}, only after a node's image cache is cleared`),
];

/** What becomes of each adversary on each workload of the cast, by the position that the threat model gives it. */
export const VERDICTS: Readonly<Record<AdversaryId, Readonly<Record<string, Verdict>>>> = {
  "completed-pod": {
    "CronJob database/backup": read(3, /21d\d+h/),
    "Job database/archive": read(1, /4d/),
    "Job database/backup-manual": read(1, /5d/),
    "Job database/pg-dump-before-upgrade": read(1, /9d/),
    "Job database/reindex": read(1, /2h\d+m/),
    [ORPHAN]: read(1, /6d/),
    "CronJob team/newsletter": read(1, /2d\d+h/),
    "CronJob database/rotate-credentials": ["inconclusive", "", "only possible credentials are read: --secret"],
    ...all(["CronJob database/database-backup", "CronJob database/report"], NOT_IN_POD),
    ...all(["Job database/integrity-check", "Job database/warehouse-export"], NOT_IN_POD),
  },
  "over-permissive-account": {
    "CronJob database/backup": ["succeeds", "", "every Secret as database/backup"],
    "CronJob database/report": ["succeeds", "", "every Secret of database as database/report"],
    "CronJob database/rotate-credentials": [
      "succeeds",
      "",
      "1 Secret as database/rotate that its template does not name; it is suspended: only once somebody resumes it",
    ],
    "CronJob database/database-backup": ["blocked", "no-token,least-privilege", "its pods get no token"],
    "CronJob team/newsletter": ["blocked", "rbac", "serviceaccount/default (team) reads no Secret"],
    // Their pods are retained: whoever took a token while they ran still has it.
    ...all(
      [...LONE, ORPHAN, "Job database/warehouse-export"],
      ["blocked", "rbac", "serviceaccount/default (database) reads no Secret"],
    ),
    "Job database/backup-manual": [
      "inconclusive",
      "",
      /^it has finished, and a token taken while it ran still works until pod\/backup-manual-\S+ is deleted$/,
    ],
    // Its pod has no such token: a Secret is mounted in its place.
    "Job database/integrity-check": OVER,
  },
  "concurrent-rotation": {
    "CronJob database/rotate-credentials": ["succeeds", "", /^seen 9 times in 1h\d+m$/],
    ...all(["CronJob database/database-backup", "CronJob database/report"], FORBID),
    ...all(["CronJob database/backup", "CronJob team/newsletter"], UNWRITTEN),
    ...all([...LONE, ORPHAN, "Job database/warehouse-export"], UNSCHEDULED),
  },
  "image-substitution": {
    "CronJob database/backup": [
      "succeeds",
      "",
      /^happened: gcr\.io\/example\/db-backup:latest meant 2 digests, since \S+Z$/,
    ],
    "CronJob database/database-backup": ["blocked", "digest", "its image is named by digest"],
    "CronJob database/report": cached(/registry\.example\.com\/report:2\.8\.1/),
    "CronJob database/rotate-credentials": cached(/registry\.example\.com\/rotate:0\.9/),
    "CronJob team/newsletter": cached(/registry\.example\.com\/newsletter:1\.2/),
    "Job database/warehouse-export": [
      "inconclusive",
      "",
      "registry.example.com/export:5.1 and 1 more image, only if it is retried or restarted",
    ],
    ...all([...LONE, ORPHAN], OVER),
  },
  "stale-accumulation": {
    "CronJob database/backup": ["succeeds", "", "3 weeks of history of 2 credentials, 1 rotation"],
    "CronJob team/newsletter": ["succeeds", "", "2 days of history of 1 credential, 0 rotations"],
    "CronJob database/rotate-credentials": ["inconclusive", "", "only possible credentials have a history"],
    ...all([...LONE, ORPHAN], LONE_RUN),
    ...all(["CronJob database/database-backup", "CronJob database/report"], NOT_IN_RUNS),
    ...all(["Job database/integrity-check", "Job database/warehouse-export"], NOT_IN_RUNS),
  },
};

/** How the table above names a workload. */
export function titleOf({ workload: { kind, namespace, name } }: Pick<WorkloadReplay, "workload">): string {
  const known = kind === "Pod" ? name.replace(/^(schema-migrate)-.+$/, "$1-*") : name;
  return `${kind} ${namespace ?? ""}/${known}`;
}

/** One adversary on every workload. */
export function replaysOf({ items }: ReplayReport, adversary: AdversaryId): WorkloadReplay[] {
  const live = items.find(({ id }) => id === adversary)?.live;
  if (live == null) throw new Error(`the report says nothing about ${adversary}`);
  return live.workloads;
}

/** One adversary's outcomes: each workload as `outcome: what blocks it`, sorted. */
export function outcomesOf(report: ReplayReport, adversary: AdversaryId): Record<string, string> {
  const lines = replaysOf(report, adversary).map((one) => [titleOf(one), inShort(one.outcome, idsOf(one))] as const);
  return Object.fromEntries(lines.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same of the table above, with another verdict for some workloads. */
export function expected(adversary: AdversaryId, others: Record<string, string> = {}): Record<string, string> {
  const lines = Object.entries(VERDICTS[adversary]).map(([title, [outcome, ids]]) => [title, inShort(outcome, ids)]);
  return { ...(Object.fromEntries(lines) as Record<string, string>), ...others };
}

/** The ids of what blocks it, in their order. */
export function idsOf({ blockedBy }: WorkloadReplay): string {
  return blockedBy.map(({ id }) => id).join(",");
}

function inShort(outcome: LiveOutcome, ids: string): string {
  return ids === "" ? outcome : `${outcome} by ${ids}`;
}
