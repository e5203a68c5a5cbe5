import type { Command } from "../../src/cli/command.ts";
import { ENVIRONMENT } from "../../src/cli/environment.ts";
import { exitsOf } from "../../src/cli/exits.ts";
import { GROUPS, GROUP_TITLES } from "../../src/cli/flags.ts";
import type { FlagName } from "../../src/cli/flags.ts";
import { flagMeaning, flagUsage, PLUGIN_NOTE, usageOf } from "../../src/cli/help.ts";
import { formatNames, formats } from "../../src/output/formats/index.ts";
import { all, takenBy } from "./commands.ts";

const program = "kubectl cronaudit";

const cell = (text: string): string => text.replaceAll("|", "\\|");
const row = (...cells: string[]): string => `| ${cells.map(cell).join(" | ")} |`;

function flagRows(names: readonly FlagName[]): string[] {
  const rows = names.map((name) => row(`\`${flagUsage(name)}\``, flagMeaning(name, formatNames), takenBy(name)));
  return [row("flag", "meaning", "commands"), row("---", "---", "---"), ...rows];
}

function section(command: Command): string[] {
  const call = (run: string): string => `${program} ${run}`.trim();
  const { next } = command;
  return [
    `## \`${call(command.name)}\``,
    "",
    command.summary,
    "",
    "```sh",
    ...command.examples.map(({ run, why }) => `${call(run)}  # ${why}`),
    "```",
    "",
    `Usage: \`${call(usageOf(command))}\``,
    "",
    ...(command.formats.length > 0 ? [`Formats: ${command.formats.join(", ")}.`, ""] : []),
    ...(command.needs.length > 0 ? [`Judged from: ${command.needs.join(", ")}.`, ""] : []),
    "Exit status:",
    "",
    ...exitsOf(command).map(({ status, meaning }) => `- ${String(status)}: ${meaning}`),
    "",
    ...(next === undefined ? [] : [`Next: \`${call(next.run)}\` (${lowered(next.why)}).`, ""]),
  ];
}

/** The page about the command line. */
export function cliPage(): string {
  const groups = Object.entries(GROUPS) as [keyof typeof GROUPS, FlagName[]][];
  const parts = [
    "# The command line",
    "",
    "Generated from the program's own tables by `npm run generate`.",
    PLUGIN_NOTE,
    "",
    ...all.flatMap(section),
    "## Flags",
    "",
    ...groups
      .filter(([, names]) => names.length > 0)
      .flatMap(([group, names]) => [`### ${GROUP_TITLES[group]}`, "", ...flagRows(names), ""]),
    "## Formats",
    "",
    row("-o", "what it is"),
    row("---", "---"),
    ...Object.values(formats).map(({ name, help }) => row(name, help)),
    "",
    "## Environment",
    "",
    row("variable", "what it does"),
    row("---", "---"),
    ...ENVIRONMENT.map(({ name, meaning }) => row(name, meaning)),
  ];
  return `${parts.join("\n")}\n`;
}

function lowered(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}
