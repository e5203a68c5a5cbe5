import { objectAt, stringAt, stringsAt } from "../evidence/json.ts";
import { limiter } from "../evidence/limit.ts";
import type { ApiFailure, Json } from "../model/api.ts";
import type { ResourceName } from "../model/cleanup.ts";
import type { ChosenItem, Done, Verdict } from "../model/journal.ts";
import type { ObjectRef } from "../model/object.ts";
import { survivable } from "./bundle/fetch.ts";
import { Stopped } from "./work.ts";
import type { Work } from "./work.ts";

/** How long it is waited after the last thing went. */
export interface Patience {
  milliseconds: number;
  /** Between two reads, at first and at most. */
  firstPoll: number;
  longestPoll: number;
}

/** The garbage collector and a kubelet do their part in seconds; a token's last use counts for 60 s. */
export const PATIENCE: Patience = { milliseconds: 30_000, firstPoll: 200, longestPoll: 3000 };

/** Up to so many of one kind are asked for by name; more by one list. */
const BY_NAME = 10;
/** Kinds and namespaces that are read at once. */
const AT_ONCE = 5;

/** One thing that has to go. */
interface Wanted {
  object: ObjectRef;
  resource: ResourceName;
}

/** What the last read found of what is not gone: metadata, or why it could not be read. */
type Left = { metadata: Json } | { because: string };

/**
 * Reads until everything that was deleted, and everything that goes along, is gone, or until nothing more has gone for a while.
 * By uid, so that another object of the same name is none of it. What may not be read is unknown.
 */
export async function verify(
  items: readonly ChosenItem[],
  done: ReadonlyMap<string, Done>,
  work: Work,
  patience: Patience = PATIENCE,
): Promise<Map<string, Verdict>> {
  const concerned = items.filter(({ object }) => isDeleted(done.get(object.uid ?? "")));
  const outstanding = new Map<string, Wanted>();
  for (const { object, resource, dependents } of concerned) {
    for (const one of [{ object, resource }, ...dependents]) outstanding.set(one.object.uid ?? "", one);
  }
  const left = await waitUntilGone(outstanding, work, patience);
  return new Map(
    concerned.map((item) => [item.object.uid ?? "", verdictOf(item, done.get(item.object.uid ?? "")!, left)]),
  );
}

/** What a verdict says of an object that nobody deletes although its deletion was asked for. */
export const AS_BEFORE = "the deletion was taken, and it is there as before";

/** Where a read has still to show that it is gone. */
export function isDeleted(done: Done | undefined): boolean {
  return done !== undefined && ["going", "gone", "already-gone", "replaced", "unknown"].includes(done.outcome);
}

async function waitUntilGone(
  outstanding: Map<string, Wanted>,
  work: Work,
  patience: Patience,
): Promise<Map<string, Left>> {
  let [left, poll, progressAt] = [new Map<string, Left>(), patience.firstPoll, work.now().getTime()];
  const total = outstanding.size;
  while (outstanding.size > 0) {
    await work.reached("verify");
    left = await readAll(outstanding, work);
    const before = outstanding.size;
    for (const uid of outstanding.keys()) if (!left.has(uid)) outstanding.delete(uid);
    const went = before - outstanding.size;
    const isGone = total - outstanding.size;
    work.progress(`${String(isGone)} of ${String(total)} read as gone`, isGone / total);
    if (went > 0) [poll, progressAt] = [patience.firstPoll, work.now().getTime()];
    const isHopeless = [...left.values()].every((one) => "because" in one);
    const isLate = work.now().getTime() - progressAt >= patience.milliseconds;
    if (outstanding.size === 0 || isHopeless || isLate || work.signal.aborted) break;
    await work.sleep(poll);
    poll = Math.min(poll * 2, patience.longestPoll);
  }
  return left;
}

