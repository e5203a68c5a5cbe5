import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Context } from "../cli/command.ts";
import { CommandError, UsageError } from "../cli/errors.ts";
import { systemReason } from "../cli/streams.ts";
import type { FlagName } from "../cli/flags.ts";
import { spelling } from "../cli/flags.ts";
import { boolean, integer, list, nullable, oneOf, string } from "../evidence/shape.ts";
import type { Shape } from "../evidence/shape.ts";
import type { CleanupPlan } from "../model/cleanup.ts";

/** What a plan or a journal brings with it, and the command line must not change. */
const BROUGHT = ["older-than", "selector", "field-selector", "namespace", "filename"] as const satisfies FlagName[];

/** Throws UsageError where the command line asks for something that the file has decided. */
export function refuseQuestion({ options, words }: Context, flag: "plan" | "resume"): void {
  const [word] = words;
  if (word !== undefined) throw new UsageError(`--${flag} brings what is to go, and takes no "${word}"`);
  const given: FlagName[] = BROUGHT.filter((name) => options[name] !== null);
  if (options.state.length > 0) given.push("state");
  if (options.include.length > 0) given.push("include");
  if (options["stop-running"]) given.push("stop-running");
  if (options["yes-unseen"]) given.push("yes-unseen");
  const [first] = given;
  if (first !== undefined)
    throw new UsageError(`${spelling(first)} cannot be used with --${flag}, which brings its own`);
}

/** Reads a plan that `cleanup -o json` wrote. Throws CommandError where it is none. */
export async function readPlan({ io }: Context, file: string): Promise<CleanupPlan> {
  let text: string;
  try {
    text = await readFile(resolve(io.cwd, file), "utf8");
  } catch (error) {
    throw new CommandError(
      `cannot read ${file}: ${systemReason(error) ?? "it is no file that can be read"}`,
      "Check its name.",
    );
  }
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

/** Fields that are read; others may stand there. */
function having(fields: Record<string, Shape>): Shape {
  return (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(fields).every(
      ([key, shape]) => Object.hasOwn(value, key) && shape((value as Record<string, unknown>)[key]),
    );
}

const ref = having({ kind: string, namespace: nullable(string), name: string, uid: string });
const resource = having({ group: string, version: string, resource: string });
const dependent = having({
  object: ref,
  resource,
  owner: string,
  needsChoice: boolean,
  shared: boolean,
  finalizers: list(string),
});
const item = having({
  object: ref,
  resource,
  resourceVersion: string,
  decision: oneOf("delete", "choose", "refuse"),
  dependents: list(dependent),
});
const rules = having({
  olderThanSeconds: nullable(integer),
  states: list(string),
  named: list(having({ kind: string, namespace: nullable(string), name: string })),
  namespaces: list(string),
  stopRunning: boolean,
  yesUnseen: boolean,
  include: list(string),
  cascade: oneOf("background", "foreground"),
});
const plan = having({
  apiVersion: oneOf("cronaudit/v1"),
  kind: oneOf("CleanupPlan"),
  metadata: having({ takenAt: string, cluster: having({ server: string, uid: nullable(string) }) }),
  complete: boolean,
  blindSpots: list(having({ resource: string })),
  notes: list(string),
  summary: having({ rotate: list(having({ name: string })), notEnded: list(string) }),
  rules,
  items: list(item),
});

function isPlan(value: unknown): value is CleanupPlan {
  return plan(value);
}
