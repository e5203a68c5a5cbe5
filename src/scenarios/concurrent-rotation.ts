import { assessConcurrent, summariseConcurrent } from "./assess/concurrent-rotation.ts";
import type { Scenario } from "./scenario.ts";

/** Two runs of one CronJob at the same time lose one of two writes. */
export const concurrentRotation: Scenario = {
  number: 3,
  id: "concurrent-rotation",
  name: "concurrent rotation",
  summary: "Two runs that write one Secret at the same time lose one of two writes.",
  start: "a schedule that starts a run while the one before is active, or the right to start one",
  objective: "a Secret of which one system has a value that the other one's write has lost",
  defence: "concurrencyPolicy: Forbid, and activeDeadlineSeconds below the time between two runs",
  why: [
    "A rotation sets the new value in two systems; where two runs race, the Secret may hold a value that the other system has not.",
    "`concurrencyPolicy` is `Allow` unless it is set: a run that takes longer than the schedule's interval gets company.",
    "Whoever may create Jobs can start a second run at any time, which no concurrencyPolicy holds back.",
  ],
  prevent: [
    "Set `concurrencyPolicy: Forbid`; slots that fall into a run are skipped then.",
    "Set `activeDeadlineSeconds` below the time between two runs, so that a run that hangs does not block or meet the next.",
    "Write with the resourceVersion that was read (as `kubectl replace` does with what `kubectl get -o yaml` gave): where another write came first, the API server answers 409.",
    "Take a lease (coordination.k8s.io) in the run, where Jobs are started by hand too.",
  ],
  controls: ["concurrency-policy", "active-deadline", "optimistic-lock", "rbac"],
  related: ["hung", "controllers-create", "cronjobs-patch"],
  attack: [
    { id: "T1053.007", name: "Scheduled Task/Job: Container Orchestration Job" },
    { id: "T1565.001", name: "Data Manipulation: Stored Data Manipulation" },
  ],
  matrix: [{ id: "MS-TA9014", name: "Kubernetes CronJob" }],
  source: "pkg/controller/cronjob/cronjob_controllerv2.go: syncCronJob",
  assess: assessConcurrent,
  summarise: summariseConcurrent,
};