async function readAll(outstanding: ReadonlyMap<string, Wanted>, work: Work): Promise<Map<string, Left>> {
  const left = new Map<string, Left>();
  const groups = Map.groupBy(outstanding.values(), ({ object, resource }) =>
    [resource.group, resource.version, resource.resource, object.namespace ?? ""].join("/"),
  );
  const read = async (wanted: readonly Wanted[]): Promise<void> => {
    try {
      for await (const metadata of present(wanted, work)) {
        const uid = stringAt(metadata, "uid") ?? "";
        if (outstanding.has(uid)) left.set(uid, { metadata });
      }
    } catch (error) {
      const { status, message } = passing(error);
      if (status === 404) return;
      for (const { object } of wanted) left.set(object.uid ?? "", { because: message });
    }
  };
  const limited = limiter(AT_ONCE);
  await Promise.all([...groups.values()].map((wanted) => limited(() => read(wanted))));
  return left;
}

function passing(error: unknown): ApiFailure {
  try {
    return survivable(error);
  } catch (fatal) {
    throw new Stopped(fatal instanceof Error ? fatal.message : String(fatal), { cause: fatal });
  }
}

/** Metadata of these that are there, and perhaps of others; never more than metadata, because a Secret may be among them. */
async function* present(wanted: readonly Wanted[], { api }: Work): AsyncGenerator<Json, void, undefined> {
  const [{ object, resource }] = wanted as [Wanted];
  const { group, version } = resource;
  const { namespace } = object;
  const selectors =
    wanted.length > BY_NAME ? [{}] : wanted.map((one) => ({ fieldSelector: `metadata.name=${one.object.name}` }));
  for (const selector of selectors) {
    const pages = api.list(group, version, resource.resource, { namespace, as: "metadata", ...selector });
    for await (const { items } of pages) for (const item of items) yield objectAt(item, "metadata") ?? {};
  }
}

function verdictOf({ object, dependents }: ChosenItem, done: Done, left: ReadonlyMap<string, Left>): Verdict {
  const own = left.get(object.uid ?? "");
  const stay = dependents.filter((one) => left.has(one.object.uid ?? ""));
  const unread = stay.flatMap((one) => {
    const found = left.get(one.object.uid ?? "")!;
    return "because" in found
      ? [`whether ${one.object.kind.toLowerCase()}/${one.object.name} is gone could not be read: ${found.because}`]
      : [];
  });
  const counted = { dependentsGone: dependents.length - stay.length, dependentsLeft: stay.map((one) => one.object) };
  if (own !== undefined) return { ...stillThere(done, own), ...counted };
  const gone = goneAs(done);
  if (unread.length > 0) return { outcome: "unknown", because: unread[0]!, by: done.by, ...counted };
  return { ...gone, because: [gone.because, ...whyLeft(stay, left)].join("; "), ...counted };
}

function goneAs(done: Done): Done {
  if (done.outcome === "replaced") return done;
  if (done.by === "other") return { outcome: "already-gone", because: `${done.because}; read as gone`, by: "other" };
  return { outcome: "gone", because: "deleted, and read as gone", by: done.by };
}

function stillThere({ by }: Done, own: Left): Done {
  if ("because" in own)
    return { outcome: "unknown", because: `whether it is gone could not be read: ${own.because}`, by };
  const finalizers = stringsAt(own.metadata, "finalizers");
  const deleting = stringAt(own.metadata, "deletionTimestamp") !== null;
  if (!deleting) return { outcome: "unknown", because: AS_BEFORE, by };
  const why = finalizers.length === 0 ? "it is still being deleted" : `finalizer ${finalizers.join(", ")} holds it`;
  return { outcome: "going", because: why, by };
}

function whyLeft(stay: ChosenItem["dependents"], left: ReadonlyMap<string, Left>): string[] {
  return stay.slice(0, 3).map(({ object, shared }) => {
    const found = left.get(object.uid ?? "")!;
    const finalizers = "metadata" in found ? stringsAt(found.metadata, "finalizers") : [];
    const why =
      finalizers.length > 0
        ? `finalizer ${finalizers.join(", ")} holds it`
        : shared
          ? "it has other owners"
          : "is still there";
    return `${object.kind.toLowerCase()}/${object.name}: ${why}`;
  });
}
