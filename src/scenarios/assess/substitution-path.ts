import { line, quote, target } from "../../exposure/steps.ts";
import { podStartedAt } from "../../batch/finish.ts";
import { instant } from "../../batch/time.ts";
import type { ResourceRequest } from "../../model/api.ts";
import type { Control, LiveOutcome, MutableImage, ReplayStep } from "../../model/replay-report.ts";
import { isSuspended, type AssessContext } from "../context.ts";
import { control } from "../controls.ts";
import { inWords, otherStep, positionText, requestStep } from "../position.ts";
import { accountOf, neededSecrets } from "./account-reach.ts";
import type { Substitution } from "./substitution.ts";
import { replacesImage } from "./substitution-position.ts";
import type { Verdict } from "./verdict.ts";

/** Another image under the same name, and a run that gets it; or where that ends. */
export function substitutionPath(context: AssessContext, found: Substitution, verdict: Verdict): ReplayStep[] {
  if (verdict.outcome === "not-applicable") return [];
  const request = context.from.length === 0 ? null : replacesImage(context, found.workload);
  if (request) return ownImage(context, found, request);
  return [...pushSteps(context, found), ...runSteps(found, verdict)];
}

/** Its own image in the workload, in a pod of it, or beside it. */
function ownImage(context: AssessContext, found: Substitution, request: ResourceRequest): ReplayStep[] {
  const inPod = request.resource === "pods" && request.verb !== "create";
  const yields = inPod ? "another image in a container that runs" : "a template with an image of its own";
  const act = inPod ? "restarts the changed container with it" : "starts the next run with it";
  return [requestStep(context, { supposed: "", request, yields }), otherStep("the kubelet", act, whatItGets(found))];
}

function pushSteps(context: AssessContext, { mutable, current }: Substitution): ReplayStep[] {
  const who =
    context.from.length === 0
      ? "whoever may push to the registry"
      : `${positionText(context.from) ?? ""}, if it may push`;
  const images = [...new Set(mutable.map(({ image }) => image))];
  return images.map((image) => {
    const change = current.find((one) => one.image === image);
    const digests = change?.digests.map(({ digest }) => short(digest)).join(", then ");
    return otherStep(
      who,
      `pushes another image under ${image}`,
      digests === undefined ? "the name means another digest" : `it meant ${digests}`,
    );
  });
}

function runSteps(found: Substitution, { outcome, because }: Verdict): ReplayStep[] {
  const [change] = found.current;
  const [first] = found.mutable;
  if (change !== undefined)
    return [otherStep("the kubelet", `started pod/${change.firstToDiffer.name} with it`, whatItGets(found))];
  if (outcome === "blocked" || first === undefined) return [otherStep("the kubelet", "starts the next run", because)];
  const when = isSuspended(found.workload) ? ", once somebody resumes it" : "";
  return [otherStep(kubeletOf(first), `pulls ${first.image} for the next run${when}`, whatItGets(found))];
}

function kubeletOf({ imagePullPolicy, pulledOn }: MutableImage): string {
  const [node] = pulledOn ?? [];
  if (imagePullPolicy === "Always" || node === undefined) return "the kubelet";
  return `the kubelet of a node that has not run it, such as ${node}`;
}

function whatItGets({ workload }: Substitution): string {
  const secrets = neededSecrets(workload).map(({ name }) => name);
  const more = secrets.length === 0 ? "" : ` with Secret ${secrets.join(", ")}`;
  return `the other image runs as ${inWords(accountOf(workload))}${more}`;
}

/** `sha256:3f2a9c01…`. */
function short(digest: string): string {
  const [algorithm = "", value = ""] = digest.split(":");
  return `${algorithm}:${value.slice(0, 8)}…`;
}

/** A digest for each image that a name leaves open, by what ran last. */
export function pinning(found: Substitution, outcome: LiveOutcome): Control[] {
  const { workload, mutable } = found;
  if ((outcome !== "succeeds" && outcome !== "inconclusive") || mutable.length === 0) return [];
  const { object } = workload;
  const known = mutable.map((one) => ({ ...one, digest: latestDigest(found, one) }));
  const words = known.flatMap(({ container, image, digest }) =>
    digest === null ? [] : quote(`${container}=${image}@${digest.value}`),
  );
  if (object.kind !== "CronJob") return [control("digest", "recreate it with each image by digest: NAME@sha256:…")];
  const open = known.filter(({ digest }) => digest === null).map(({ container }) => container);
  const rest = open.length === 0 ? "" : `name ${open.join(", ")} by digest too: none was reported`;
  if (words.length === 0)
    return [
      control(
        "digest",
        line(`kubectl edit ${target(object)}`, [`name each image by digest, as REPOSITORY@sha256:…; ${rest}`]),
      ),
    ];
  const ran = known.flatMap(({ digest }) => digest?.pod ?? []);
  const check =
    found.current.length > 0
      ? "make sure first that the last digest is the one you mean"
      : `as pod/${ran[0] ?? ""} ran it`;
  return [control("digest", line(`kubectl set image ${target(object)} ${words.join(" ")}`, [check, rest]))];
}

/** The repository digest of the last run; an image of a node's own store has none that another node could pull. */
function latestDigest(
  { workload: { pods } }: Substitution,
  { container, image }: MutableImage,
): { value: string; pod: string } | null {
  const ran = pods.flatMap((pod) => {
    const status = pod.containers.find(({ name }) => name === container);
    const declared = pod.template.containers.find(({ name }) => name === container);
    const value = /@(sha\d{3}:[0-9a-f]{64,128})$/.exec(status?.imageID ?? "")?.[1];
    if (declared?.image !== image || value === undefined) return [];
    return [{ value, pod: pod.meta.name, at: instant(status?.startedAt ?? podStartedAt(pod)) ?? 0 }];
  });
  return ran.toSorted((a, b) => b.at - a.at)[0] ?? null;
}
