import type { Command } from "./command.ts";
import { flagOf, GROUPS, GROUP_TITLES, spelling } from "./flags.ts";
import type { FlagName } from "./flags.ts";

/** What the exit status of a command can be. */
function statuses({ flags, needs }: Command): string[] {
  return [
    "0    done",
    ...(flags.includes("fail-on") ? ["1    something was found at or above --fail-on"] : []),
    needs.length === 0
      ? "2    the command line is at fault"
      : "2    the command line, the connection or the cluster is at fault",
    ...(needs.length === 0 ? [] : ["3    the evidence was incomplete: part of the answer is a lower bound"]),
    "130  interrupted",
  ];
}

/** The words after which a flag's meaning is printed in help and documentation. */
export function flagUsage(name: FlagName): string {
  const { value } = flagOf(name);
  return value === undefined ? spelling(name) : `${spelling(name)} ${value}`;
}

/** A flag's meaning, with what it may be and what it is when left out. */
export function flagMeaning(name: FlagName, formats: readonly string[], own?: string): string {
  const flag = flagOf(name);
  const choices = name === "output" ? formats : (flag.choices ?? flag.forms);
  const parts = [own ?? flag.help];
  if (choices !== undefined && choices.length > 0) parts.push(`: ${choices.join(", ")}`);
  if (flag.default !== undefined && flag.default !== 0) parts.push(` (default ${flag.default})`);
  return parts.join("");
}

/** The text of `--help` for one verb; without a verb it lists the others too. Lines are at most 100 columns. */
export function helpText(command: Command, commands: readonly Command[], program: string): string {
  const lines = [command.summary, "", "Examples:"];
  for (const { run, why } of command.examples) {
    lines.push(`  # ${why}`, `  ${[program, run].join(" ").trim()}`, "");
  }
  if (command.name === "") {
    lines.push("Commands:");
    const others = commands.filter((other) => other.name !== "");
    const width = Math.max(...others.map((other) => other.name.length)) + 3;
    for (const other of others) lines.push(...entry(other.name, other.summary, width));
    lines.push("");
  }
  for (const group of Object.keys(GROUPS) as (keyof typeof GROUPS)[]) {
    const own = Object.keys(command.means ?? {}) as FlagName[];
    const others = (GROUPS[group] as FlagName[]).filter((name) => !own.includes(name) && command.flags.includes(name));
    const flags = group === command.name ? [...own, ...others] : others;
    if (flags.length === 0) continue;
    lines.push(`${GROUP_TITLES[group]}:`);
    for (const name of flags)
      lines.push(...entry(flagUsage(name), flagMeaning(name, command.formats, command.means?.[name]), 34));
    lines.push("");
  }
  const words = [command.name, command.words ?? "", "[flags]"].filter((part) => part !== "");
  lines.push("Usage:", `  ${program} ${words.join(" ")}`, "");
  lines.push("Exit status:", ...statuses(command).map((line) => `  ${line}`), "");
  if (program.startsWith("kubectl ")) {
    lines.push("Flags go after the plugin's name: kubectl takes none in front of it.");
  }
  if (command.name === "") lines.push(`More on a command: ${program} COMMAND --help`);
  return lines.join("\n").trimEnd() + "\n";
}

function entry(term: string, meaning: string, width: number): string[] {
  const room = 98 - width;
  const rows: string[] = [];
  let row = "";
  for (const word of meaning.split(" ")) {
    if (row !== "" && row.length + 1 + word.length > room) {
      rows.push(row);
      row = word;
    } else row = row === "" ? word : `${row} ${word}`;
  }
  rows.push(row);
  const indent = " ".repeat(width);
  if (term.length + 2 > width) return [`  ${term}`, ...rows.map((text) => `  ${indent}${text}`)];
  return rows.map((text, index) => `  ${index === 0 ? term.padEnd(width) : indent}${text}`);
}
