import { looksLikeResource } from "./arguments.ts";
import { tokenize } from "./argv.ts";
import type { Token } from "./argv.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./errors.ts";
import { FLAGS, flagOf, spelling } from "./flags.ts";
import type { FlagName, Options } from "./flags.ts";
import { nearest } from "./nearest.ts";

/** A command line, understood. */
export interface Invocation {
  command: Command;
  options: Options;
  words: string[];
}

type FlagToken = Extract<Token, { kind: "flag" }>;

const names = Object.keys(FLAGS) as FlagName[];
/** What people call the report of no verb. */
const TRIAGE = "triage";
const truth: Record<string, boolean> = { true: true, t: true, "1": true, false: false, f: false, "0": false };

/**
 * Finds the verb and types the flags. Throws UsageError for what kubectl refuses and for what it lets pass in silence:
 * a flag given twice, an empty value (an unset shell variable), a flag of another verb.
 */
export async function parse(argv: readonly string[], commands: readonly Command[]): Promise<Invocation> {
  let verb = commands.find(({ name }) => name !== "" && name === argv[0])?.name ?? null;
  try {
    const tokens = tokenize(argv);
    const flags = tokens.filter((token): token is FlagToken => token.kind === "flag");
    // Before the words: a flag that took one of them by mistake explains the words that are left.
    for (const token of flags) checkValue(token);
    const { command, words, help } = findCommand(tokens, commands);
    verb = command.name;
    return await understand(flags, { command, words, help }, commands);
  } catch (error) {
    if (error instanceof UsageError) error.verb ??= verb;
    throw error;
  }
}

interface Found {
  command: Command;
  words: string[];
  /** True where the words ask for help, as in `help stale` or `stale help`. */
  help: boolean;
}

async function understand(
  flags: FlagToken[],
  { command, words, help }: Found,
  commands: readonly Command[],
): Promise<Invocation> {
  for (const token of flags) checkOwner(token, command, commands);
  checkRepeats(flags);
  const asksHelp = flags.some((token) => token.name === "help" && truth[token.value.toLowerCase()] === true);
  if (help || asksHelp) return { command, options: { ...defaults(), help: true }, words };
  const options = await typed(flags);
  if (command.formats.length > 0) await checkFormat(options.output, command.formats);
  if (command.words === null && words.length > 0) {
    throw new UsageError(`${command.name} takes no arguments, but got ${words.map((word) => `"${word}"`).join(" ")}`);
  }
  return { command, options, words };
}

/** kubectl's refusals of -o. */
async function checkFormat(output: string, allowed: readonly string[]): Promise<void> {
  const { formatOf } = await import("../output/formats/index.ts");
  const { format, argument } = formatOf(output);
  if (allowed.includes(output) && format?.takes === undefined) return;
  if (format === null || !allowed.includes(format.name)) {
    const near = nearest(output, allowed);
    throw new UsageError(
      `unable to match a printer suitable for the output format "${output}", ` +
        `allowed formats are: ${[...allowed].sort().join(",")}`,
      near === null ? [] : [`Did you mean ${near}?`],
    );
  }
  if (format.takes !== undefined && (argument ?? "") === "") {
    throw new UsageError(format.takes.missing, [`Write it behind the format: -o ${format.name}=${format.takes.value}`]);
  }
}

/** The first word names the verb; a word that can only be a resource or a subject leaves the verb out. */
function findCommand(tokens: Token[], commands: readonly Command[]): Found {
  const words = tokens.filter((token) => token.kind === "word");
  const first = words[0];
  const rest = words.map((token) => token.text);
  const fallback = commands.find((command) => command.name === "")!;
  if (first === undefined || first.afterDashes) return { command: fallback, words: rest, help: false };
  const help = first.text === "help";
  const topic = help ? rest[1] : first.text;
  if (topic === undefined || (help && topic === "help")) return { command: fallback, words: [], help };
  const command = commands.find((candidate) => candidate.name !== "" && candidate.name === topic);
  if (command !== undefined) {
    const own = rest.slice(help ? 2 : 1);
    // No type and no subcommand is called so, and whoever writes `snapshot help` wants no file of that name.
    const asksSo = own.length === 1 && own[0] === "help" && words[1]?.afterDashes === false;
    return { command, words: asksSo ? [] : own, help: help || asksSo };
  }
  if (!help && looksLikeResource(topic)) return { command: fallback, words: rest, help };
  const suggestion = nearestVerb(topic, commands);
  const hints = suggestion === null ? [] : [`Did you mean this?`, `\t${suggestion}`];
  // Documentation calls it so, and no verb is called so.
  if (topic === TRIAGE) hints.unshift("The triage is what runs without a command: leave the word out.");
  throw new UsageError(`unknown command "${topic}" for "kubectl cronaudit"`, hints);
}

function nearestVerb(word: string, commands: readonly Command[]): string | null {
  return nearest(
    word,
    commands.map((command) => command.name).filter((name) => name !== ""),
  );
}

