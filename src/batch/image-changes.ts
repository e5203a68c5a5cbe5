import type { ObjectRef, Time } from "../model/object.ts";
import type { ImageChange, ImageDigest } from "../model/stale-report.ts";
import type { ContainerStatus, Pod } from "../model/workload.ts";
import { podStartedAt } from "./finish.ts";
import { refOf, type Owners } from "./owners.ts";
import { instant } from "./time.ts";

/** One container that ran an image which its template names without a digest. */
interface Ran {
  pod: Pod;
  workload: ObjectRef;
  container: ContainerStatus;
  image: string;
  digest: Digest;
  startedAt: Time | null;
}

/** `repository`: of the manifest that was pulled; `configuration`: of an image that no registry gave. They cannot be compared. */
interface Digest {
  of: "repository" | "configuration";
  value: string;
}

/**
 * Image references of which the retained runs of one workload ran several digests, those of the latest change first. Images
 * that a digest pins, and runs whose digest no kubelet has reported, say nothing. Source of the forms of imageID: the CRI's
 * `image_ref`, a repository digest where there is one, and `docker-pullable://` of the Docker shim before Kubernetes 1.24.
 */
export function imageChanges(pods: readonly Pod[], owners: Pick<Owners, "jobOf" | "cronJobOf">): ImageChange[] {
  const groups = Map.groupBy(
    pods.flatMap((pod) => ranIn(pod, owners)),
    ({ workload, container, image, digest }) =>
      JSON.stringify([workload.kind, workload.uid, container.kind, container.name, image, digest.of]),
  );
  return [...groups.values()]
    .map(changeIn)
    .filter((change) => change !== null)
    .sort((a, b) => (instant(b.changedAt) ?? 0) - (instant(a.changedAt) ?? 0));
}

function ranIn(pod: Pod, owners: Pick<Owners, "jobOf" | "cronJobOf">): Ran[] {
  const declared = new Map(pod.template.containers.map(({ name, image }) => [name, image]));
  return pod.containers.flatMap((container) => {
    const image = declared.get(container.name);
    const digest = container.imageID === null ? null : digestOf(container.imageID);
    if (image === undefined || digest === null || image.includes("@sha")) return [];
    const startedAt = container.startedAt ?? podStartedAt(pod);
    return [{ pod, workload: workloadOf(pod, owners), container, image, digest, startedAt }];
  });
}

/** The CronJob also where it may not be listed: its runs name it. */
function workloadOf(pod: Pod, owners: Pick<Owners, "jobOf" | "cronJobOf">): ObjectRef {
  const job = owners.jobOf(pod);
  if (job === null) return refOf(pod);
  const reference = job.meta.ownerReferences.find(({ controller, kind }) => controller && kind === "CronJob");
  if (reference === undefined) return refOf(job);
  return { kind: "CronJob", namespace: job.meta.namespace, name: reference.name, uid: reference.uid };
}

function digestOf(imageID: string): Digest | null {
  const value = /(?:^|[@/])(sha\d{3}:[0-9a-f]{64,128})$/.exec(imageID)?.[1];
  return value === undefined ? null : { of: imageID.includes("@") ? "repository" : "configuration", value };
}

function changeIn(unordered: readonly Ran[]): ImageChange | null {
  const ran = [...unordered].sort(
    (a, b) => (instant(a.startedAt) ?? 0) - (instant(b.startedAt) ?? 0) || (a.pod.meta.name < b.pod.meta.name ? -1 : 1),
  );
  const changed = ran.filter(({ digest }, at) => at > 0 && digest.value !== ran[at - 1]!.digest.value);
  const [first] = changed;
  if (first === undefined) return null;
  const byDigest = Map.groupBy(ran, ({ digest }) => digest.value);
  return {
    workload: first.workload,
    container: first.container.name,
    image: first.image,
    digests: [...byDigest].map(([digest, runs]) => digestWith(digest, runs)),
    firstToDiffer: refOf(first.pod),
    changedAt: first.startedAt,
    changes: changed.length,
    nodes: [...new Set(ran.flatMap(({ pod }) => pod.template.nodeName ?? []))].sort(),
  };
}

function digestWith(digest: string, runs: readonly Ran[]): ImageDigest {
  const [first] = runs as [Ran];
  return { digest, firstRun: refOf(first.pod), startedAt: first.startedAt, runs: runs.length };
}
