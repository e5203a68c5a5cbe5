import { assessConcurrent, summariseConcurrent } from "./assess/concurrent-rotation.ts";
import type { Scenario } from "./scenario.ts";

/** Two runs of one CronJob at the same time lose one of two writes. */
export const concurrentRotation: Scenario = {
  number: 3,
  id: "concurrent-rotation",
  name: "concurrent rotation",
  start: "a schedule that starts a run while the one before is active, or the right to start one",
  objective: "a Secret of which one system has a value that the other one's write has lost",
  defence: "concurrencyPolicy: Forbid, and activeDeadlineSeconds below the time between two runs",
  attack: [
    { id: "T1053.007", name: "Scheduled Task/Job: Container Orchestration Job" },
    { id: "T1565.001", name: "Data Manipulation: Stored Data Manipulation" },
  ],
  matrix: [{ id: "MS-TA9014", name: "Kubernetes CronJob" }],
  source: "pkg/controller/cronjob/cronjob_controllerv2.go: syncCronJob",
  assess: assessConcurrent,
  summarise: summariseConcurrent,
};
