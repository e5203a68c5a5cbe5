import type { Command } from "../cli/command.ts";
import { GROUPS } from "../cli/flags.ts";
import { AROUND_KINDS, RBAC_KINDS, WORKLOAD_KINDS } from "./flags.ts";

const needs = ["namespaces", ...WORKLOAD_KINDS, ...AROUND_KINDS, ...RBAC_KINDS] as const;

/** The evidence as a file, which every verb reads back. */
export const snapshot = {
  name: "snapshot",
  summary: "Capture the evidence to a file, without secret values; every command reads it with -f.",
  group: "keep",
  examples: [
    { run: "snapshot evidence.jsonl.gz", why: "The whole cluster, compressed because of the name" },
    { run: "snapshot evidence.jsonl -n database --force", why: "One namespace as text, over an older file" },
    { run: "snapshot > evidence.jsonl.gz", why: "To standard output" },
    { run: "snapshot evidence.jsonl -f dump.yaml", why: "From what kubectl printed" },
  ],
  next: { run: "-f evidence.jsonl.gz", why: "What is in it, the worst first" },
  flags: [
    ...GROUPS.capture,
    "namespace",
    "all-namespaces",
    ...GROUPS.evidence,
    "no-input",
    "help",
    ...GROUPS.connection,
  ],
  words: "[FILE]",
  completes: (words) => (words.length === 0 ? ["file"] : []),
  formats: [],
  needs,
  async run(context) {
    const { captureSnapshot } = await import("./capture.ts");
    return captureSnapshot(context, needs);
  },
} as const satisfies Command;
