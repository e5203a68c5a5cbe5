import type { Command } from "../cli/command.ts";
import { UsageError } from "../cli/errors.ts";
import { nearest } from "../cli/nearest.ts";
import { openSink } from "../cli/streams.ts";

/** The shells that there is a script for. */
const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

/** Completion of words in shells: by scripts for the program itself, and by kubectl's own for the plugin. */
export const completion = {
  name: "completion",
  summary: "Print a completion script for a shell, or have kubectl's own completion know this plugin.",
  group: "about",
  examples: [
    {
      run: "completion --install",
      why: "Have kubectl complete this plugin's words, wherever its own completion is loaded",
    },
    {
      run: "completion bash > ~/.local/share/bash-completion/completions/kubectl-cronaudit",
      why: "For kubectl-cronaudit typed as one word, in bash",
    },
    { run: 'completion zsh > "${fpath[1]}/_kubectl-cronaudit"', why: "The same in zsh" },
    { run: "completion fish > ~/.config/fish/completions/kubectl-cronaudit.fish", why: "The same in fish" },
    { run: "completion --uninstall", why: "Remove what --install wrote; krew does not" },
  ],
  exits: { 2: "--install or --uninstall could not do it" },
  flags: ["install", "uninstall", "help"],
  words: "[bash|zsh|fish|powershell]",
  completes: (words) =>
    words.length === 0 ? SHELLS.map((word) => ({ word, description: `The script for ${word}` })) : [],
  formats: [],
  needs: [],
  async run({ options, words, io }) {
    const { install, uninstall } = options;
    if (install && uninstall) throw new UsageError("give --install or --uninstall, not both");
    if (install || uninstall) {
      if (words.length > 0)
        throw new UsageError(
          `--${install ? "install" : "uninstall"} takes no shell: kubectl's own script has one for each`,
        );
      const own = await import("./completion-install.ts");
      return install ? own.install(io) : own.uninstall(io);
    }
    const [shell, ...more] = words;
    if (shell === undefined || more.length > 0)
      throw new UsageError("completion takes one shell, or --install", [known]);
    const { scripts } = await import("../cli/completion/scripts/index.ts");
    if (!isShell(shell)) {
      const near = nearest(shell, SHELLS);
      throw new UsageError(
        `there is no script for "${shell}"`,
        near === null ? [known] : [`Did you mean ${near}?`, known],
      );
    }
    await openSink(io.stdout).write(scripts[shell]);
    return 0;
  },
} as const satisfies Command;

const known = `Shells: ${SHELLS.join(", ")}.`;

function isShell(word: string): word is (typeof SHELLS)[number] {
  return (SHELLS as readonly string[]).includes(word);
}
