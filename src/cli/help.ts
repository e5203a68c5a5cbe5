import { COMMAND_GROUPS, type Command } from "./command.ts";
import { ENVIRONMENT } from "./environment.ts";
import { exitsOf } from "./exits.ts";
import { flagOf, GROUPS, GROUP_TITLES, spelling } from "./flags.ts";
import type { FlagName } from "./flags.ts";

const WIDTH = 100;

/** The words after which a flag's meaning is printed in help and documentation. */
export function flagUsage(name: FlagName): string {
  const { value } = flagOf(name);
  return value === undefined ? spelling(name) : `${spelling(name)} ${value}`;
}

/** A flag's meaning, with what it may be, to this verb where one is given, and what it is when left out. */
export function flagMeaning(name: FlagName, formats: readonly string[], own?: string, verb?: string): string {
  const flag = flagOf(name);
  const choices = name === "output" ? formats : choicesFor(name, verb);
  const parts = [own ?? flag.help];
  if (choices !== undefined && choices.length > 0) parts.push(`: ${choices.join(", ")}`);
  if (flag.default !== undefined && flag.default !== 0) parts.push(` (default ${flag.default})`);
  return parts.join("");
}

/** Without a verb all of them, and whose those are that not every verb takes. */
function choicesFor(name: FlagName, verb: string | undefined): readonly string[] | undefined {
  const { choices, forms, choicesOf = {} } = flagOf(name);
  if (verb === undefined) {
    return (choices ?? forms)?.map((choice) => {
      const takers = choicesOf[choice];
      return takers === undefined ? choice : `${choice} (${takers.join(", ")} alone)`;
    });
  }
  return (choices ?? forms)?.filter((choice) => choicesOf[choice]?.includes(verb) !== false);
}

/** One heading of flags as a verb's help has it. */
export interface FlagGroup {
  group: keyof typeof GROUPS;
  title: string;
  flags: FlagName[];
}

/** A verb's flags under their headings; those that mean something of their own to it stand with the flags it has alone. */
export function flagGroups(command: Command): FlagGroup[] {
  const own = Object.keys(command.means ?? {}) as FlagName[];
  return (Object.keys(GROUPS) as FlagGroup["group"][]).flatMap((group) => {
    const others = (GROUPS[group] as FlagName[]).filter((name) => !own.includes(name) && command.flags.includes(name));
    const flags = group === command.name ? [...own, ...others] : others;
    return flags.length === 0 ? [] : [{ group, title: GROUP_TITLES[group], flags }];
  });
}

/** The line that shows how a verb is called, after the program's name. */
export function usageOf({ name, words }: Command): string {
  return [name, words ?? "", "[flags]"].filter((part) => part !== "").join(" ");
}

/** Verbs under the headings of help, in its order; headings without a verb are left out. */
export function commandGroups(commands: readonly Command[]): { title: string; commands: Command[] }[] {
  return (Object.keys(COMMAND_GROUPS) as (keyof typeof COMMAND_GROUPS)[]).flatMap((group) => {
    const members = commands.filter(({ name, group: own = "about" }) => name !== "" && own === group);
    return members.length === 0 ? [] : [{ title: COMMAND_GROUPS[group], commands: members }];
  });
}

/** The text of `--help` for one verb; without a verb it lists the others too. Lines are at most 100 columns. */
export function helpText(command: Command, commands: readonly Command[], program: string): string {
  const isWhole = command.name === "";
  const call = (run: string): string => [program, run].join(" ").trim();
  const lines = [...folded(command.summary, 0), "", "Examples:"];
  for (const { run, why } of command.examples) lines.push(`  # ${why}`, `  ${call(run)}`, "");
  if (isWhole) lines.push(...commandLines(commands));
  for (const each of flagGroups(command)) {
    const isBrief = each.group === "connection" && !isWhole;
    lines.push(...(isBrief ? briefLines(each, program) : flagLines(each, command)), "");
  }
  if (isWhole) lines.push("Environment:", ...entries(ENVIRONMENT.map(({ name, meaning }) => [name, meaning])), "");
  lines.push("Usage:", `  ${call(usageOf(command))}`, ...(isWhole ? [`  ${call("COMMAND [flags]")}`] : []), "");
  const exits = exitsOf(command).map(({ status, meaning }) => [String(status), meaning] as const);
  lines.push("Exit status:", ...entries(exits, 6), "");
  if (program.startsWith("kubectl ")) lines.push(...folded(PLUGIN_NOTE, 0), "");
  const { next } = command;
  if (next !== undefined) lines.push("Next:", `  # ${next.why}`, `  ${call(next.run)}`);
  if (isWhole) lines.push("  # More on a command", `  ${call("COMMAND --help")}`);
  return lines.join("\n").trimEnd() + "\n";
}

/** What kubectl does to a plugin (cmd/plugin.go: no flags in front of its name; on Windows a child process). */
export const PLUGIN_NOTE =
  "Flags go after the plugin's name: kubectl takes none in front of it. On Windows kubectl turns every status but 0 into 1.";

function commandLines(commands: readonly Command[]): string[] {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 3;
  return commandGroups(commands).flatMap(({ title, commands: members }) => [
    `${title}:`,
    ...members.flatMap(({ name, summary }) => entry(name, summary, width)),
    "",
  ]);
}

function flagLines({ title, flags }: FlagGroup, { name: verb, formats, means }: Command): string[] {
  const rows = flags.map((name) => [flagUsage(name), flagMeaning(name, formats, means?.[name], verb)] as const);
  return [`${title}:`, ...entries(rows)];
}

/** Where they mean what they mean to kubectl, and stand in front of what is looked for, the names will do. */
function briefLines({ title, flags }: FlagGroup, program: string): string[] {
  const names = flags.map(flagUsage).join(",\n").split("\n");
  return [`${title}, as everywhere (${program} --help says what each means):`, ...filled(names, 2)];
}

function entries(rows: readonly (readonly [string, string])[], width = 34): string[] {
  return rows.flatMap(([term, meaning]) => entry(term, meaning, width));
}

function entry(term: string, meaning: string, width: number): string[] {
  const rows = folded(meaning, width + 2);
  if (term.length + 3 > width) return [`  ${term}`, ...rows];
  const [first = "", ...others] = rows;
  return [`  ${term.padEnd(width)}${first.trimStart()}`, ...others];
}

function folded(text: string, indent: number): string[] {
  return filled(text.split(" "), indent);
}

/** Lines as full as they may be; no part is broken. */
function filled(parts: readonly string[], indent: number): string[] {
  const rows: string[] = [];
  for (const part of parts) {
    const row = rows.at(-1);
    if (row === undefined || row.length + 1 + part.length > WIDTH) rows.push(" ".repeat(indent) + part);
    else rows[rows.length - 1] = `${row} ${part}`;
  }
  return rows;
}
