import type { ExposureClass } from "../model/report.ts";
import type { Flag } from "./flags.ts";

const classes = [
  "configmap-env",
  "literal-annotation",
  "literal-args",
  "literal-env",
  "log",
  "node-grant",
  "pull-secret",
  "secret-env",
  "secret-volume",
  "termination-message",
  "token-bound",
  "token-legacy",
] as const satisfies readonly ExposureClass[];

/** The flags that ask exposure for a part, or for another view of it. */
export const exposure = {
  by: {
    type: "string",
    value: "WHAT",
    choices: ["credential", "carrier", "reader"],
    default: "credential",
    help: "one line for each credential, for each object that carries any, or for each identity that reads any",
  },
  class: {
    type: "list",
    value: "CLASS",
    choices: classes,
    help: "only credentials that are exposed in this way; may be repeated",
  },
  since: {
    type: "string",
    value: "TIME",
    help: "only windows open after this time: 2026-11-20T14:00:00Z, or as 90m, 24h, 7d before the evidence was taken",
  },
  until: { type: "string", value: "TIME", help: "only windows open before this time, written like --since" },
  "as-seen-by": {
    type: "list",
    value: "SUBJECT",
    help: "only what user:NAME or sa/NAME reads; repeat it with group:NAME for a user's groups",
  },
  "show-ignored": {
    type: "boolean",
    help: "also show what --rules or an annotation on the object ignores, and who set the annotation",
  },
  timeline: { type: "boolean", help: "draw the windows on a time axis" },
} as const satisfies Record<string, Flag>;
