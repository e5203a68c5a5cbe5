/** What a pod (or a Job's pod template) may ask of the fake node `rig-0`, by annotation; kwok/stages.yaml acts on it. */
export const podAnnotations = {
  /** How long the containers run, as Go writes durations (`30s`); `forever`: they never finish; `pending`: they never start. When absent, N seconds where the first command begins with `sleep N`, and otherwise one. */
  runFor: "rig.test/run-for",
  /** The containers' exit code; anything but 0 makes the pod Failed. */
  exitCode: "rig.test/exit-code",
  /** What every container wrote to its terminationMessagePath. */
  terminationMessage: "rig.test/termination-message",
} as const;
