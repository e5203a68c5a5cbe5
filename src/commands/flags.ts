import { GROUPS } from "../cli/flags.ts";
import type { FlagName } from "../cli/flags.ts";
import type { Resource } from "../model/snapshot.ts";

/** Flags of every verb that prints a report; only those that judge logs, or what a text is, read them and Secrets' values. */
export const REPORT_FLAGS = [
  ...GROUPS.scope,
  ...GROUPS.evidence.filter((name) => name !== "scan-logs" && name !== "compare-secrets" && name !== "rules"),
  ...GROUPS.output,
  ...GROUPS.connection,
] as const satisfies readonly FlagName[];

/** The kinds that tell who may do what. */
export const RBAC_KINDS = [
  "serviceaccounts",
  "roles",
  "rolebindings",
  "clusterroles",
  "clusterrolebindings",
] as const satisfies readonly Resource[];

/** The kinds that say where values of workloads stand besides their templates, and whether their pods stay. */
export const AROUND_KINDS = ["configmaps", "nodes"] as const satisfies readonly Resource[];

/** The kinds that run things. */
export const WORKLOAD_KINDS = ["cronjobs", "jobs", "pods"] as const satisfies readonly Resource[];

/** The kinds that a cleanup is planned from. */
export const CLEANUP_KINDS = [...WORKLOAD_KINDS, ...AROUND_KINDS, ...RBAC_KINDS] as const satisfies readonly Resource[];

/** The flags by which exposure and stale hand over to a cleanup. */
export const HANDOVER_FLAGS = [
  "cleanup",
  "older-than",
  "yes-unseen",
  "include",
  "cascade",
  "delete-by",
  "also",
] as const satisfies readonly FlagName[];
