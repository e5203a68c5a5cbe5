import type { Command } from "../cli/command.ts";
import { GROUPS } from "../cli/flags.ts";
import { formatNamesWithoutFindings } from "../output/formats/index.ts";
import { CLEANUP_KINDS, REPORT_FLAGS } from "./flags.ts";

const needs = CLEANUP_KINDS;

/** What may be deleted without harm, what goes along, and what that ends. */
export const cleanup = {
  name: "cleanup",
  summary: "Plan which finished Jobs and pods to delete, with everything that goes along and what that ends.",
  group: "act",
  examples: [
    { run: "cleanup --older-than 24h", why: "What finished more than a day ago; nothing is deleted by it" },
    { run: "cleanup -n database -o json", why: "The plan of one namespace, for a script or another machine" },
    { run: "cleanup cronjob/backup -n database", why: "The runs of one CronJob" },
    {
      run: "cleanup job/export -n database --stop-running",
      why: "A Job that hangs, and keeps the next run from starting",
    },
    { run: "cleanup --state orphaned", why: "Pods whose Job is gone" },
    {
      run: "cleanup cronjob/backup -n database --also suspend --also history-limit=1",
      why: "Plan that no further run starts, and that fewer are kept from now on",
    },
    {
      run: "cleanup --older-than 24h --delete-by ttl",
      why: "Plan it with a TTL of 0, where you may patch Jobs and not delete them",
    },
    {
      run: "cleanup --older-than 24h --yes",
      why: "Delete it: evidence first, then each with a look at whether it is gone",
    },
    { run: "cleanup --older-than 24h --dry-run=server", why: "Ask the API server what it would refuse" },
    { run: "cleanup --resume cronaudit-20261122-054109.journal", why: "Go on with a run that was interrupted" },
  ],
  exits: {
    2: "something that was chosen is not gone, a change does not stand, or a given token is not known to be refused",
    3: "with --logs, some logs are not in the evidence",
  },
  next: {
    run: "evidence verify cronaudit-20261122-054109.evidence",
    why: "Whether the evidence of what went is whole",
  },
  flags: [
    "yes",
    "dry-run",
    "logs",
    "with-values",
    "recipient",
    "identity",
    "passphrase-file",
    "all",
    "all-readers",
    "rules",
    ...GROUPS.cleanup.filter((name) => name !== "cleanup"),
    ...REPORT_FLAGS,
  ],
  words: "[TYPE/NAME... | TYPE [NAME...] | restore FILE job/NAME]",
  completes([first, ...rest]) {
    if (first === "restore") return rest.length === 0 ? ["file"] : ["jobs"];
    const restore = { word: "restore", description: "Create a Job again from an evidence bundle, suspended." };
    return first === undefined ? ["objects", restore] : ["objects"];
  },
  formats: formatNamesWithoutFindings,
  needs,
  async run(context) {
    const [first, file = "", ...names] = context.words;
    if (first === "restore") return (await import("./evidence-restore.ts")).restore(context, file, names);
    const { options } = context;
    if (options.resume !== null) return (await import("./cleanup-resume.ts")).resumeCleanup(context);
    if (options.yes || options.plan !== null || options["dry-run"] !== null)
      return (await import("./cleanup-run.ts")).runCleanup(context, needs);
    return (await import("./cleanup-report.ts")).reportCleanup(context);
  },
} as const satisfies Command;
