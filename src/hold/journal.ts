import type { HeldField, HoldChange } from "../model/hold.ts";
import type { ObjectRef, Time } from "../model/object.ts";
import type { Fields } from "./fields.ts";

/** Written and synced before a patch is sent. */
export interface Intent {
  v: 1;
  entry: "intent";
  id: string;
  action: "hold" | "release";
  at: Time;
  /** As whom, at which server. */
  user: string | null;
  server: string;
  object: ObjectRef;
  resourceVersion: string;
  changes: HoldChange[];
  /** The name under which managedFields show the patch, of no other; absent in entries of earlier versions. */
  manager?: string;
}

/**
 * Written after it: `done`, `not-done`, or `gone` where the object is; `unclear` where the change is there, and may as well be
 * somebody else's.
 */
export interface Outcome {
  v: 1;
  entry: "outcome";
  id: string;
  at: Time;
  outcome: "done" | "not-done" | "gone" | "unclear";
  because: string;
}

/** One line of the journal. */
export type Entry = Intent | Outcome;

/** What a hold changed of one object, and nobody has released. */
export interface HeldRecord {
  object: ObjectRef;
  since: Time;
  by: string | null;
  /** What stood in the fields before, and what the hold put there. */
  before: Fields;
  after: Fields;
  /** As which field manager it put a field there; absent where that is not known. */
  managers: Partial<Record<HeldField, string>>;
  /** Fields that this hold or somebody else changed: they are never put back. */
  unclear: HeldField[];
}

/** The journal, read to its end. */
export interface Holds {
  /** By uid. */
  held: Map<string, HeldRecord>;
  /** Patches of which nobody wrote down what became. */
  open: Intent[];
}

/** What is held and what is open, from the entries in the order in which they were written. */
export function foldEntries(entries: readonly Entry[]): Holds {
  const held = new Map<string, HeldRecord>();
  const intents = new Map<string, Intent>();
  const open = new Set<string>();
  const done = new Set<string>();
  for (const entry of entries) {
    const { id } = entry;
    if (entry.entry === "intent") {
      intents.set(id, entry);
      open.add(id);
      continue;
    }
    const intent = intents.get(id);
    // Another run may have read the object before the patch that was under way came to it: `done` counts, whoever says it when.
    if (intent === undefined || done.has(id)) continue;
    open.delete(id);
    if (entry.outcome === "done") done.add(id);
    settle(held, intent, entry.outcome);
  }
  return { held, open: [...open].map((id) => intents.get(id)!) };
}

function settle(held: Map<string, HeldRecord>, intent: Intent, outcome: Outcome["outcome"]): void {
  const uid = intent.object.uid ?? "";
  if (outcome === "gone" || (outcome === "done" && intent.action === "release")) held.delete(uid);
  else if (intent.action === "hold" && outcome !== "not-done") {
    held.set(uid, withChanges(held.get(uid), intent, outcome === "unclear"));
  }
}

/** A second hold of an object adds to the first: what it found in a field counts, since somebody put that there after it. */
function withChanges(known: HeldRecord | undefined, intent: Intent, isUnclear: boolean): HeldRecord {
  const { object, at, user, changes, manager } = intent;
  const record = known ?? { object, since: at, by: user, before: {}, after: {}, managers: {}, unclear: [] };
  const [before, after] = [{ ...record.before }, { ...record.after }];
  const isChanged = (field: string): boolean => changes.some((one) => one.field === field);
  const managers: HeldRecord["managers"] = Object.fromEntries(
    Object.entries(record.managers).filter(([field]) => !isChanged(field)),
  );
  const unclear = new Set(record.unclear);
  for (const { field, from, to } of changes) {
    before[field] = from;
    after[field] = to;
    if (manager !== undefined) managers[field] = manager;
    if (isUnclear) unclear.add(field);
    else unclear.delete(field);
  }
  return { ...record, before, after, managers, unclear: [...unclear] };
}

const FIELDS: readonly string[] = [
  "suspend",
  "successfulJobsHistoryLimit",
  "failedJobsHistoryLimit",
  "ttlSecondsAfterFinished",
] satisfies HeldField[];

const OUTCOMES: readonly string[] = ["done", "not-done", "gone", "unclear"] satisfies Outcome["outcome"][];

/** Reads the lines of a journal; `unread` numbers those that are none, such as the last of a process that was killed. */
export function parseJournal(text: string): { entries: Entry[]; unread: number[] } {
  const entries: Entry[] = [];
  const unread: number[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line === "") continue;
    const entry = parseEntry(line);
    if (entry === null) unread.push(index + 1);
    else entries.push(entry);
  }
  return { entries, unread };
}

function parseEntry(line: string): Entry | null {
  try {
    const entry = JSON.parse(line) as Entry;
    return isEntry(entry) ? entry : null;
  } catch {
    return null;
  }
}

function isEntry(entry: Entry): boolean {
  if (typeof entry !== "object" || (entry as Entry | null) === null || typeof entry.id !== "string") return false;
  if (entry.v !== 1) return false;
  if (entry.entry === "outcome") return OUTCOMES.includes(entry.outcome);
  const { changes, object, manager } = entry;
  if (manager !== undefined && typeof manager !== "string") return false;
  if (!Array.isArray(changes) || !changes.every(({ field }) => FIELDS.includes(field))) return false;
  return typeof object.name === "string" && (object.kind === "CronJob" || object.kind === "Job");
}
