import type { Command } from "../cli/command.ts";

/** Why a finding matters, what ends it, and where the rule comes from. */
export const explain = {
  name: "explain",
  summary: "Explain an id of a report: why it matters, what ends or prevents it, what it needs, and its source.",
  group: "about",
  examples: [
    { run: "explain", why: "Everything that can be explained, with a sentence each" },
    { run: "explain literal-env", why: "One way in which a credential is exposed" },
    { run: "explain pods-exec secrets-list", why: "Two ways to a credential, as access and readers name them" },
    { run: "explain 1", why: "An adversary of the threat model, by number or name" },
    { run: "explain edges", why: "The topics of one kind" },
    { run: "explain rights", why: "Which ClusterRole each command needs, and how to get it" },
    { run: "explain cronaudit-exposure -o manifest", why: "One of them, for kubectl apply -f -" },
    { run: "explain -o json", why: "All of it for a script" },
  ],
  flags: ["output", "color", "help"],
  words: "[ID...]",
  completes: () => ["topic"],
  formats: ["table", "json", "yaml", "name", "markdown", "manifest"],
  needs: [],
  async run(context) {
    const { explainTopics } = await import("./explain-run.ts");
    return explainTopics(context);
  },
} as const satisfies Command;
