import { assessOverPermissive, summariseOverPermissive } from "./assess/over-permissive-account.ts";
import type { Scenario } from "./scenario.ts";

/** Whoever breaks into a workload has what its ServiceAccount has. */
export const overPermissiveAccount: Scenario = {
  number: 2,
  id: "over-permissive-account",
  name: "over-permissive account",
  start: "a process in the workload's container, by a flaw of what runs there, and the token that is mounted in it",
  objective: "every Secret that the workload's ServiceAccount reads in the end, beyond those that the workload names",
  defence:
    "a ServiceAccount of its own that may get the Secret that it needs by name, or no token where it calls no API",
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
