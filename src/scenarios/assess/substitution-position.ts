import type { ResourceRequest } from "../../model/api.ts";
import { podFinished } from "../../batch/finish.ts";
import { isSuspended, type AssessContext, type ReplayWorkload } from "../context.ts";
import { control } from "../controls.ts";
import { may, positionText } from "../position.ts";
import { asAnother } from "./becomes.ts";
import { distinct, hiddenGrants } from "./evidence.ts";
import { namesOf, type Substitution } from "./substitution.ts";
import { blocked, inconclusive, succeeds, type Verdict } from "./verdict.ts";

/** The request by which a position brings its own image in without a registry; false; null where grants were not all seen. */
export function replacesImage(context: AssessContext, workload: ReplayWorkload): ResourceRequest | false | null {
  const requests = requestsFor(workload);
  const answers = requests.map((request) => may(context, request));
  return requests[answers.indexOf(true)] ?? (answers.includes(null) ? null : false);
}

/**
 * A change of the workload itself first. A Job's template cannot be changed, a pod's image can: the kubelet restarts the container
 * that changed, whatever the restartPolicy.
 */
function requestsFor(workload: ReplayWorkload): ResourceRequest[] {
  const { kind, meta } = workload.object;
  const namespace = meta.namespace ?? "";
  const on = (verb: string, group: string, resource: string, name: string): ResourceRequest => ({
    ...{ verb, group, resource, subresource: "", namespace, name },
  });
  const pods = workload.pods.filter((pod) => !podFinished(pod)).map((pod) => pod.meta.name);
  // Without a name: of a run to come.
  if (!pods.includes(meta.name) && !isSuspended(workload)) pods.push("");
  const changes = ["patch", "update"];
  return [
    ...(kind === "CronJob" ? changes.map((verb) => on(verb, "batch", "cronjobs", meta.name)) : []),
    ...pods.flatMap((name) => changes.map((verb) => on(verb, "", "pods", name))),
    on("create", "batch", "cronjobs", ""),
    on("create", "batch", "jobs", ""),
    on("create", "", "pods", ""),
  ];
}

function inWords({ verb, resource, name }: ResourceRequest): string {
  if (verb === "create") return `create ${resource} beside it`;
  return name === ""
    ? `${verb} the pods of its runs, while one is under way`
    : `${verb} ${resource.slice(0, -1)}/${name}`;
}

/** The verdict for a position. Who may push to a registry is in no evidence of the cluster. */
export function substitutionFrom(context: AssessContext, found: Substitution, verdict: Verdict): Verdict {
  const { outcome, because, blockedBy } = verdict;
  if (outcome === "not-applicable") return verdict;
  const who = positionText(context.from) ?? "";
  const request = replacesImage(context, found.workload);
  if (request) return succeeds(`${who} may ${inWords(request)}: any image, without the registry`);
  const missing = [...verdict.missing];
  if (request === null) missing.push(...grantsMissing(context));
  if (outcome !== "blocked") missing.push(`who may push to the registry of ${namesOf(found.mutable)}`);
  if (missing.length > 0)
    return inconclusive(`${because}; what ${who} may push is not in the evidence`, distinct(missing));
  const another = asAnother(context);
  if (another.length > 0) return inconclusive(`${because}; ${who} may change none of its images itself`, another);
  return blocked(because, [
    ...blockedBy,
    control("rbac", null, `${who} may change none of its images, and create no pod there`),
  ]);
}

function grantsMissing(context: AssessContext): string[] {
  const hidden = hiddenGrants(context);
  return hidden.length === 0 ? ["grants in its namespace were not all seen"] : hidden;
}
