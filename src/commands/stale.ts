import type { Command } from "../cli/command.ts";
import { formatNames } from "../output/formats/index.ts";
import { REPORT_FLAGS, WORKLOAD_KINDS } from "./flags.ts";

const needs = [...WORKLOAD_KINDS, "nodes"] as const;

/** Finished, hung and orphaned Jobs and pods. */
export const stale = {
  name: "stale",
  summary: "List Jobs and pods that linger, hang or lost their owner, and what will remove them.",
  examples: [
    { run: "stale", why: "Everything that lingers in the cluster" },
    { run: "stale -n database -o wide", why: "One namespace, with owners and times" },
    { run: "stale jobs --sort-by .ageSeconds", why: "Jobs alone, the youngest first" },
  ],
  flags: ["all", ...REPORT_FLAGS],
  words: "[TYPE/NAME... | TYPE [NAME...]]",
  formats: formatNames,
  needs,
  async run(context) {
    const { runReport } = await import("./report.ts");
    return runReport(context, {
      name: "stale",
      needs,
      takesSubjects: false,
      load: async () => (await import("../batch/report.ts")).staleReport,
    });
  },
} as const satisfies Command;
