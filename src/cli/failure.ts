import { safe } from "../output/text.ts";
import { CommandError, UsageError } from "./errors.ts";
import { asCalled } from "./invocation.ts";

/** Errors that other parts throw on purpose, by name: their message is for the user. */
const expected = new Set(["ApiError", "EvidenceError"]);

/** What standard error says of a failure: the reason, the next step, and never a stack; safe for a terminal. */
export function failureLines(error: unknown, program: string): string[] {
  // Whoever threw it does not know how the program was called.
  const called = (line: string): string => asCalled(line, program);
  if (error instanceof UsageError) {
    const verb = error.verb === null || error.verb === "" ? program : `${program} ${error.verb}`;
    return [prefixed(called(error.message)), ...error.hints.map(called), `See '${verb} --help' for usage.`].map(
      keepTabs,
    );
  }
  const { name, message, next } = (error ?? {}) as { name?: unknown; message?: unknown; next?: unknown };
  const text = typeof message === "string" ? message : String(error);
  if (error instanceof CommandError || expected.has(String(name))) {
    const steps = typeof next === "string" && next !== "" ? next.split("\n").map((line) => `       ${line}`) : [];
    return [...prefixed(text).split("\n"), ...steps].map((line) => keepTabs(called(line)).trimEnd());
  }
  return [
    `error: this is a fault of the program (${String(name)}: ${text.split("\n")[0]})`,
    "       Please report it together with what was typed.",
  ].map(safe);
}

/** kubectl's own openings stay as they are. */
function prefixed(message: string): string {
  return /^(error:|Error from server|The connection to the server|Unable to connect|Server returned an unexpected response)/.test(
    message,
  )
    ? message
    : `error: ${message}`;
}

function keepTabs(line: string): string {
  return line.split("\t").map(safe).join("\t");
}
