import type { Command } from "../cli/command.ts";
import { GROUPS } from "../cli/flags.ts";
import { formatNames } from "../output/formats/index.ts";
import { AROUND_KINDS, HANDOVER_FLAGS, RBAC_KINDS, REPORT_FLAGS, WORKLOAD_KINDS } from "./flags.ts";

const needs = [...WORKLOAD_KINDS, ...AROUND_KINDS, ...RBAC_KINDS] as const;

/** Credentials, the windows in which they could be read, and by whom. */
export const exposure = {
  name: "exposure",
  summary: "Show which credential lies where, since when, until when and why, and who can read it.",
  group: "look",
  examples: [
    { run: "exposure", why: "Every credential in the cluster's batch workloads" },
    { run: "exposure cronjob/backup -n database", why: "Of one CronJob, its Jobs and pods, with readers and the fix" },
    { run: "exposure pods -l app=worker -o wide", why: "Of pods with a label, with fingerprints and classes" },
    { run: "exposure -n database --timeline", why: "The windows of one namespace on a time axis" },
    { run: "exposure --by reader", why: "Who reads how much of it, and through what" },
    { run: "exposure --as-seen-by user:alice --since 7d", why: "What alice could have read in the last seven days" },
    { run: "exposure --compare-secrets", why: "Also whatever equals a Secret's value, with the Secret's name" },
    { run: "exposure --rules rules.yaml --show-ignored", why: "By your own rules, and what these ignore" },
    { run: "exposure -o json --sort-by .atRestHours.soFar", why: "For a script, longest at rest last" },
    { run: "exposure -o html > exposure.html", why: "One page for whoever has no terminal; it loads nothing" },
    { run: "exposure --class token-bound --cleanup", why: "Choose from the pods that keep a token, and delete them" },
  ],
  exits: { 2: "with --cleanup, something that was chosen is not gone" },
  next: { run: "hold cronjob/backup -n database", why: "Keep what a workload left behind, while you look at it" },
  flags: [
    ...GROUPS.finding,
    ...GROUPS.exposure,
    "compare-secrets",
    "scan-logs",
    "rules",
    ...HANDOVER_FLAGS,
    ...REPORT_FLAGS,
  ],
  words: "[TYPE/NAME... | TYPE [NAME...]]",
  formats: formatNames,
  needs,
  async run(context) {
    const [{ runReport }, { refuseLoneFlags, reportCleanup }, { readAsked, questionOf }] = await Promise.all([
      import("./report.ts"),
      import("./cleanup-report.ts"),
      import("./exposure-question.ts"),
    ]);
    const asked = readAsked(context);
    refuseLoneFlags(context);
    const namespace = context.options["all-namespaces"] ? null : context.options.namespace;
    if (context.options.cleanup) {
      const [{ answer }, { carrying }] = await Promise.all([
        import("../exposure/report.ts"),
        import("./cleanup-handover.ts"),
      ]);
      return reportCleanup(context, (snapshot, selection) =>
        carrying(answer(snapshot, selection, questionOf(asked, snapshot, namespace))),
      );
    }
    return runReport(context, {
      name: "exposure",
      needs,
      recover: true,
      takesSubjects: false,
      load: async () => {
        const { answer } = await import("../exposure/report.ts");
        return (snapshot, selection) => answer(snapshot, selection, questionOf(asked, snapshot, namespace));
      },
    });
  },
} as const satisfies Command;
