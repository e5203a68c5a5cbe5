import type { StaleState } from "../model/report.ts";
import type { Flag } from "./flags.ts";

const states = ["completed", "failed", "hung", "orphaned"] as const satisfies readonly StaleState[];

/** The flags by which a cleanup is planned. */
export const cleanup = {
  cleanup: {
    type: "boolean",
    help: "plan to delete what is listed; in a terminal, choose from it and delete",
  },
  "older-than": {
    type: "string",
    value: "DURATION",
    help: "only what finished at least so long ago, as 90m, 24h or 7d; by finish time, never by creation",
  },
  state: {
    type: "list",
    value: "STATE",
    choices: states,
    help: "only objects in this state; may be repeated",
  },
  "stop-running": {
    type: "boolean",
    help: "also delete a Job that hangs, if it is named as job/NAME; its pods are stopped",
  },
  "yes-unseen": {
    type: "boolean",
    help: "go on although some kinds could not be listed, so that things unseen may go along",
  },
  include: {
    type: "list",
    value: "RESOURCE",
    help: "let things of this kind go along that a Job or pod owns, as secrets or persistentvolumeclaims; may be repeated",
  },
  cascade: {
    type: "string",
    value: "HOW",
    choices: ["background", "foreground"],
    help: "how what is owned goes: after its owner, which is the default, or before it",
  },
  "delete-by": {
    type: "string",
    value: "HOW",
    choices: ["request", "ttl"],
    help: "how Jobs go: each by a request that deletes it, which is the default, or by a TTL of 0, which takes the right to patch them instead",
  },
  also: {
    type: "list",
    value: "WAY",
    forms: ["suspend", "ttl=DURATION", "history-limit=N", "delete-token"],
    help:
      "change what made them as well: suspend their CronJobs, set a TTL for the Jobs to come, lower the history limits, " +
      "delete the Secrets of the legacy tokens that they expose; may be repeated",
  },
  "max-deletions": {
    type: "number",
    value: "N",
    default: 500,
    help:
      "do no more than that in one run: deletions of Jobs and bare pods, and changes by --also; what goes along with them " +
      "is not counted",
  },
  "max-percent": {
    type: "number",
    value: "N",
    help: "delete no more than so many percent of the Jobs and pods that the plan judged",
  },
  plan: {
    type: "string",
    value: "FILE",
    help: "carry out this plan, which -o json wrote, by its own rules",
  },
  resume: {
    type: "string",
    value: "JOURNAL",
    help: "go on with a cleanup that was interrupted; deletes nothing twice and nothing new",
  },
  evidence: {
    type: "string",
    value: "FILE",
    help: "where the evidence of what is deleted goes, with the journal beside it; by default a file named by the time",
  },
  "token-file": {
    type: "string",
    value: "FILE",
    help: "file with a token that is tried before the deletions, and after them until the API server refuses it",
  },
} as const satisfies Record<string, Flag>;
