import type { ResourceRequest } from "../../model/api.ts";
import type { AssessContext } from "../context.ts";
import { control } from "../controls.ts";
import { may, positionText } from "../position.ts";
import { asAnother } from "./becomes.ts";
import { distinct } from "./evidence.ts";
import type { Race } from "./race.ts";
import { inconclusive, notApplicable, succeeds, type Verdict } from "./verdict.ts";

/** Whether a position may start a run beside another: the request that does it; false; null where grants were not all seen. */
export function startsRuns(context: AssessContext, { cronJob: { meta } }: Race): ResourceRequest | false | null {
  const namespace = meta.namespace ?? "";
  const batch = { group: "batch", subresource: "", namespace };
  const requests: ResourceRequest[] = [
    { ...batch, verb: "create", resource: "jobs", name: "" },
    { ...batch, verb: "patch", resource: "cronjobs", name: meta.name },
    { ...batch, verb: "update", resource: "cronjobs", name: meta.name },
    // A pod that does the same work is a run by another name.
    { ...batch, group: "", verb: "create", resource: "pods", name: "" },
  ];
  const answers = requests.map((request) => may(context, request));
  const allowed = requests[answers.indexOf(true)];
  return allowed ?? (answers.includes(null) ? null : false);
}

/** The verdict for a position: who may start runs need not wait, whatever the policy says; who may not can only wait. */
export function fromPosition(context: AssessContext, race: Race, verdict: Verdict): Verdict {
  const starts = startsRuns(context, race);
  const who = positionText(context.from) ?? "";
  if (starts === false) return waiting(context, race, verdict);
  if (verdict.outcome === "succeeds") return verdict;
  // Where nothing is written there is nothing to lose by a second run.
  if (race.mayWrite === false) return notApplicable("no Secret is written: other shared state may be");
  if (starts !== null && race.mayWrite === true)
    return succeeds(`${who} may start a second run: ${starts.verb} ${starts.resource}`);
  const because =
    starts === null
      ? `whether ${who} may start a second run was not seen`
      : "whether its runs write a Secret was not seen";
  const hidden = race.hiddenGrants.length === 0 ? ["grants in its namespace were not all seen"] : race.hiddenGrants;
  return inconclusive(because, distinct([...verdict.missing, ...hidden]));
}

function waiting(context: AssessContext, { mayWrite }: Race, verdict: Verdict): Verdict {
  const { outcome, because, blockedBy } = verdict;
  const who = positionText(context.from) ?? "";
  if (outcome === "succeeds") return { ...verdict, because: `${because}; ${who} can only wait for it` };
  if (outcome === "inconclusive" || (outcome === "not-applicable" && mayWrite === false)) return verdict;
  const missing = asAnother(context);
  if (missing.length > 0) return inconclusive(`${because}; ${who} may start no run itself`, missing);
  if (outcome !== "blocked") return verdict;
  const rbac = control("rbac", null, `${who} may create no Job and no pod there, and change no CronJob`);
  return { ...verdict, blockedBy: [...blockedBy, rbac] };
}
