import {
  DEADLINE_GRACE_SECONDS,
  LONG_RUN_FACTOR,
  LONG_RUN_SECONDS,
  LONG_RUN_WITHOUT_HISTORY_SECONDS,
  REST_OF_POD_SECONDS,
} from "../../batch/hung.ts";
import { OF_RUNS, type Check } from "./check.ts";

const minutes = (seconds: number): string => `${String(seconds / 60)} minutes`;
const hours = (seconds: number): string => (seconds === 3600 ? "an hour" : `${String(seconds / 3600)} hours`);

/** The states of Jobs and pods, and what ends them. */
export const RUN_CHECKS: readonly Check[] = [
  {
    id: "stale",
    title: "Runs that went wrong",
    summary: "Jobs and pods failed, hang, have lost their owner, or cannot be deleted.",
    why: [
      "Each keeps its literals, its logs, its node's reach and its token until its object goes; those that went wrong stay longest.",
      "The triage counts them in one line, pods with their Job; `stale` lists them with what will remove each.",
    ],
    fix: [
      "`kubectl cronaudit stale` says what will remove each and when; `kubectl cronaudit cleanup` plans the removal of the rest.",
    ],
    needs: OF_RUNS,
    source: "src/batch/stale.ts, after the controllers of Kubernetes",
    related: ["stuck-deleting", "hung", "orphaned", "failed", "lingering", "retention"],
  },
  {
    id: "lingering",
    title: "Finished and nothing deletes it",
    summary: "Jobs and pods have completed, and nothing that was seen will delete them.",
    why: [
      "No TTL, no history limit and no owner takes them along: what they hold is readable until somebody acts.",
      "A Job that `kubectl create job --from` of an older kubectl made has an owner and no controller: no history limit counts it.",
    ],
    fix: [
      "Delete them, evidence first: `kubectl cronaudit cleanup`.",
      "Set `ttlSecondsAfterFinished` in the template; on a Job it may be set after it has finished.",
    ],
    needs: OF_RUNS,
    source:
      "pkg/controller/ttlafterfinished; pkg/controller/cronjob; pkg/controller/garbagecollector; pkg/controller/podgc",
    related: ["completed", "retention", "ttl", "history-limit", "stale-accumulation"],
  },
  {
    id: "completed",
    title: "State completed",
    summary: "A Job with condition Complete, or a pod of phase Succeeded.",
    why: ["It runs nothing any more and needs no credential; its object still holds what its template held."],
    fix: ["Let a TTL delete it, or delete it: `kubectl cronaudit cleanup`."],
    needs: OF_RUNS,
    source: "Kubernetes API reference, JobStatus and PodStatus",
    related: ["lingering", "failed", "retention", "completed-pod"],
  },
  {
    id: "failed",
    title: "State failed",
    summary: "A Job with condition Failed, or a pod of phase Failed.",
    why: [
      "With `restartPolicy: Never` a failed run leaves a pod for each try, up to `backoffLimit` + 1, each with the literals and a log of its own.",
      "Failed Jobs are counted apart: `failedJobsHistoryLimit` keeps one by default, for as long as no other fails.",
    ],
    fix: [
      "Save what is needed for debugging, then delete: `kubectl cronaudit evidence save job/NAME -n NAMESPACE`, `kubectl cronaudit cleanup`.",
      "A TTL ends failed Jobs as well as successful ones.",
    ],
    needs: OF_RUNS,
    source:
      "Kubernetes API reference, JobStatus: conditions; pkg/controller/cronjob/cronjob_controllerv2.go: cleanupFinishedJobs",
    related: ["stale", "history-limit", "ttl", "termination-message"],
  },
  {
    id: "hung",
    title: "State hung",
    summary: "A Job that has not finished, and by its figures never will.",
    why: [
      "Its process keeps its Secrets and its token; under `concurrencyPolicy: Forbid` no further run starts.",
      "It never finishes, so neither TTL nor history limit applies.",
    ],
    fix: [
      "Look at it (`kubectl describe job NAME -n NAMESPACE`), save its evidence, then end it: `kubectl cronaudit cleanup job/NAME -n NAMESPACE --stop-running`.",
      "Set `activeDeadlineSeconds`; make helpers restartable init containers (sidecars), which end with the work.",
    ],
    needs: OF_RUNS,
    source: "src/batch/hung.ts; Kubernetes documentation, sidecar containers",
    more: [
      {
        heading: "One of these holds",
        lines: [
          `The first container of a pod ended more than ${minutes(REST_OF_POD_SECONDS)} ago, and another one that is no sidecar still runs.`,
          `The Job is active ${minutes(DEADLINE_GRACE_SECONDS)} after its \`activeDeadlineSeconds\`.`,
          `It has no deadline, has run for more than ${hours(LONG_RUN_SECONDS)}, and for more than ${String(LONG_RUN_FACTOR)} times the median of its CronJob's successful runs.`,
          `It has no deadline, no run has succeeded, and it has run for more than ${hours(LONG_RUN_WITHOUT_HISTORY_SECONDS)}.`,
        ],
      },
    ],
    related: ["stale", "active-deadline", "concurrency-policy"],
  },
  {
    id: "orphaned",
    title: "State orphaned",
    summary: "A Job or pod whose owner is gone, or has let go of it.",
    why: [
      "Deleting a Job with `--cascade=orphan`, or through the API without a propagation policy, leaves its pods without an owner: nothing removes them.",
      "Where an owner reference names something that is gone, the garbage collector deletes the object; if it stays, the collector is not working.",
    ],
    fix: [
      "Delete it: `kubectl cronaudit cleanup --state orphaned`.",
      "Delete Jobs with `propagationPolicy` Background or Foreground; kubectl does.",
    ],
    needs: [...OF_RUNS, "a list of the owner's kind that is whole: an owner that was not seen is not called gone"],
    source: "pkg/controller/garbagecollector; pkg/registry/batch/job/strategy.go: DefaultGarbageCollectionPolicy",
    related: ["stale", "lingering", "retention"],
  },
  {
    id: "stuck-deleting",
    title: "State stuck-deleting",
    summary: "Deletion was asked for more than a minute ago, and the object is still there.",
    why: [
      "A finalizer holds it, pods that it waits for do, or its node has not confirmed the deletion.",
      "What it holds stays readable; tokens bound to the pod end 60 s after its deletionTimestamp all the same.",
    ],
    fix: [
      "`kubectl cronaudit stale -o wide` names the finalizers; have what set them do its work.",
      "Take a finalizer off by hand only when it is known what it waits for.",
      "Pods of a node that is gone: delete the Node object, and the pod garbage collector deletes them.",
    ],
    needs: OF_RUNS,
    source: "pkg/controller/garbagecollector; pkg/controller/podgc; Kubernetes documentation, finalizers",
    related: ["stale", "retention"],
  },
  {
    id: "suspended",
    title: "State suspended",
    summary: "An unfinished Job with spec.suspend: it runs no pods, and its template is still readable.",
    why: ["Its literals stand in the Job; it goes on, with these, once somebody resumes it."],
    fix: ["Resume it or delete it: it never finishes by itself, so no TTL ends it."],
    needs: OF_RUNS,
    source: "pkg/controller/job/job_controller.go; Kubernetes API reference, JobSpec: suspend",
    related: ["stale", "retention", "literal-env"],
  },
  {
    id: "retention",
    title: "What removes a Job or pod",
    summary: "Which mechanism removes a finished Job or pod, and when: retention.governedBy in reports.",
    why: [
      "The window of a literal closes with its object: what removes the object decides how long the credential is readable.",
    ],
    fix: [
      "Set a TTL: it alone gives each run an end that is known.",
      "Keep evidence from it: `kubectl cronaudit hold cronjob/NAME -n NAMESPACE`.",
    ],
    needs: OF_RUNS,
    source:
      "pkg/controller/ttlafterfinished; pkg/controller/cronjob; pkg/controller/garbagecollector; pkg/controller/podgc",
    more: [
      {
        heading: "Mechanisms",
        lines: [
          "ttl: the TTL controller deletes it `ttlSecondsAfterFinished` after it finished; overdue means that the controller is not at work.",
          "history-limit: the CronJob's further runs push it out, at a time that depends on them.",
          "owner: it goes with its owner, or its owner is gone.",
          "pod-gc: its node is gone, and the pod garbage collector takes it.",
          "finalizer: it should go, and a finalizer holds it.",
          "none: nothing that was seen removes it.",
        ],
      },
    ],
    related: ["ttl", "history-limit", "lingering", "goes-away-soon"],
    lines: ["finalizer", "pod-gc"],
  },
  {
    id: "goes-away-soon",
    title: "Goes away within the hour",
    summary: "Evidence that a controller will delete within the hour, with the command that keeps it.",
    why: ["A TTL or history limit ends an exposure, and with it the evidence of an incident."],
    fix: [
      "`kubectl cronaudit hold cronjob/NAME -n NAMESPACE` suspends the schedule, lifts TTLs and history limits, and can be undone.",
      "`kubectl cronaudit snapshot` keeps the metadata; `kubectl cronaudit evidence save job/NAME -n NAMESPACE` the objects.",
    ],
    needs: OF_RUNS,
    source: "src/batch/goes-away.ts",
    related: ["retention", "ttl", "history-limit"],
  },
];
