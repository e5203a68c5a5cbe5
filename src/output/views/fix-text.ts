import type { ViewOptions } from "../view.ts";

const changes = /\bkubectl(?= (?:annotate|delete|edit|patch|set) )/g;

/** The next step, in which the user's flags lead kubectl to the same cluster, and this program is called as the user called it. */
export function fixText({ fix }: { fix: string }, options: ViewOptions): string {
  // A file has no cluster whose flags could be repeated.
  if (!options.live) return fix.replaceAll("kubectl cronaudit ", () => `${options.program} `);
  const { kubectlFlags = "" } = options;
  // Pasted without its context, a deletion would go to another cluster.
  const aimed = kubectlFlags === "" ? fix : fix.replace(changes, (kubectl) => `${kubectl} ${kubectlFlags}`);
  return aimed.replace(/kubectl cronaudit (snapshot [^ ;]+(?: -n (?:[^' ;]+|'[^']*'))?)/g, (_, args: string) =>
    options.command(args),
  );
}

/** A remark behind a command: in its comment, so that the line can be pasted as it stands. */
export function withRemark(command: string, remark: string): string {
  if (remark === "") return command;
  return command.startsWith("kubectl") && !command.includes("  # ")
    ? `${command}  # ${remark}`
    : `${command}; ${remark}`;
}
