import type { Judged } from "../../exposure/judged.ts";
import type { Judgement } from "../../exposure/judge.ts";
import type { CleanupItem, Ended, EndsTogether } from "../../model/cleanup.ts";
import { isForServer, nameKey, openWindows, type OpenWindow, type Taken } from "./ending.ts";
import { addSaved, Lasting, NOTHING_SAVED, type Saved } from "./saved.ts";

/** A credential that deletions of the plan touch. */
export interface Touched {
  judged: Judged;
  open: OpenWindow[];
}

/** What the whole plan ends. */
export interface Ends {
  /** For each item, in the order given. */
  items: Ended[];
  touched: Touched[];
  together: EndsTogether;
  /** The same for another choice, by places in the order given. */
  tally: (isTaken: (by: number) => boolean) => EndsTogether;
}

type Judgeable = Pick<CleanupItem, "object" | "dependents" | "decision">;

/** Joins what would be deleted with what is exposed; linear in both. Sums are over what would be deleted without a further choice. */
export function endsOf(items: readonly Judgeable[], judgement: Judgement): Ends {
  const taken = takenBy(items);
  const ended = items.map((): Ended & { saved: Saved } => ({
    exposures: [],
    closed: [],
    tokens: 0,
    savesHours: 0,
    saved: NOTHING_SAVED,
  }));
  const touched: Touched[] = [];
  const parts: Part[] = [];
  for (const judged of judgement.judged) {
    const open = openWindows(judged, judgement, taken);
    const by = new Set(open.map((one) => one.by).filter((one) => one !== null));
    if (by.size === 0) continue;
    touched.push({ judged, open });
    const token = isToken(judged);
    for (const one of by) {
      const item = ended[one]!;
      item.exposures.push(judged.item.id);
      if (by.size === 1 && open.every((window) => window.by !== null)) item.closed.push(judged.item.id);
      if (token) item.tokens += 1;
    }
    const lasting = new Lasting(judged, open, judgement.context.now);
    const alone = lasting.alone();
    if (alone !== null) ended[alone.by]!.saved = addSaved(ended[alone.by]!.saved, alone.saved);
    parts.push({ by: [...by], whole: open.every((window) => window.by !== null), token, lasting, all: null });
  }
  const tally = (isTaken: (by: number) => boolean): EndsTogether => togetherOf(parts, isTaken);
  return {
    items: ended.map(({ exposures: ids, closed, tokens: own, saved: hours }) => ({
      exposures: ids.sort(),
      closed: closed.sort(),
      tokens: own,
      savesHours: hours.hours,
    })),
    touched,
    together: tally((by) => items[by]!.decision === "delete"),
    tally,
  };
}

/** What is summed over one credential. */
interface Part {
  by: readonly number[];
  /** Nothing but these deletions keeps it open. */
  whole: boolean;
  token: boolean;
  lasting: Lasting;
  /** What all of the deletions save, once that was asked for. */
  all: Saved | null;
}

function togetherOf(parts: readonly Part[], isTaken: (by: number) => boolean): EndsTogether {
  const together = { exposures: 0, exposuresClosed: 0, tokens: 0 };
  let saved = NOTHING_SAVED;
  for (const part of parts) {
    if (!part.by.some(isTaken)) continue;
    const isAll = part.by.every(isTaken);
    together.exposures += 1;
    if (part.whole && isAll) together.exposuresClosed += 1;
    if (part.token) together.tokens += 1;
    // A list in a terminal asks again with each key.
    saved = addSaved(saved, isAll ? (part.all ??= part.lasting.together(isTaken)) : part.lasting.together(isTaken));
  }
  return { ...together, savesHours: saved.hours, savesHoursAMonth: saved.month };
}

/** An object that two items would take goes with the first of them. */
function takenBy(items: readonly Judgeable[]): Taken {
  const byUid = new Map<string, number>();
  const byName = new Map<string, number>();
  for (const [index, { object, dependents }] of items.entries()) {
    for (const one of [object, ...dependents.map((dependent) => dependent.object)]) {
      if (one.uid !== null && !byUid.has(one.uid)) byUid.set(one.uid, index);
      if (one.kind === "Secret" && !byName.has(nameKey(one))) byName.set(nameKey(one), index);
    }
  }
  return { byUid, byName };
}

/** A token bound to a pod that this API server judges. */
function isToken({ carriers }: Judged): boolean {
  return carriers.some(({ rule, found }) => rule.id === "token-bound" && isForServer(found));
}
