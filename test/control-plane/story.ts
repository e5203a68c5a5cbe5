/** One stored object of the API, edited as JSON. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- objects of many kinds, edited field by field
export type Stored = Record<string, any>;

/** When things happened to a run; what is absent did not happen. */
export interface Story {
  created: Date;
  /** First container start; three seconds after `created` when absent. */
  started?: Date;
  finished?: Date;
  /** Since when deletion is under way. */
  deleted?: Date;
  /** What the node resolved the image to: `docker-pullable://…@sha256:…`. */
  imageID?: string;
}

/** RFC 3339 in UTC without fractions, as the API server writes times. */
export function stamp(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

const later = (time: Date, seconds: number) => new Date(time.getTime() + seconds * 1000);

/** The object as it looks when it was created at `created` and not changed since; the argument is not touched. */
export function agedObject(object: Stored, created: Date, changed: Date = created): Stored {
  const aged = structuredClone(object);
  aged["metadata"].creationTimestamp = stamp(created);
  for (const entry of aged["metadata"].managedFields ?? []) entry.time = stamp(changed);
  return aged;
}

/** The pod with every time that it carries moved to where the story puts it. */
export function agedPod(pod: Stored, story: Story): Stored {
  const started = story.started ?? later(story.created, 3);
  const finished = story.finished;
  const aged = agedObject(pod, story.created);
  if (aged["metadata"].deletionTimestamp && story.deleted) {
    aged["metadata"].deletionTimestamp = stamp(story.deleted);
  }
  for (const entry of aged["metadata"].managedFields ?? []) {
    if (entry.subresource === "status") entry.time = stamp(finished ?? started);
    // The job controller comes back once to take its finalizer off the finished pod.
    else if (entry.manager === "kube-controller-manager" && finished) entry.time = stamp(later(finished, 1));
  }
  const status = aged["status"] ?? {};
  if (status.startTime) status.startTime = stamp(story.created);
  for (const condition of status.conditions ?? []) {
    condition.lastTransitionTime = stamp(condition.status === "False" && finished ? finished : started);
  }
  for (const list of ["initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"]) {
    for (const container of status[list] ?? []) {
      if (story.imageID) container.imageID = story.imageID;
      for (const state of [container.state, container.lastState]) {
        if (state?.running) state.running.startedAt = stamp(started);
        if (!state?.terminated) continue;
        state.terminated.startedAt = stamp(started);
        if (finished) state.terminated.finishedAt = stamp(finished);
      }
    }
  }
  return aged;
}

/** The Job with every time that it carries moved to where the story puts it; it ends a second after its pod. */
export function agedJob(job: Stored, story: Story): Stored {
  const aged = agedObject(job, story.created);
  const ended = story.finished ? later(story.finished, 1) : null;
  if (aged["metadata"].deletionTimestamp && story.deleted) {
    aged["metadata"].deletionTimestamp = stamp(story.deleted);
  }
  for (const entry of aged["metadata"].managedFields ?? []) {
    if (entry.subresource === "status") entry.time = stamp(ended ?? story.started ?? later(story.created, 3));
  }
  const status = aged["status"] ?? {};
  if (status.startTime) status.startTime = stamp(story.created);
  if (ended && status.completionTime) status.completionTime = stamp(ended);
  for (const condition of ended ? (status.conditions ?? []) : []) {
    condition.lastProbeTime = stamp(ended!);
    condition.lastTransitionTime = stamp(ended!);
  }
  return aged;
}
