import { integer, list, nullable, oneOf, optional, string, type Shape } from "../evidence/shape.ts";
import type { JournalStep } from "../model/journal.ts";
import { having, headShape, itemShape } from "./plan/shape.ts";

const operator = having({ user: nullable(string), local: nullable(string) });
const outcome = oneOf(
  ...["gone", "going", "refused", "conflict", "already-gone", "replaced", "failed", "dry-run", "unknown"],
);
const changeOutcome = oneOf("done", "already", "refused", "conflict", "failed", "unknown", "dry-run");
const by: Shape = (value) => value === null || value === "us" || value === "other";
const done = { uid: string, outcome, because: string, by };
const way = oneOf("suspend", "ttl", "history-limit", "delete-token");

/** Each step by its name. */
const STEPS: Readonly<Record<JournalStep["step"], Shape>> = {
  begin: having({ formatVersion: integer, tool: string, operator, plan: headShape, chosen: integer }),
  chosen: having({ item: itemShape }),
  evidence: (value) =>
    having({ evidence: having({ path: string, sha256: string }), missing: list(having({ uid: string })) })(value) &&
    optional(list(string))((value as { gaps?: unknown }).gaps),
  intent: having({ uid: string, resourceVersion: string }),
  outcome: having(done),
  unchanged: having({ uid: string }),
  verified: having({ ...done, dependentsGone: integer, dependentsLeft: list(having({ kind: string, name: string })) }),
  vouched: having({ way, uid: string, by: string }),
  "change-intent": having({ way, uid: string }),
  "change-outcome": having({ way, uid: string, outcome: changeOutcome, because: string }),
  stopped: having({ because: string }),
  resumed: having({ tool: string, operator }),
  end: having({ byOutcome: having({}) }),
};

/** True for a line as a cleanup writes it: the chain proves that nobody changed it since, not that a cleanup wrote it. */
export function isStep(line: { step: string }): boolean {
  return Object.hasOwn(STEPS, line.step) && STEPS[line.step as JournalStep["step"]](line);
}
