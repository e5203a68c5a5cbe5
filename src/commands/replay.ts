import type { Command, Context } from "../cli/command.ts";
import { UsageError } from "../cli/errors.ts";
import { GROUPS } from "../cli/flags.ts";
import { formatNames } from "../output/formats/index.ts";
import { AROUND_KINDS, RBAC_KINDS, REPORT_FLAGS, WORKLOAD_KINDS } from "./flags.ts";

const needs = ["namespaces", ...WORKLOAD_KINDS, ...AROUND_KINDS, ...RBAC_KINDS] as const;

/** The threat model's adversaries on what is there. */
export const replay = {
  name: "replay",
  summary: "Replay the threat model's five adversaries: would each succeed here, and what stops it.",
  group: "look",
  examples: [
    { run: "replay", why: "All five on every CronJob and Job in the cluster; makes no change" },
    { run: "replay 1 5 -n database -o wide", why: "Two of them, workload by workload, step by step" },
    {
      run: "replay cronjob/backup -n database",
      why: "All five on one CronJob, with the paths and what would block them",
    },
    { run: "replay over-permissive-account", why: "One of them, by its name" },
    { run: "replay --as user:alice --as-group dev", why: "As far as alice and her group may really go" },
    {
      run: "replay --as sa/ci -n database --verify",
      why: "From an account's position, with the API server's own word",
    },
    {
      run: "replay --lab --context staging --dry-run=server",
      why: "What a lab of its own would make on that cluster, and the rights that are there; makes nothing",
    },
    {
      run: "replay --lab 1 2 --context staging",
      why: "Attack both forms of the workload there, default and hardened, and take everything down again",
    },
    { run: "replay cleanup --context staging", why: "Take down what a lab left that was killed" },
  ],
  exits: {
    0: "whether an adversary succeeds changes nothing about it",
    2: "of a lab, nothing was begun, or something of it remains",
    3: "of a lab, a pair or a variant did not come out as it must",
  },
  next: {
    run: "access sa/backup -n database",
    why: "How an account that an adversary goes through comes to what it reads",
  },
  flags: ["verify", ...GROUPS.lab, "plan", "dry-run", "yes", "scan-logs", "rules", ...REPORT_FLAGS],
  means: {
    as: "replay from this identity's position: user:NAME, sa/NAME or group:NAME; any other value is a user to impersonate",
    "as-group": "group that the identity is in; may be repeated",
    plan: "carry out this plan of a lab, which --lab --dry-run=server -o json wrote within the hour",
    "dry-run": "server: plan the lab, ask for each right that it needs, and make nothing",
    yes: "clean up after several runs without asking",
    verify: "have the API server say of each step whether it is allowed, by SubjectAccessReview",
  },
  words: "[1-5 | ADVERSARY...] [TYPE/NAME... | TYPE [NAME...]] | cleanup",
  completes(words) {
    if (words[0] === "cleanup") return [];
    const cleanup = { word: "cleanup", description: "Take down what a lab left that was killed." };
    return words.length === 0 ? ["adversary", cleanup, "objects"] : ["adversary", "objects"];
  },
  formats: formatNames,
  needs,
  async run(context) {
    if (context.words[0] === "cleanup") return (await import("./replay-cleanup.ts")).replayCleanup(context);
    if (context.options.lab) return (await import("./replay-lab.ts")).replayLab(context);
    refuseLabFlags(context);
    const [{ runReport }, { readReplay }, { identityIn }, { ADVERSARIES, looksBeyond, needsOf }] = await Promise.all([
      import("./report.ts"),
      import("./replay-question.ts"),
      import("./identity.ts"),
      import("../scenarios/needs.ts"),
    ]);
    const asked = readReplay(context);
    const { adversaries, position } = asked;
    const chosen = adversaries.length === 0 ? ADVERSARIES : adversaries;
    const isPositioned = position.length > 0;
    const { options } = asked.context;
    return runReport(asked.context, {
      name: "replay",
      needs: needsOf(chosen, isPositioned),
      beyondScope: looksBeyond(chosen, isPositioned) ? BEYOND : [],
      takesSubjects: false,
      details: adversaries.length > 0,
      load: async () => {
        const { replayReport } = await import("../scenarios/report.ts");
        return async (snapshot, selection) => {
          const namespace = options["all-namespaces"] ? null : options.namespace;
          const from = identityIn(position, snapshot, namespace);
          const report = replayReport(snapshot, selection, { adversaries, from });
          if (!options.verify) return report;
          const { verifyReplay } = await import("./replay-verify.ts");
          return verifyReplay(report, asked.context);
        };
      },
    });
  },
} as const satisfies Command;

/** Of flags that only a lab takes. */
function refuseLabFlags({ options }: Context): void {
  const given = (["confirm-cluster", "image", "placement", "node", "plan", "dry-run", "run"] as const).find(
    (name) => options[name] !== null,
  );
  const flag = given ?? (["variants", "yes"] as const).find((name) => options[name]);
  if (flag === "run" || flag === "yes") throw new UsageError(`--${flag} is of replay cleanup`);
  if (flag !== undefined) throw new UsageError(`--${flag} goes with --lab`);
}

/** What an account may do in other namespaces is granted there, and leads to what runs there. */
const BEYOND = ["roles", "rolebindings", "serviceaccounts", "pods", "cronjobs"] as const;
