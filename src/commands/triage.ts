import type { Command } from "../cli/command.ts";
import { GROUPS } from "../cli/flags.ts";
import { formatNames } from "../output/formats/index.ts";
import { AROUND_KINDS, RBAC_KINDS, REPORT_FLAGS, WORKLOAD_KINDS } from "./flags.ts";

const needs = [...WORKLOAD_KINDS, ...AROUND_KINDS, ...RBAC_KINDS] as const;

/** The worst of everything on one screen; what runs when no verb is given. */
export const triage = {
  name: "",
  summary: "Show which credentials CronJobs, Jobs and completed pods leave lying around, the worst first.",
  group: "look",
  examples: [
    { run: "", why: "The worst of the whole cluster, and what to do next" },
    { run: "-n database", why: "Of one namespace" },
    { run: "snapshot evidence.jsonl.gz", why: "The evidence as a file, before it goes" },
    { run: "-f evidence.jsonl.gz", why: "The same of that file, with no cluster" },
    { run: "--fail-on high -o json", why: "As a gate in a pipeline: status 1 when something is high or critical" },
  ],
  next: {
    run: "exposure cronjob/backup -n database",
    why: "One workload that it names: which credential, where, since when, until when, and who reads it",
  },
  flags: [...GROUPS.finding, "compare-secrets", "rules", ...REPORT_FLAGS],
  words: "[TYPE/NAME...]",
  formats: formatNames,
  needs,
  async run(context) {
    const { runReport } = await import("./report.ts");
    return runReport(context, {
      name: "",
      needs,
      recover: true,
      takesSubjects: false,
      load: async () => (await import("../exposure/triage.ts")).triageReport,
    });
  },
} as const satisfies Command;
