import type { Command } from "../cli/command.ts";
import { UsageError } from "../cli/errors.ts";
import { GROUPS } from "../cli/flags.ts";
import { formatNamesWithoutFindings } from "../output/formats/index.ts";
import { RBAC_KINDS, WORKLOAD_KINDS } from "./flags.ts";

const needs = [...WORKLOAD_KINDS, "nodes", ...RBAC_KINDS] as const;

/** Keeps evidence from being deleted while people look at it, and puts back what was there. */
export const hold = {
  name: "hold",
  summary: "Stop CronJobs and Jobs from deleting evidence, and put back exactly what was there when it is over.",
  group: "act",
  examples: [
    { run: "hold cronjob/backup -n database", why: "No further run, no pruning, no TTL: nothing of it goes by itself" },
    { run: "hold job/backup-29921885 -n database", why: "One Job; its CronJob goes on and prunes nothing" },
    { run: "hold --all", why: "Everything in the cluster, after a question" },
    { run: "hold -l app=payments --yes", why: "What has a label, without a question" },
    { run: "hold --list", why: "What is held, and whether somebody changed it since" },
    { run: "hold --release cronjob/backup -n database", why: "Put back what was there; says first what goes at once" },
  ],
  exits: { 2: "something that was chosen is not held, or not put back, or the answer was no" },
  next: { run: "snapshot evidence.jsonl.gz -n database", why: "The evidence as a file, while it is all there" },
  flags: [
    "all",
    ...GROUPS.hold,
    ...GROUPS.change,
    "namespace",
    "all-namespaces",
    "selector",
    "chunk-size",
    ...GROUPS.output.filter((name) => name !== "sort-by"),
    ...GROUPS.connection,
  ],
  means: {
    all: "every CronJob and Job of the namespace or the cluster; with --release, all that is held",
    "dry-run": "server: have the API server check each change, and make none; client: only say what would be changed",
  },
  words: "[TYPE/NAME... | TYPE [NAME...]]",
  formats: formatNamesWithoutFindings,
  needs,
  async run(context) {
    const { options, words } = context;
    if (options.list && options.release) throw new UsageError("give --list or --release, not both");
    if (options.list) {
      if (options["dry-run"] !== null) throw new UsageError("--list changes nothing, and takes no --dry-run");
      return (await import("./hold-list.ts")).listHolds(context);
    }
    if (words.length === 0 && options.selector === null && !options.all) {
      throw new UsageError(`hold${options.release ? " --release" : ""} takes TYPE/NAME, -l SELECTOR or --all`);
    }
    if (options.all && words.length > 0) throw new UsageError("give --all or names, not both");
    if (options.release) return (await import("./hold-release.ts")).releaseHolds(context);
    return (await import("./hold-run.ts")).holdObjects(context, needs);
  },
} as const satisfies Command;
