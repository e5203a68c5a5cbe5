import { EvidenceError } from "../evidence/errors.ts";
import { asObject, integerAt, stringAt } from "../evidence/json.ts";
import type {
  ChangeDone,
  ChosenItem,
  Done,
  EvidenceFile,
  JournalLine,
  JournalStep,
  Verdict,
} from "../model/journal.ts";
import type { Time } from "../model/object.ts";
import { sha256 } from "./bundle/format.ts";
import { changeKey } from "./changes/index.ts";
import { isStep } from "./journal-shape.ts";
import { type ChainEnd, NO_LINE } from "./journal.ts";

/** What a journal says of its cleanup so far. */
export interface JournalState {
  begin: Extract<JournalStep, { step: "begin" }>;
  items: ChosenItem[];
  /** False where it was cut off before all that was chosen stood in it: then nothing was deleted. */
  isChoiceWhole: boolean;
  evidence: EvidenceFile | null;
  /** As in Run. */
  gaps: readonly string[];
  /** uids whose deletion was begun, and of which no line says what became of it. */
  open: Set<string>;
  /** When the first deletion was asked for; null: none was. */
  since: Time | null;
  done: Map<string, Done>;
  verified: Map<string, Verdict>;
  /** What became of the changes, and which were begun without an outcome, or with one that no read has told; by changeKey. */
  changed: Map<string, ChangeDone>;
  changesOpen: Set<string>;
  /** As in Changing. */
  vouched: Map<string, string>;
  ended: boolean;
  /** Where the next line goes, and after how many bytes. */
  end: ChainEnd;
  bytes: number;
  /** Bytes after the last whole line. */
  cutOff: number;
}

const AGAIN = "Copy it again from where it was written; by itself it proves nothing, and nothing is deleted by it.";

/**
 * Reads a journal through, line by line along its chain. Its last line may be cut off, which is what an end in the middle of a
 * write leaves. Throws EvidenceError for anything else that is wrong; `name` is what messages call it.
 */
export function readJournal(text: string, name: string): JournalState {
  const { lines, cutOff } = chained(text, name);
  const [first] = lines;
  if (first === undefined && /^(?:$|\{"n":1,)/.test(text))
    throw new EvidenceError(`${name} ends before its first line: nothing was deleted by it`, "Run the cleanup again.");
  if (first?.step !== "begin") throw new EvidenceError(`${name} is no journal of a cleanup`, "Check its name.");
  if ((first.formatVersion as number) !== 1)
    throw new EvidenceError(`${name} is of another format`, "Read it with the version of cronaudit that wrote it.");
  const strange = lines.find((line) => !isStep(line));
  if (strange !== undefined)
    throw new EvidenceError(`${name} is damaged: line ${String(strange.n)} is not as a cleanup writes it`, AGAIN);
  const last = text.length - cutOff;
  const state: JournalState = {
    begin: first,
    items: [],
    isChoiceWhole: false,
    evidence: null,
    gaps: [],
    open: new Set(),
    since: null,
    done: new Map(),
    verified: new Map(),
    changed: new Map(),
    changesOpen: new Set(),
    vouched: new Map(),
    ended: false,
    end: { lines: lines.length, last: endOf(text.slice(0, last)) },
    bytes: Buffer.byteLength(text.slice(0, last)),
    cutOff: Buffer.byteLength(text) - Buffer.byteLength(text.slice(0, last)),
  };
  for (const line of lines) take(state, line);
  state.isChoiceWhole = state.items.length === first.chosen;
  return state;
}

function take(state: JournalState, line: JournalLine): void {
  state.ended = line.step === "end";
  switch (line.step) {
    case "chosen":
      state.items.push(line.item);
      return;
    case "evidence":
      state.evidence = line.evidence;
      state.gaps = line.gaps ?? [];
      return;
    case "intent":
      state.open.add(line.uid);
      state.since ??= line.at;
      return;
    case "unchanged":
      state.open.delete(line.uid);
      return;
    case "outcome":
      state.open.delete(line.uid);
      state.done.set(line.uid, { outcome: line.outcome, because: line.because, by: line.by });
      return;
    case "verified": {
      const { outcome, because, by, dependentsGone, dependentsLeft } = line;
      state.verified.set(line.uid, { outcome, because, by, dependentsGone, dependentsLeft });
      return;
    }
    case "vouched":
      state.vouched.set(changeKey(line), line.by);
      return;
    case "change-intent":
      state.changesOpen.add(changeKey(line));
      if (line.way === "delete-token") state.since ??= line.at;
      return;
    case "change-outcome":
      if (line.outcome !== "unknown") state.changesOpen.delete(changeKey(line));
      state.changed.set(changeKey(line), { outcome: line.outcome, because: line.because });
      return;
    case "begin":
    case "stopped":
    case "resumed":
    case "end":
  }
}

/** A line by its place in the chain. */
interface Linked {
  n: number;
  before: string;
  step: string;
}

/** The lines along their chain, and how many characters of a last one were cut off. Throws EvidenceError where one does not follow. */
export function chained<Line extends Linked = JournalLine>(
  text: string,
  name: string,
): { lines: Line[]; cutOff: number } {
  const lines: Line[] = [];
  let before = NO_LINE;
  for (let from = 0; from < text.length;) {
    const newline = text.indexOf("\n", from);
    const isLast = newline < 0 || newline === text.length - 1;
    const written = newline < 0 ? null : text.slice(from, newline);
    const line = written === null ? null : (parsed(written) as Line | null);
    // What is JSON was not cut off: if it does not follow, something before it, or itself, was changed.
    if (line === null && isLast) return { lines, cutOff: text.length - from };
    if (line === null || !follows(line, lines.length + 1, before)) {
      throw new EvidenceError(
        `${name} is damaged: line ${String(lines.length + 1)} does not follow from those before it`,
        AGAIN,
      );
    }
    lines.push(line);
    before = sha256(written!);
    from = newline + 1;
  }
  return { lines, cutOff: 0 };
}

function parsed(written: string): Linked | null {
  try {
    return asObject(JSON.parse(written)) as Linked | null;
  } catch {
    return null;
  }
}

function follows(line: Linked, n: number, before: string): boolean {
  return integerAt(line, "n") === n && stringAt(line, "before") === before && stringAt(line, "step") !== null;
}

/** SHA-256 of the last of whole lines. */
export function endOf(text: string): string {
  if (text === "") return NO_LINE;
  return sha256(text.slice(text.lastIndexOf("\n", text.length - 2) + 1, -1));
}
