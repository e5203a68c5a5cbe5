import type { Command } from "../../src/cli/command.ts";
import { FLAGS, GROUPS, GROUP_TITLES } from "../../src/cli/flags.ts";
import type { FlagName } from "../../src/cli/flags.ts";
import { flagMeaning, flagUsage } from "../../src/cli/help.ts";
import { commands } from "../../src/commands/index.ts";
import { formatNames, formats } from "../../src/output/formats/index.ts";

const program = "kubectl cronaudit";
const all: readonly Command[] = commands;

const cell = (text: string): string => text.replaceAll("|", "\\|");
const row = (...cells: string[]): string => `| ${cells.map(cell).join(" | ")} |`;

function takenBy(name: FlagName): string {
  const takers = all.filter((command) => command.flags.includes(name));
  if (takers.length === all.length) return "all";
  const missing = all.filter((command) => !command.flags.includes(name));
  if (missing.length <= 2) return `all but ${missing.map(title).join(", ")}`;
  return takers.map(title).join(", ");
}

function title(command: Command): string {
  return command.name === "" ? "triage" : command.name;
}

/** Every flag, its meaning, and the commands that take it. */
export function flagTable(): string {
  const lines = [row("flag", "meaning", "commands"), row("---", "---", "---")];
  for (const group of Object.values(GROUPS) as FlagName[][]) {
    for (const name of group) lines.push(row(`\`${flagUsage(name)}\``, flagMeaning(name, formatNames), takenBy(name)));
  }
  if (lines.length - 2 !== Object.keys(FLAGS).length) throw new Error("a flag is in no group");
  return `${lines.join("\n")}\n`;
}

/** The page about the command line. */
export function cliPage(): string {
  const parts = [
    "# The command line",
    "",
    "Generated from the program's own tables by `npm run generate`.",
    "kubectl's global flags go after the plugin's name.",
    "",
  ];
  for (const command of all) {
    parts.push(`## \`${[program, command.name].join(" ").trim()}\``, "", command.summary, "", "```sh");
    for (const { run, why } of command.examples) parts.push(`${`${program} ${run}`.trim()}  # ${why}`);
    parts.push("```", "");
    const usage = [program, command.name, command.words ?? "", "[flags]"].filter((part) => part !== "").join(" ");
    parts.push(`Usage: \`${usage}\``, "");
    if (command.formats.length > 0) parts.push(`Formats: ${command.formats.join(", ")}.`, "");
    if (command.needs.length > 0) parts.push(`Judged from: ${command.needs.join(", ")}.`, "");
  }
  parts.push("## Flags", "");
  for (const [group, names] of Object.entries(GROUPS) as [keyof typeof GROUPS, FlagName[]][]) {
    parts.push(`### ${GROUP_TITLES[group]}`, "", row("flag", "meaning", "commands"), row("---", "---", "---"));
    for (const name of names) parts.push(row(`\`${flagUsage(name)}\``, flagMeaning(name, formatNames), takenBy(name)));
    parts.push("");
  }
  parts.push("## Formats", "", row("-o", "what it is"), row("---", "---"));
  for (const format of Object.values(formats)) parts.push(row(format.name, format.help));
  return `${parts.join("\n")}\n`;
}
