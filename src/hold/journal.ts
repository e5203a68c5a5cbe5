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
}

/** Written after it: `done`, `not-done`, or `gone` where the object is. */
export interface Outcome {
  v: 1;
  entry: "outcome";
  id: string;
  at: Time;
  outcome: "done" | "not-done" | "gone";
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
  const open = new Map<string, Intent>();
  for (const entry of entries) {
    if (entry.entry === "intent") {
      open.set(entry.id, entry);
      continue;
    }
    const intent = open.get(entry.id);
    if (intent === undefined) continue;
    open.delete(entry.id);
    const uid = intent.object.uid ?? "";
    if (entry.outcome === "gone" || (entry.outcome === "done" && intent.action === "release")) held.delete(uid);
    else if (entry.outcome === "done") held.set(uid, withChanges(held.get(uid), intent));
  }
  return { held, open: [...open.values()] };
}

/** A second hold of an object adds to the first: what it found in a field counts, since somebody put that there after it. */
function withChanges(known: HeldRecord | undefined, { object, at, user, changes }: Intent): HeldRecord {
  const record = known ?? { object, since: at, by: user, before: {}, after: {} };
  const before = { ...record.before };
  const after = { ...record.after };
  for (const { field, from, to } of changes) {
    before[field] = from;
    after[field] = to;
  }
  return { ...record, before, after };
}

const FIELDS: readonly string[] = [
  "suspend",
  "successfulJobsHistoryLimit",
  "failedJobsHistoryLimit",
  "ttlSecondsAfterFinished",
] satisfies HeldField[];

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
  if (entry.entry === "outcome") return typeof entry.outcome === "string";
  const { changes, object } = entry;
  if (!Array.isArray(changes) || !changes.every(({ field }) => FIELDS.includes(field))) return false;
  return typeof object.name === "string" && (object.kind === "CronJob" || object.kind === "Job");
}
