import { nullable, integer, string, type Shape } from "../../evidence/shape.ts";
import { having } from "../../cleanup/plan/shape.ts";
import type { LabJournalStep } from "../../model/lab-journal.ts";

const object = having({
  group: string,
  version: string,
  resource: string,
  kind: string,
  namespace: nullable(string),
  name: string,
});

const STEPS: Readonly<Record<LabJournalStep["step"], Shape>> = {
  begin: having({
    formatVersion: integer,
    tool: string,
    run: string,
    cluster: having({ uid: string, server: string, context: string }),
    operator: having({ user: nullable(string), local: nullable(string) }),
  }),
  intent: having({ object }),
  made: having({ object, uid: string }),
  end: having({ remains: nullable(integer) }),
};

/** True for a line as a lab writes it. */
export function isLabStep(line: { step: string }): boolean {
  return Object.hasOwn(STEPS, line.step) && STEPS[line.step as LabJournalStep["step"]](line);
}
