import type { Command } from "../cli/command.ts";
import { CommandError } from "../cli/errors.ts";
import { formatNames } from "../output/formats/index.ts";
import { RBAC_KINDS, REPORT_FLAGS, WORKLOAD_KINDS } from "./flags.ts";

const needs = ["namespaces", ...WORKLOAD_KINDS, ...RBAC_KINDS] as const;

/** Which Secrets the accounts of batch workloads can read, and by which grants. */
export const access = {
  name: "access",
  summary: "Show which Secrets the accounts of CronJobs and Jobs can read, and by which grants.",
  examples: [
    { run: "access", why: "Every ServiceAccount that a CronJob, Job or pod runs as" },
    { run: "access sa/backup -n database", why: "One ServiceAccount, grant by grant" },
    { run: "access cronjob/backup -n database", why: "The account that a CronJob runs as" },
    { run: "access group:system:authenticated", why: "What every user can read" },
  ],
  flags: REPORT_FLAGS,
  words: "[sa/NAME | user:NAME | group:NAME | TYPE/NAME...]",
  formats: formatNames,
  needs,
  async run(context) {
    const { runReport } = await import("./report.ts");
    return runReport(context, {
      name: "access",
      needs,
      // What an account may do in other namespaces is granted there.
      beyondScope: ["roles", "rolebindings"],
      takesSubjects: true,
      load: async () => {
        const [{ accessReport }, { SubjectNotFound }] = await Promise.all([
          import("../rbac/report.ts"),
          import("../rbac/select.ts"),
        ]);
        return (snapshot, selection) => {
          try {
            return accessReport(snapshot, selection);
          } catch (error) {
            if (error instanceof SubjectNotFound) throw new CommandError(error.message, error.next);
            throw error;
          }
        };
      },
    });
  },
} as const satisfies Command;
