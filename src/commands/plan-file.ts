import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Context } from "../cli/command.ts";
import { CommandError, UsageError } from "../cli/errors.ts";
import { systemReason } from "../cli/streams.ts";
import type { FlagName } from "../cli/flags.ts";
import { spelling } from "../cli/flags.ts";
import { planShape } from "../cleanup/plan/shape.ts";
import type { CleanupPlan } from "../model/cleanup.ts";

/** What a plan or a journal brings with it, and the command line must not change. */
const BROUGHT: readonly FlagName[] = [
  ...(["older-than", "selector", "field-selector", "namespace", "filename", "cascade", "delete-by"] as const),
];

/** Throws UsageError where the command line asks for something that the file has decided. */
export function refuseQuestion({ options, words }: Context, flag: "plan" | "resume"): void {
  const [word] = words;
  if (word !== undefined) throw new UsageError(`--${flag} brings what is to go, and takes no "${word}"`);
  const given: FlagName[] = BROUGHT.filter((name) => options[name] !== null);
  if (options.state.length > 0) given.push("state");
  if (options.include.length > 0) given.push("include");
  if (options.also.length > 0) given.push("also");
  if (options["stop-running"]) given.push("stop-running");
  if (options["yes-unseen"]) given.push("yes-unseen");
  const [first] = given;
  if (first !== undefined)
    throw new UsageError(`${spelling(first)} cannot be used with --${flag}, which brings its own`);
}

/** The text of a plan, of a cleanup or of a lab. Throws CommandError. */
export async function readPlanText({ cwd }: Context["io"], file: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), "utf8");
  } catch (error) {
    throw new CommandError(
      `cannot read ${file}: ${systemReason(error) ?? "it is no file that can be read"}`,
      "Check its name.",
    );
  }
}

/** Reads a plan that `cleanup -o json` wrote. Throws CommandError where it is none. */
export async function readPlan({ io }: Context, file: string): Promise<CleanupPlan> {
  const text = await readPlanText(io, file);
  const plan = parsed(text);
  if (!isPlan(plan)) {
    throw new CommandError(
      `${file} is no plan of a cleanup`,
      "Write one with: kubectl cronaudit cleanup -o json > FILE",
    );
  }
  return plan;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isPlan(value: unknown): value is CleanupPlan {
  return planShape(value);
}
