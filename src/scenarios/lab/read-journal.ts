import { chained, endOf } from "../../cleanup/read-journal.ts";
import type { ChainEnd } from "../../cleanup/journal.ts";
import { EvidenceError } from "../../evidence/errors.ts";
import type { LabJournalLine, LabJournalStep } from "../../model/lab-journal.ts";
import type { Time } from "../../model/object.ts";
import { isLabStep } from "./journal-shape.ts";
import { objectPath } from "./kinds.ts";
import type { Made } from "./make.ts";
import { isRunId, namespacesOf } from "./names.ts";

/** What a lab's journal says. */
export interface LabState {
  begin: Extract<LabJournalStep, { step: "begin" }>;
  since: Time;
  /** In the order in which they were made, each once. */
  made: Made[];
  /** True where its last word is that nothing remains. */
  isOver: boolean;
  /** Where the next line goes, and after how many bytes. */
  end: ChainEnd;
  bytes: number;
}

/**
 * Reads a lab's journal along its chain; its last line may be cut off. Null where not even its first line is whole: then nothing was
 * made by it. Throws EvidenceError for anything else that is wrong, and where it names what no lab makes.
 */
export function readLabJournal(text: string, name: string): LabState | null {
  const { lines, cutOff } = chained<LabJournalLine>(text, name);
  const [first] = lines;
  if (first === undefined) return null;
  const damaged = (n: number): EvidenceError =>
    new EvidenceError(
      `${name} is damaged: line ${String(n)} is not as a lab writes it`,
      "What carries the run's labels can still be removed.",
    );
  if (first.step !== "begin" || !isLabStep(first) || first.formatVersion !== 1 || !isRunId(first.run)) throw damaged(1);
  const { namespace, other } = namespacesOf(first.run);
  const made = new Map<string, Made>();
  for (const line of lines) {
    if (!isLabStep(line)) throw damaged(line.n);
    if (line.step !== "intent" && line.step !== "made") continue;
    const { object } = line;
    // Whatever a file says, nothing outside of the run's namespaces is its own.
    if (![namespace, other].includes(object.namespace ?? object.name)) throw damaged(line.n);
    made.set(objectPath(object), { object, uid: line.step === "made" ? line.uid : null });
  }
  const last = lines.at(-1)!;
  const whole = text.slice(0, text.length - cutOff);
  return {
    begin: first,
    since: first.at,
    made: [...made.values()],
    isOver: last.step === "end" && last.remains === 0,
    end: { lines: lines.length, last: endOf(whole) },
    bytes: Buffer.byteLength(whole),
  };
}
