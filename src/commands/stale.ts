import type { Command } from "../cli/command.ts";
import { formatNames } from "../output/formats/index.ts";
import { HANDOVER_FLAGS, REPORT_FLAGS, WORKLOAD_KINDS } from "./flags.ts";

const needs = [...WORKLOAD_KINDS, "nodes"] as const;

/** Finished, hung and orphaned Jobs and pods. */
export const stale = {
  name: "stale",
  summary:
    "List Jobs and pods that linger, hang or lost their owner, what will remove them and when, and images that changed under their tag.",
  group: "look",
  examples: [
    { run: "stale", why: "Everything that lingers in the cluster" },
    { run: "stale -n database -o wide", why: "One namespace, with owners and times" },
    { run: "stale jobs --sort-by .ageSeconds", why: "Jobs alone, the youngest first" },
    { run: "stale -n database --cleanup", why: "Choose from these in a terminal, and delete them" },
  ],
  exits: { 2: "with --cleanup, something that was chosen is not gone" },
  next: { run: "cleanup --older-than 24h", why: "What of it can go, and what goes along; a plan, nothing is deleted" },
  flags: ["all", "rules", ...HANDOVER_FLAGS, ...REPORT_FLAGS],
  words: "[TYPE/NAME... | TYPE [NAME...]]",
  formats: formatNames,
  needs,
  async run(context) {
    const [{ runReport }, { refuseLoneFlags, reportCleanup }] = await Promise.all([
      import("./report.ts"),
      import("./cleanup-report.ts"),
    ]);
    refuseLoneFlags(context);
    if (context.options.cleanup) {
      const [{ staleReport }, { listed }] = await Promise.all([
        import("../batch/report.ts"),
        import("./cleanup-handover.ts"),
      ]);
      return reportCleanup(context, (snapshot, selection) => listed(staleReport(snapshot, selection)));
    }
    return runReport(context, {
      name: "stale",
      needs,
      takesSubjects: false,
      load: async () => (await import("../batch/report.ts")).staleReport,
    });
  },
} as const satisfies Command;
