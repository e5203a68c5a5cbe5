import type { Command } from "../cli/command.ts";
import { CommandError } from "../cli/errors.ts";
import { GROUPS } from "../cli/flags.ts";
import { formatNames } from "../output/formats/index.ts";
import { RBAC_KINDS, REPORT_FLAGS, WORKLOAD_KINDS } from "./flags.ts";

const needs = ["namespaces", ...WORKLOAD_KINDS, ...RBAC_KINDS] as const;

/** Which Secrets the accounts of batch workloads can read in the end, and by which chain. */
export const access = {
  name: "access",
  summary: "Show which Secrets the accounts of CronJobs and Jobs can read in the end, and by which chain of grants.",
  group: "look",
  examples: [
    { run: "access", why: "Every ServiceAccount that a CronJob, Job or pod runs as" },
    { run: "access sa/backup -n database", why: "One ServiceAccount, chain by chain" },
    { run: "access cronjob/backup -n database", why: "The account that a CronJob runs as" },
    { run: "access group:system:authenticated", why: "What every user can read" },
    { run: "access --secret database/backup-db-credentials", why: "Everybody who reaches one Secret" },
    { run: "access --all-subjects --direct -o wide", why: "Who reads what without escalation, as a matrix" },
    { run: "access user:alice --verify", why: "With the API server's own word on each grant" },
  ],
  exits: { 3: "with --verify, the API server could not be asked" },
  next: { run: "exposure --by reader", why: "Who reads how much of what lies in workloads, and through what" },
  flags: ["all-readers", ...GROUPS.reach, ...REPORT_FLAGS],
  words: "[sa/NAME | user:NAME | group:NAME | TYPE/NAME...]",
  completes: () => ["objects", "subjects"],
  formats: formatNames,
  needs,
  async run(context) {
    const [{ runReport }, { readAccessQuestion, checkSecret }] = await Promise.all([
      import("./report.ts"),
      import("./access-question.ts"),
    ]);
    const question = readAccessQuestion(context);
    return runReport(context, {
      name: "access",
      needs,
      // What an account may do in other namespaces is granted there, and leads to what runs there.
      beyondScope: ["roles", "rolebindings", ...(question.maxHops === 0 ? [] : REACHED)],
      takesSubjects: true,
      load: async () => {
        const [{ judgeAccess }, { SubjectNotFound }] = await Promise.all([
          import("../rbac/report.ts"),
          import("../rbac/select.ts"),
        ]);
        return async (snapshot, selection) => {
          checkSecret(question.secret, snapshot, context);
          try {
            const judged = judgeAccess(snapshot, selection, { question });
            if (!context.options.verify) return judged.report;
            const { verify } = await import("./verify.ts");
            return await verify(judged, context);
          } catch (error) {
            if (error instanceof SubjectNotFound) throw new CommandError(error.message, error.next);
            throw error;
          }
        };
      },
    });
  },
} as const satisfies Command;

/** What escalation leads through. */
const REACHED = ["serviceaccounts", "pods", "cronjobs"] as const;
