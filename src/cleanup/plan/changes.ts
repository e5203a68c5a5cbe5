import { indexCounted, type Counted } from "../../batch/history.ts";
import { refOf } from "../../batch/owners.ts";
import type { ExposureContext } from "../../exposure/context.ts";
import type { Also, CleanupChange, CleanupItem, CleanupRules } from "../../model/cleanup.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { CronJob, Job } from "../../model/workload.ts";
import { whatIsWhole } from "../../scope/seen.ts";
import { isNamed } from "./eligible.ts";
import type { Touched } from "./ends.ts";
import { exposedTokens } from "./other-ways.ts";
import { takenAtOnce } from "./taken.ts";
import { below, type OwnedIndex } from "./tree.ts";
import { whoNeeds } from "./users.ts";
import { askedFor, CRON_JOBS, refusesChange, refusesDeletion, SECRETS } from "./ways.ts";

type Item = Pick<CleanupItem, "object" | "decision" | "needsBecause" | "refusedBecause">;

/** What changes are judged from. */
export interface ChangeGrounds {
  snapshot: Snapshot;
  rules: CleanupRules;
  items: readonly Item[];
  /** The CronJob of each item, in the same order. */
  owners: readonly (CronJob | null)[];
  touched: readonly Touched[];
  context: ExposureContext;
  /** Everything that is owned, by its owners; built where it is asked for. */
  owned(): OwnedIndex;
  /** What hides things that are owned in a namespace, or null. */
  unseenIn(namespace: string | null): string | null;
}

/** The order in which changes are made; suspending comes before the first deletion. */
const ORDER: readonly Also["way"][] = ["suspend", "ttl", "history-limit", "delete-token"];

/**
 * The changes that --also asks for, where these of the plan's items are chosen (uids): of their CronJobs and of CronJobs that
 * were named, and of the legacy tokens that they expose. What is so already is none.
 */
export function changesOf(chosen: ReadonlySet<string>, grounds: ChangeGrounds): CleanupChange[] {
  const { also } = grounds.rules;
  if (also.length === 0) return [];
  const cronJobs = cronJobsOf(chosen, grounds);
  const counted = indexCounted(grounds.snapshot);
  return also
    .toSorted((a, b) => ORDER.indexOf(a.way) - ORDER.indexOf(b.way))
    .flatMap((one) =>
      one.way === "delete-token"
        ? tokenChanges(chosen, grounds)
        : cronJobs.flatMap(
            ([cronJob, items]) => cronJobChange({ cronJob, items, also: one }, counted, chosen, grounds) ?? [],
          ),
    );
}

/** The CronJobs of what is chosen, with the uids of that, and those that were named; by namespace and name. */
function cronJobsOf(
  chosen: ReadonlySet<string>,
  { items, owners, snapshot, rules }: ChangeGrounds,
): [CronJob, string[]][] {
  const found = new Map<CronJob, string[]>();
  for (const [at, owner] of owners.entries()) {
    const uid = items[at]!.object.uid ?? "";
    if (owner !== null && chosen.has(uid)) found.getOrInsertComputed(owner, () => []).push(uid);
  }
  for (const one of snapshot.cronjobs) if (isNamed(rules, one)) found.getOrInsertComputed(one, () => []);
  return [...found].sort(([a], [b]) => (titleOf(a) < titleOf(b) ? -1 : 1));
}

interface Asked {
  cronJob: CronJob;
  items: string[];
  also: Also;
}

function cronJobChange(
  { cronJob, items, also }: Asked,
  counted: Counted,
  chosen: ReadonlySet<string>,
  grounds: ChangeGrounds,
): CleanupChange | null {
  const patched = askedFor(cronJob, also);
  if (patched === null) return null;
  const { rules } = grounds;
  const takes = also.way === "history-limit" ? takenAtOnce(cronJob, patched.patch, counted.jobsOf(cronJob)) : [];
  const refused =
    refusesChange(cronJob, also, rules) ??
    (also.way === "history-limit" ? unplanned(takes, { cronJob, chosen }, grounds) : null);
  return {
    way: also.way,
    object: refOf(cronJob),
    resource: CRON_JOBS,
    resourceVersion: cronJob.meta.resourceVersion,
    ...patched,
    takes: takes.map(refOf),
    items,
    ...decided(refused),
  };
}

/** A lower limit deletes: nothing may go by it that is not chosen, and with that preserved and deleted before. */
function unplanned(
  takes: readonly Job[],
  { cronJob, chosen }: { cronJob: CronJob; chosen: ReadonlySet<string> },
  { snapshot, items }: ChangeGrounds,
): string | null {
  const hidden = whatIsWhole(snapshot)("jobs", cronJob.meta.namespace);
  if (hidden !== null) return `what would go at once by it was not all seen: ${hidden}`;
  const [first, ...others] = takes.filter(({ meta }) => !chosen.has(meta.uid));
  if (first === undefined) return null;
  const item = items.find(({ object }) => object.uid === first.meta.uid);
  const why =
    item === undefined
      ? "is not in the plan"
      : (item.refusedBecause ?? item.needsBecause ?? "is not among what is chosen");
  const more = others.length === 0 ? "" : `, and ${String(others.length)} more that are not chosen`;
  return `job/${first.meta.name} would go at once by it, and ${why}${more}`;
}

function tokenChanges(chosen: ReadonlySet<string>, grounds: ChangeGrounds): CleanupChange[] {
  const { items, touched } = grounds;
  return exposedTokens(touched).flatMap(({ namespace, name, items: places }) => {
    const uids = [...places].map((at) => items[at]!.object.uid ?? "").filter((uid) => chosen.has(uid));
    return uids.length === 0 ? [] : [tokenChange({ namespace, name }, uids, grounds)];
  });
}

function tokenChange(
  { namespace, name }: { namespace: string; name: string },
  items: string[],
  grounds: ChangeGrounds,
): CleanupChange {
  const secret = grounds.context.secret(namespace, name);
  const object = { kind: "Secret", namespace, name, uid: secret?.meta.uid ?? null };
  const needed = whoNeeds({ namespace, name }, grounds.snapshot);
  const refused =
    secret === null
      ? "the Secret itself was not seen: plan it with --list-secrets"
      : (refusesDeletion(secret, grounds.rules) ?? alongWith(object, grounds));
  return {
    way: "delete-token",
    object,
    resource: SECRETS,
    resourceVersion: secret?.meta.resourceVersion ?? null,
    because: `a legacy token has no expiry: it ends with its Secret${needed === null ? "" : `; ${needed}`}`,
    patch: null,
    diff: [],
    takes: [],
    items,
    ...decided(refused),
  };
}

/** Nothing may go along with a Secret: what would, in words, or what hides it; null where nothing does. */
export function alongWith(
  object: CleanupChange["object"],
  { owned, unseenIn, rules }: Pick<ChangeGrounds, "owned" | "unseenIn" | "rules">,
): string | null {
  const [first] = below(object, owned());
  if (first !== undefined)
    return `${first.owned.object.kind.toLowerCase()}/${first.owned.object.name} would go along with it`;
  const unseen = rules.yesUnseen ? null : unseenIn(object.namespace);
  return unseen === null ? null : `what would go along with it was not all seen (${unseen}): --yes-unseen accepts that`;
}

function decided(refusedBecause: string | null): Pick<CleanupChange, "decision" | "refusedBecause"> {
  return { decision: refusedBecause === null ? "change" : "refuse", refusedBecause };
}

function titleOf({ meta }: CronJob): string {
  return `${meta.namespace ?? ""}/${meta.name}`;
}
