import type { Command } from "../cli/command.ts";
import { GROUPS } from "../cli/flags.ts";
import { formatNames } from "../output/formats/index.ts";
import { RBAC_KINDS, REPORT_FLAGS, WORKLOAD_KINDS } from "./flags.ts";

const needs = [...WORKLOAD_KINDS, ...RBAC_KINDS] as const;

/** Credentials, the windows in which they could be read, and by whom. */
export const exposure = {
  name: "exposure",
  summary: "Show which credential lies where, since when, until when and why, and who can read it.",
  examples: [
    { run: "exposure", why: "Every credential in the cluster's batch workloads" },
    { run: "exposure cronjob/backup -n database", why: "Of one CronJob, its Jobs and pods, with readers and the fix" },
    { run: "exposure pods -l app=worker -o wide", why: "Of pods with a label, with fingerprints and classes" },
    { run: "exposure -o json --sort-by .atRestHours.soFar", why: "For a script, longest at rest last" },
  ],
  flags: [...GROUPS.finding, ...REPORT_FLAGS],
  words: "[TYPE/NAME... | TYPE [NAME...]]",
  formats: formatNames,
  needs,
  async run(context) {
    const { runReport } = await import("./report.ts");
    return runReport(context, {
      name: "exposure",
      needs,
      takesSubjects: false,
      load: async () => (await import("../exposure/report.ts")).exposureReport,
    });
  },
} as const satisfies Command;