function checkOwner(token: FlagToken, command: Command, commands: readonly Command[]): void {
  if (!command.flags.includes(token.name)) {
    const owners = commands.filter((other) => other.flags.includes(token.name)).map((other) => other.name || TRIAGE);
    const of = command.name === "" ? "" : ` of ${command.name}`;
    throw new UsageError(`unknown flag${of}: ${token.spelled}`, [`It belongs to: ${owners.join(", ")}.`]);
  }
  const takers = flagOf(token.name).choicesOf?.[token.value];
  if (takers?.includes(command.name) === false) {
    throw new UsageError(`${token.spelled}=${token.value} is for ${takers.join(", ")} alone`);
  }
}

function checkValue(token: FlagToken): void {
  const flag = flagOf(token.name);
  if (token.value === "") {
    throw new UsageError(`invalid argument "" for "${spelling(token.name)}" flag: it must not be empty`, [
      "An unset variable in a script looks like this; leave the flag out if nothing was meant.",
    ]);
  }
  if (flag.type === "boolean" && truth[token.value.toLowerCase()] === undefined) {
    throw new UsageError(`invalid argument "${token.value}" for "${spelling(token.name)}" flag: must be true or false`);
  }
  if (flag.type === "number" && !/^\d{1,9}$/.test(token.value)) {
    throw new UsageError(
      `invalid argument "${token.value}" for "${spelling(token.name)}" flag: must be a whole number, 0 or more`,
      token.value.startsWith("-") && flag.short !== undefined ? [`Write it together: -${flag.short}6`] : [],
    );
  }
  if (flag.choices !== undefined && !flag.choices.includes(token.value)) refuseChoice(token, flag.choices);
  if (flag.forms?.some((form) => hasForm(token.value, form)) === false) refuseChoice(token, flag.forms);
}

/** `ttl=24h` has the form `ttl=DURATION`; what stands behind the sign is for the command to read. */
function hasForm(value: string, form: string): boolean {
  const [name] = form.split("=");
  return form.includes("=") ? value.startsWith(`${name!}=`) && value.length > name!.length + 1 : value === form;
}

function refuseChoice({ name, value }: FlagToken, choices: readonly string[]): never {
  const near = nearest(value, choices);
  throw new UsageError(
    `invalid argument "${value}" for "${spelling(name)}" flag: must be one of ${choices.join(", ")}`,
    near === null ? [] : [`Did you mean ${near}?`],
  );
}

function checkRepeats(flags: FlagToken[]): void {
  const seen = new Map<FlagName, FlagToken>();
  for (const token of flags) {
    const earlier = seen.get(token.name);
    const { type } = flagOf(token.name);
    const harmless = type === "list" || (type === "boolean" && truth[earlier?.value ?? ""] === truth[token.value]);
    if (earlier !== undefined && !harmless) {
      throw new UsageError(
        token.name === "token"
          ? "--token is given twice"
          : `${spelling(token.name)} is given twice: "${earlier.value}" and "${token.value}"`,
      );
    }
    seen.set(token.name, token);
  }
}

/** Lets yargs give the values their types. Quotes are added because yargs takes a pair of them off every value. */
async function typed(flags: FlagToken[]): Promise<Options> {
  if (flags.length === 0) return defaults();
  const { default: yargs } = await import("yargs");
  const parser = yargs()
    .parserConfiguration({
      "boolean-negation": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "greedy-arrays": false,
      "parse-numbers": false,
      "short-option-groups": false,
      "strip-aliased": true,
    })
    .help(false)
    .version(false)
    .exitProcess(false)
    .strictOptions()
    .fail((message: string | undefined, error: Error | undefined) => {
      throw error ?? new UsageError(message ?? "this command line cannot be read");
    });
  for (const name of names) {
    const flag = flagOf(name);
    parser.option(name, { type: flag.type === "list" ? "array" : flag.type });
  }
  // A boolean may be given twice, which would make a list of it.
  const distinct = flags.filter(
    ({ name }, at) => flagOf(name).type === "list" || flags.findIndex((token) => token.name === name) === at,
  );
  const values = parser.parseSync(
    distinct.map(({ name, value }) => {
      const { type } = flagOf(name);
      if (type === "boolean") return `--${name}=${String(truth[value.toLowerCase()])}`;
      return type === "number" ? `--${name}=${value}` : `--${name}="${value}"`;
    }),
  ) as Record<string, unknown>;
  const given = flags.map(({ name }) => [name, values[name]] as const);
  return { ...defaults(), ...(Object.fromEntries(given) as Partial<Options>) };
}

/** The options of a command line without flags. */
export function defaults(): Options {
  return Object.fromEntries(names.map((name) => [name, absent(name)])) as unknown as Options;
}

function absent(name: FlagName): unknown {
  const flag = flagOf(name);
  if (flag.type === "boolean") return false;
  if (flag.type === "list") return [];
  return flag.default ?? null;
}
