import { toTime } from "../../batch/time.ts";
import type { ResourceRequest } from "../../model/api.ts";
import type { Control, LiveOutcome, ReplayStep } from "../../model/replay-report.ts";
import { identityOf, authorize } from "../../rbac/index.ts";
import { covers } from "../../rbac/scopes.ts";
import type { AssessContext } from "../context.ts";
import { control, patch } from "../controls.ts";
import { inWords, otherStep, requestStep } from "../position.ts";
import { neededSecrets } from "./account-reach.ts";
import type { Verdict } from "./verdict.ts";
import type { Race } from "./race.ts";
import { startsRuns } from "./race-position.ts";
import { stepAs } from "./steps.ts";

/** A run starts while another is active; both read the same Secret, and the second write loses the first. */
export function racePath(context: AssessContext, race: Race, { outcome, because }: Verdict): ReplayStep[] {
  if (outcome === "not-applicable") return [];
  if (outcome === "blocked") {
    const { name } = race.cronJob.meta;
    return [
      otherStep("the CronJob controller", `is due to start a run of cronjob/${name} beside an active one`, because),
    ];
  }
  return [...startSteps(context, race), ...writeSteps(context, race)];
}

function startSteps(context: AssessContext, race: Race): ReplayStep[] {
  const { cronJob, overlaps, gap } = race;
  const request = context.from.length === 0 ? null : startsRuns(context, race);
  if (request) return [requestStep(context, { supposed: "", request, yields: "a run beside the one that is active" })];
  const [last] = overlaps.slice(-1);
  if (last !== undefined) {
    const yields = `job/${last.later.name} ran beside job/${last.earlier.name} from ${last.from}${last.to === null ? "" : ` to ${last.to}`}`;
    return [otherStep("the CronJob controller", `starts job/${last.later.name}`, yields)];
  }
  const due = gap.next === null ? "at the next slot" : `at ${toTime(gap.next)}`;
  const yields =
    cronJob.concurrencyPolicy === "Replace"
      ? "a run at once, while the pod of the one that it deletes ends: concurrencyPolicy is Replace"
      : `a run beside the one before, where that is active: concurrencyPolicy is ${cronJob.concurrencyPolicy}`;
  return [otherStep("the CronJob controller", `starts a run of cronjob/${cronJob.meta.name} ${due}`, yields)];
}

function writeSteps(context: AssessContext, race: Race): ReplayStep[] {
  const secret = writtenSecret(race);
  if (race.mayWrite === false) return [];
  if (secret === null)
    return [otherStep("both runs", "read the same state, then write their own", "the second write loses the first")];
  const { rbac } = context.judgement.world;
  const on = (verb: string): ResourceRequest => ({ verb, group: "", resource: "secrets", subresource: "", ...secret });
  const changes = (["patch", "update"] as const).find(
    (verb) => authorize(rbac, identityOf(race.account), on(verb)).allowed,
  );
  const who = inWords(race.account);
  return [
    otherStep("both runs", `read Secret ${secret.name} (${secret.namespace})`, "the same old value"),
    ...(changes === undefined
      ? [otherStep("both runs", `delete Secret ${secret.name} and create it again`, "the second write loses the first")]
      : [
          stepAs(context, race.account, on(changes), "the first run's new value"),
          stepAs(
            context,
            race.account,
            on(changes),
            `the second run's: the first is lost, and ${who} believes in both`,
          ),
        ]),
  ];
}

/** The Secret that both change: one that the workload names, or else the only ones that are granted by name. */
function writtenSecret({ workload, writes }: Race): { namespace: string; name: string } | null {
  return neededSecrets(workload).find((secret) => covers(writes, secret)) ?? writes.secrets[0] ?? null;
}

/** What would keep two runs apart, cheapest first. */
export function keepApart(context: AssessContext, race: Race, outcome: LiveOutcome): Control[] {
  if (outcome !== "succeeds" && outcome !== "inconclusive") return [];
  const { cronJob, gap } = race;
  const isOpen = cronJob.concurrencyPolicy !== "Forbid";
  const controls: Control[] = [];
  if (isOpen) controls.push(control("concurrency-policy", patch(cronJob, { spec: { concurrencyPolicy: "Forbid" } })));
  const deadline = gap.seconds === null ? 0 : gap.seconds - 60;
  // A rotation that is ended midway is worse than one that meets another.
  if (isOpen && deadline > (race.longestSeconds ?? 0) && cronJob.job.activeDeadlineSeconds === null)
    controls.push(
      control(
        "active-deadline",
        patch(cronJob, { spec: { jobTemplate: { spec: { activeDeadlineSeconds: deadline } } } }),
      ),
    );
  const byHand = context.from.length > 0 ? startsRuns(context, race) !== false : !isOpen;
  if (byHand)
    controls.push(
      control(
        "rbac",
        `take create on jobs and pods, and patch on cronjobs, in ${cronJob.meta.namespace ?? ""} from whoever needs neither`,
        "no run is started by hand",
      ),
    );
  return controls;
}
