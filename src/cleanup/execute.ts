import { limiter } from "../evidence/limit.ts";
import { compare } from "../evidence/order.ts";
import type { ChosenItem, Done } from "../model/journal.ts";
import { lookAgain } from "./recheck.ts";
import type { Fresh, Kept } from "./recheck.ts";
import { removeOne } from "./remove.ts";
import { MOST_DELETIONS, Stopped } from "./work.ts";
import type { Work } from "./work.ts";

/** What was seen around the objects counts for so long, and at least four times as long as it took to see it. */
const FRESH_MS = 5000;
/** A namespace where so many objects are left is looked at alone; smaller ones together, until there are so many. */
const [ALONE, TOGETHER] = [100, 1000];

/**
 * Deletes what was chosen, Jobs before pods, so that a pod that goes with its Job is not deleted twice. `done` has what became
 * of each, as it comes. Throws Stopped where the run was interrupted or can go no further; then `done` has what was settled.
 */
export async function execute(
  items: readonly ChosenItem[],
  { kept, asked, done }: { kept: Kept; asked: ReadonlySet<string>; done: Map<string, Done> },
  work: Work,
): Promise<void> {
  let left = inOrder(items.filter(({ object }) => !done.has(object.uid ?? "")));
  const total = items.length;
  while (left.length > 0) {
    stopIfAborted(work);
    const next = left.splice(0, nextFew(left));
    work.progress(`looking once more at ${String(next.length)} of ${String(total)} objects`, done.size / total);
    await work.reached("recheck");
    const started = work.now().getTime();
    const fresh = await lookAgain(next, work).catch(stopped);
    const seen = work.now().getTime();
    const until = seen + Math.max(FRESH_MS, 4 * (seen - started));
    await batch(next, { fresh, until, total, kept, asked, done }, work);
    left = [...next, ...left];
  }
}

/** How many of these one look is for: whole namespaces, because all that was seen in them is held until they are done. */
function nextFew(left: readonly ChosenItem[]): number {
  const kind = left[0]?.object.kind;
  const same = left.findIndex(({ object }) => object.kind !== kind);
  const first = same < 0 ? left : left.slice(0, same);
  const counts = [...Map.groupBy(first, ({ object }) => object.namespace).values()].map(({ length }) => length);
  let few = 0;
  for (const count of counts) {
    if (few > 0 && (count >= ALONE || few >= TOGETHER)) break;
    few += count;
    if (count >= ALONE) break;
  }
  return few;
}

interface Batch {
  fresh: Fresh;
  /** Milliseconds of the clock after which nothing more is begun on these grounds. */
  until: number;
  total: number;
  kept: Kept;
  asked: ReadonlySet<string>;
  done: Map<string, Done>;
}

/** Takes from `left` for as long as what was seen is fresh; Jobs are settled before the first pod is begun. */
async function batch(left: ChosenItem[], given: Batch, work: Work): Promise<void> {
  const { fresh, until, total, kept, asked, done } = given;
  const limited = limiter(MOST_DELETIONS);
  const failures: unknown[] = [];
  const under: Promise<void>[] = [];
  const isOver = (): boolean => work.signal.aborted || failures.length > 0 || work.now().getTime() > until;
  const one = async (item: ChosenItem): Promise<void> => {
    try {
      const uid = item.object.uid ?? "";
      const result = await removeOne(item, { fresh, kept, wasAsked: asked.has(uid) }, work);
      await work.reached("outcome");
      await work.journal?.write({ step: "outcome", uid, ...result });
      done.set(uid, result);
      work.progress(`${String(done.size)} of ${String(total)} settled`, done.size / total);
      await work.reached("settled");
    } catch (error) {
      failures.push(error);
    }
  };
  const kind = left[0]?.object.kind;
  while (left[0] !== undefined && left[0].object.kind === kind && !isOver()) {
    // Waits for a place, so that what is not begun is still in `left`.
    let begun!: () => void;
    const place = new Promise<void>((resolve) => (begun = resolve));
    const item = left[0];
    under.push(
      limited(async () => {
        if (!isOver() && left[0] === item) {
          left.shift();
          begun();
          await one(item);
        } else begun();
      }),
    );
    await place;
  }
  await Promise.all(under);
  if (failures.length > 0) stopped(failures[0]);
}

/** Jobs first; of each kind namespace by namespace, and in one as they were chosen. */
function inOrder(items: readonly ChosenItem[]): ChosenItem[] {
  const isJob = ({ object }: ChosenItem): boolean => object.kind === "Job";
  const place = ({ object }: ChosenItem): string => object.namespace ?? "";
  return items.toSorted((a, b) => Number(isJob(b)) - Number(isJob(a)) || compare(place(a), place(b)));
}

function stopIfAborted({ signal }: Work): void {
  if (signal.aborted) throw new Stopped("interrupted");
}

function stopped(error: unknown): never {
  throw new Stopped(error instanceof Error ? error.message : String(error), { cause: error });
}
