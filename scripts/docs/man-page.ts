import type { Command } from "../../src/cli/command.ts";
import { ENVIRONMENT } from "../../src/cli/environment.ts";
import { exitsOf, type Exit } from "../../src/cli/exits.ts";
import { flagMeaning, flagUsage, commandGroups, PLUGIN_NOTE, usageOf } from "../../src/cli/help.ts";
import { GROUPS, GROUP_TITLES } from "../../src/cli/flags.ts";
import type { FlagName } from "../../src/cli/flags.ts";
import { formatNames, formats } from "../../src/output/formats/index.ts";
import { all, takenBy } from "./commands.ts";

const program = "kubectl cronaudit";
const call = (run: string): string => `${program} ${run}`.trim();

const glyphs: Record<string, string> = { "\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "~": "\\(ti", "^": "\\(ha" };

/** Text as roff prints it back: every sign itself, a hyphen one that can be pasted, no line a request (groff_char(7)). */
export function roff(text: string): string {
  return text
    .replace(/[\\'`~^-]/g, (sign) => glyphs[sign]!)
    .replace(/[^\x20-\x7e\n]/gu, (sign) => `\\[u${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}]`)
    .replace(/^\./gm, "\\&.");
}

const bold = (text: string): string => `\\fB${roff(text)}\\fR`;
const item = (term: string, meaning: string): string[] => [".TP", bold(term), roff(meaning)];
const example = (lines: string[]): string[] => [".PP", ".EX", ...lines.map((line) => roff(`  ${line}`)), ".EE"];

/** The manual page, docs/kubectl-cronaudit.1, in the man macros. */
export function manPage(): string {
  const triage = all.find(({ name }) => name === "")!;
  const lines = [
    '.\\" Generated from the program\'s own tables by npm run generate.',
    '.TH KUBECTL\\-CRONAUDIT 1 "" "kubectl\\-cronaudit" "User Commands"',
    // Names that are typed are neither hyphenated nor spread; groff's macros say it anew at each paragraph, by HY and AD.
    ".nr HY 0",
    ".ds AD l",
    ".nh",
    ".ad l",
    ".SH NAME",
    `kubectl\\-cronaudit \\- ${roff("which credentials CronJobs, Jobs and completed pods leave behind, and who can read them")}`,
    ".SH SYNOPSIS",
    `${bold(program)} ${roff(usageOf(triage))}`,
    ".br",
    `${bold(program)} ${roff("COMMAND [flags]")}`,
    ".SH DESCRIPTION",
    roff(triage.summary),
    roff("Without a command it shows the worst of the whole cluster, and names the next command to try."),
    roff("It reads, except where hold, cleanup, evidence restore or replay --lab is asked to change something."),
    ".PP",
    roff(PLUGIN_NOTE),
    roff("Where npm installed it, or its own name is typed, it is the same program: kubectl-cronaudit."),
    ".SH EXAMPLES",
    ...examplesOf(triage),
    ".SH COMMANDS",
    ...commandGroups(all).flatMap(({ commands }) => commands.flatMap(section)),
    ".SH FLAGS",
    ...(Object.entries(GROUPS) as [keyof typeof GROUPS, FlagName[]][]).flatMap(([group, names]) =>
      names.length === 0 ? [] : [`.SS ${roff(GROUP_TITLES[group])}`, ...names.flatMap(flag)],
    ),
    ".SH FORMATS",
    ...Object.values(formats).flatMap(({ name, help }) => item(name, help)),
    ".SH ENVIRONMENT",
    ...ENVIRONMENT.flatMap(({ name, meaning }) => item(name, meaning)),
    ".SH EXIT STATUS",
    ...exitsOf({ ...triage, exits: {} }).flatMap(exit),
    ".PP",
    roff("What a status also says of one command stands with it. 2 outranks 1, and 1 outranks 3."),
    ".SH SEE ALSO",
    `${bold("kubectl")}(1)`,
  ];
  return `${lines.join("\n")}\n`;
}

function section(command: Command): string[] {
  return [
    `.SS ${roff(command.name)}`,
    roff(command.summary),
    ".PP",
    `${bold(program)} ${roff(usageOf(command))}`,
    ...examplesOf(command),
    ...(command.formats.length === 0 ? [] : [".PP", roff(`Formats: ${command.formats.join(", ")}.`)]),
    ...Object.entries(command.exits ?? {}).flatMap(([status, meaning]) => [
      ".PP",
      `${roff("Exit status")} ${bold(status)}: ${roff(`${meaning}.`)}`,
    ]),
  ];
}

function examplesOf({ examples }: Command): string[] {
  return examples.flatMap(({ run, why }) => example([`# ${why}`, call(run)]));
}

function flag(name: FlagName): string[] {
  const takers = takenBy(name);
  return item(flagUsage(name), `${flagMeaning(name, formatNames)}.${takers === "all" ? "" : ` Of ${takers}.`}`);
}

function exit({ status, meaning }: Exit): string[] {
  return item(String(status), meaning);
}
