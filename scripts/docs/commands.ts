import type { Command } from "../../src/cli/command.ts";
import type { FlagName } from "../../src/cli/flags.ts";
import { commands } from "../../src/commands/index.ts";

/** Every command there is, as the general type; the first has no verb. */
export const all: readonly Command[] = commands;

/** How a page calls a command: what runs without a verb is the triage. */
export function title(command: Command): string {
  return command.name === "" ? "triage" : command.name;
}

/** The commands that take a flag, in words. */
export function takenBy(name: FlagName): string {
  const takers = all.filter((command) => command.flags.includes(name));
  if (takers.length === all.length) return "all";
  const missing = all.filter((command) => !command.flags.includes(name));
  if (missing.length <= 3) return `all but ${missing.map(title).join(", ")}`;
  return takers.map(title).join(", ");
}
