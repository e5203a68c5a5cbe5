import { assessOverPermissive, summariseOverPermissive } from "./assess/over-permissive-account.ts";
import type { Scenario } from "./scenario.ts";

/** Whoever breaks into a workload has what its ServiceAccount has. */
export const overPermissiveAccount: Scenario = {
  number: 2,
  id: "over-permissive-account",
  name: "over-permissive account",
  summary: "Breaks into a workload and reads every Secret that its ServiceAccount comes to.",
  start: "a process in the workload's container, by a flaw of what runs there, and the token that is mounted in it",
  objective: "every Secret that the workload's ServiceAccount reads in the end, beyond those that the workload names",
  defence:
    "a ServiceAccount of its own that may get the Secret that it needs by name, or no token where it calls no API",
  why: [
    "Whoever runs code in a container has the token that is mounted in it, and with it every right of the account.",
    "Rights add up: one that is no right on Secrets, such as `create` on pods, leads to all Secrets of its namespace.",
    "The token works until its pod object is deleted or it expires, so a copy outlives the run.",
  ],
  prevent: [
    "Give the workload an account of its own that may `get` the Secrets that it needs, by resourceNames.",
    "Set `automountServiceAccountToken: false` where the work calls no API: mounted Secrets need no right of the account.",
    "Grant no `list` or `watch` on Secrets: with them resourceNames hold only for requests that select one name.",
    "See which chain leads where: `kubectl cronaudit access cronjob/NAME -n NAMESPACE`.",
  ],
  controls: ["least-privilege", "no-token", "rbac", "pod-deletion"],
  related: ["account-reach", "token-bound", "secrets-list", "pods-create"],
  attack: [
    { id: "T1528", name: "Steal Application Access Token" },
    { id: "T1552.007", name: "Unsecured Credentials: Container API" },
  ],
  matrix: [
    { id: "MS-TA9016", name: "Container service account" },
    { id: "MS-TA9025", name: "List Kubernetes secrets" },
  ],
  source: "plugin/pkg/auth/authorizer/rbac/rbac.go; plugin/pkg/admission/serviceaccount/admission.go",
  assess: assessOverPermissive,
  summarise: summariseOverPermissive,
};
