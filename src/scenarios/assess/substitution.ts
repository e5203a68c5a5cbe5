import { imageChanges } from "../../batch/image-changes.ts";
import { podFinished } from "../../batch/finish.ts";
import type { Control, MutableImage } from "../../model/replay-report.ts";
import type { ImageChange } from "../../model/stale-report.ts";
import { isOver, isSuspended, type AssessContext, type ReplayWorkload } from "../context.ts";
import { control } from "../controls.ts";
import { hiddenRuns, hiddenStarter } from "./evidence.ts";
import type { Images } from "./mutable-images.ts";
import { SUSPENDED } from "./intrusion.ts";
import { plural } from "./reach-words.ts";
import { blocked, inconclusive, notApplicable, succeeds, type Verdict } from "./verdict.ts";

/** What a substitution of one workload's images is judged from. */
export interface Substitution extends Images {
  workload: ReplayWorkload;
  /** References of which retained runs had several digests. */
  changes: ImageChange[];
  /** Those of them that the template still names. */
  current: ImageChange[];
  /** What hides runs. */
  hidden: string[];
  /** What hides whatever may start it again. */
  hiddenStarter: string[];
}

/** Gathers it for one workload. */
export function substitutionOf(context: AssessContext, workload: ReplayWorkload, images: Images): Substitution {
  const changes = imageChanges(workload.pods, context.judgement.context.owners);
  const named = new Set(images.mutable.map(({ image }) => image));
  return {
    workload,
    ...images,
    changes,
    current: changes.filter(({ image }) => named.has(image)),
    hidden: hiddenRuns(context, workload.ref.namespace),
    hiddenStarter: hiddenStarter(context, workload),
  };
}

/** What comes of another image under the same name, for whoever may push it. */
export function substitutionVerdict(found: Substitution): Verdict {
  const { workload, mutable, pinned, current } = found;
  const [change] = current;
  if (change !== undefined) return succeeds(happened(change, current.length));
  if (isOver(workload)) return overVerdict(found);
  if (mutable.length === 0 && pinned.length === 0) return notApplicable("its template names no image");
  if (mutable.length === 0) return blocked(pinnedText(found), [control("digest")]);
  const asking = mutable.filter(({ imagePullPolicy }) => imagePullPolicy !== "Never");
  if (asking.length === 0) return neverPulled(found);
  if (workload.object.kind !== "CronJob" && !startsMore(workload)) return pulledAlready(found, asking);
  const verdict = asked(found, asking);
  return verdict.outcome === "succeeds" && isSuspended(workload) ? succeeds(`${verdict.because}${SUSPENDED}`) : verdict;
}

function asked(found: Substitution, asking: readonly MutableImage[]): Verdict {
  const always = asking.filter(({ imagePullPolicy }) => imagePullPolicy === "Always");
  if (always.length === 0) return ifNotPresent(found, asking);
  return succeeds(`${namesOf(always)} ${always.length === 1 ? "is" : "are"} asked for anew by every run`);
}

/** A Job of which some pod is still to start. */
function startsMore({ object, pods }: ReplayWorkload): boolean {
  if (object.kind !== "Job") return false;
  const { completions, suspend } = object.spec;
  if (suspend && pods.every((pod) => podFinished(pod))) return true;
  return completions !== null && completions > object.succeeded + object.active;
}

/** Its containers have their images, or get them while somebody looks on: only another start asks again. */
function pulledAlready({ hidden }: Substitution, asking: readonly MutableImage[]): Verdict {
  const again = `whether it is retried or restarted: until then ${namesOf(asking)} stays what it is`;
  return inconclusive(`${namesOf(asking)}, only if it is retried or restarted`, [again, ...hidden]);
}

function overVerdict({ hiddenStarter: missing }: Substitution): Verdict {
  return missing.length > 0
    ? inconclusive("it has finished, and what may run it again was not seen", missing)
    : notApplicable("it has finished, and nothing runs it again");
}

/** `happened: worker:latest meant 2 digests, since 2026-11-20T10:00:00Z`. */
function happened({ image, digests, changedAt, nodes }: ImageChange, count: number): string {
  const since = changedAt === null ? "" : `, since ${changedAt}`;
  const more = count > 1 ? `, and ${plural(count - 1, "more image")}` : "";
  const several =
    nodes.length > 1
      ? `; on ${plural(nodes.length, "node")}: other architectures or stores of their own explain it too`
      : "";
  return `happened: ${image} meant ${plural(digests.length, "digest")}${since}${more}${several}`;
}

function pinnedText({ pinned, changes }: Substitution): string {
  const [before] = changes;
  const past = before === undefined ? "" : `; before, ${before.image} meant ${plural(before.digests.length, "digest")}`;
  return `${pinned.length === 1 ? "its image is" : `its ${String(pinned.length)} images are`} named by digest${past}`;
}

function ifNotPresent({ hidden, leftOut }: Substitution, asking: readonly MutableImage[]): Verdict {
  const unseen = asking.some(({ pulledOn }) => pulledOn === null)
    ? ["nodes: which of them have the image is not known"]
    : [];
  const missing = [...unseen, ...hidden];
  if (missing.length > 0) return inconclusive(`${namesOf(asking)}, on nodes that have not run it`, missing);
  const open = asking.filter(({ pulledOn }) => pulledOn !== null && pulledOn.length > 0);
  const [first] = open;
  if (first === undefined) {
    const kept = `whether nodes keep ${namesOf(asking)}: each one that was seen has run it, and asks again after its cache is cleared`;
    const missing = [kept, ...(leftOut === 0 ? [] : [leftOutText(leftOut)])];
    return inconclusive(`${namesOf(asking)}, only after a node's image cache is cleared`, missing);
  }
  const { cachedOn, pulledOn } = first;
  const nodes = new Set([...(pulledOn ?? []), ...cachedOn]).size;
  return succeeds(
    `${namesOf(open)} on ${String(pulledOn?.length ?? 0)} of ${plural(nodes, "node")}, which no retained run shows to have it${leftOut === 0 ? "" : `; ${leftOutText(leftOut)}`}`,
  );
}

function leftOutText(count: number): string {
  return `${plural(count, "node")} left out, cordoned or tainted: tolerations are not in the evidence`;
}

function neverPulled(found: Substitution): Verdict {
  if (found.hidden.length > 0)
    return inconclusive("no node asks a registry for it, but not all runs were seen", found.hidden);
  const controls: Control[] = [control("pull-policy"), ...(found.pinned.length > 0 ? [control("digest")] : [])];
  return blocked("no node asks a registry for it (imagePullPolicy: Never)", controls);
}

/** `worker:latest`, `worker:latest and 2 more images`. */
export function namesOf(images: readonly { image: string }[]): string {
  const names = [...new Set(images.map(({ image }) => image))];
  return names.length === 1 ? names[0]! : `${names[0] ?? ""} and ${plural(names.length - 1, "more image")}`;
}
