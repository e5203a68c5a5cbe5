import { expect, test } from "vitest";
import { fixText } from "../../../src/output/views/fix-text.ts";
import type { ViewOptions } from "../../../src/output/view.ts";

const options: ViewOptions = {
  ...{ width: 100, color: false, headers: true, details: false, live: true, wide: false },
  program: "npx kubectl-cronaudit",
  command: (args) => `kubectl cronaudit ${args} --context prod`,
  kubectlFlags: "--context prod",
};

test("what a fix changes, it changes in the cluster that was asked", () => {
  const fix =
    "kubectl edit cronjob/a -n b  # take it out; save the evidence first: kubectl cronaudit snapshot e.gz -n b; " +
    "then kubectl delete job c -n b";
  expect(fixText({ fix }, options)).toBe(
    "kubectl --context prod edit cronjob/a -n b  # take it out; save the evidence first: " +
      "kubectl cronaudit snapshot e.gz -n b --context prod; then kubectl --context prod delete job c -n b",
  );
  // Of a file no flag is known; only this program is called as the user called it.
  expect(fixText({ fix }, { ...options, live: false })).toBe(fix.replace("kubectl cronaudit", "npx kubectl-cronaudit"));
});
