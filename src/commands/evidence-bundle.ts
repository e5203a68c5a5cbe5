import type { Command } from "../cli/command.ts";
import { UsageError } from "../cli/errors.ts";
import { GROUPS } from "../cli/flags.ts";

/** What is done with evidence bundles; only `save` and `restore` ask a cluster. */
export const evidenceBundle = {
  name: "evidence",
  summary: "Save, verify and show evidence bundles, and restore a Job from one, suspended.",
  group: "keep",
  examples: [
    { run: "evidence verify cronaudit-20261122-054109.evidence", why: "Is the bundle whole?" },
    { run: "evidence show cronaudit-20261122-054109.evidence", why: "What is in it?" },
    {
      run: "evidence save case.evidence job/backup-29921885 --logs -n database",
      why: "Keep a Job, its owners, events and logs",
    },
    { run: "evidence restore case.evidence job/backup-29921885 -n database", why: "Create the Job again, suspended" },
  ],
  exits: { 2: "the bundle is not whole", 3: "save: something that was asked for is not in the bundle" },
  next: { run: "snapshot evidence.jsonl.gz", why: "The evidence of a whole cluster, which every report reads with -f" },
  flags: [
    ...GROUPS.bundle,
    "dry-run",
    "force",
    "namespace",
    "fingerprint-key",
    "chunk-size",
    "output",
    "no-headers",
    "no-input",
    "help",
    ...GROUPS.connection,
  ],
  words: "(verify|show|save|restore) FILE [TYPE/NAME...]",
  completes([what, ...rest]) {
    if (what === undefined) return WAYS;
    if (rest.length === 0) return ["file"];
    if (what === "restore") return ["jobs"];
    return what === "save" ? ["objects"] : [];
  },
  formats: ["table", "json"],
  needs: [],
  async run(context) {
    const [what, file = "", ...names] = context.words;
    if (file === "" && what !== undefined) throw new UsageError(`evidence ${what} takes a FILE`);
    switch (what ?? "") {
      case "verify":
        return (await import("./evidence-show.ts")).verify(context, file, names);
      case "show":
        return (await import("./evidence-show.ts")).show(context, file, names);
      case "save":
        return (await import("./evidence-save.ts")).save(context, file, names);
      case "restore":
        return (await import("./evidence-restore.ts")).restore(context, file, names);
      default:
        throw new UsageError(
          what === undefined ? "evidence takes what to do with a bundle" : `evidence cannot "${what}"`,
          ["What it can: verify FILE, show FILE, save FILE TYPE/NAME, restore FILE job/NAME"],
        );
    }
  },
} as const satisfies Command;

/** What can be done with a bundle, for completion. */
const WAYS = [
  { word: "verify", description: "Is the bundle whole?" },
  { word: "show", description: "What is in it?" },
  { word: "save", description: "Keep objects, with their owners, events and, with --logs, logs." },
  { word: "restore", description: "Create a Job again, suspended." },
] as const;
