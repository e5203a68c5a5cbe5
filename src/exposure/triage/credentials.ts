import { podFinished } from "../../batch/finish.ts";
import { refOf } from "../../batch/owners.ts";
import { instant } from "../../batch/time.ts";
import type { Time } from "../../model/object.ts";
import type { Carrier, Severity, TriageItem } from "../../model/report.ts";
import type { Pod } from "../../model/workload.ts";
import { LITERAL_CLASSES, objectOf, type Found } from "../class.ts";
import type { ExposureContext } from "../context.ts";
import type { Judged } from "../judged.ts";
import { SEVERITIES } from "../severity.ts";
import { earlier, later } from "../windows.ts";
import { apart } from "./apart.ts";
import { about, assumed, countByKind, distinct, named, namespacesOf, plural, within } from "./line.ts";

/** Credentials that get a line of their own; the rest share one. */
const LINES = 20;

/** One line for each literal or legacy token, worst first, and one for those that find no room. */
export function credentialLines(judged: readonly Judged[], context: ExposureContext): TriageItem[] {
  const own = judged.filter((one) => isOwn(one) && one.item.severity !== "info").sort(worstFirst);
  const added = apart(own, context);
  const lines = own.slice(0, LINES).map((one) => credentialLine(one, added.get(one) ?? ""));
  const rest = own.slice(LINES);
  return rest.length === 0 ? lines : [...lines, restLine(rest)];
}

function isOwn({ carriers }: Judged): boolean {
  return carriers.some(({ rule }) => LITERAL_CLASSES.has(rule.id) || rule.id === "token-legacy");
}

function worstFirst(a: Judged, b: Judged): number {
  return (
    SEVERITIES.indexOf(a.item.severity) - SEVERITIES.indexOf(b.item.severity) ||
    b.item.atRestHours.soFar - a.item.atRestHours.soFar ||
    (a.item.id < b.item.id ? -1 : 1)
  );
}

function credentialLine({ item }: Judged, added: string): TriageItem {
  const carriers = item.carriers;
  const there = carriers.filter(({ closesBecause }) => closesBecause !== "compaction");
  // What is deleted already is counted only where nothing else holds it.
  const left = there.length > 0 ? there : carriers;
  // A pod that only names the Secret with the same value does not hold it.
  const own = left.filter((carrier) => LITERAL_CLASSES.has(carrier.class));
  const objects = distinct((own.length > 0 ? own : left).map((carrier) => carrier.object));
  const day = item.removedBy === null ? "" : ` by ${item.removedBy.slice(0, 10)}`;
  const removed = item.removedFromTemplate ? `, left the template${day}` : "";
  const last = lastToClose(carriers);
  const first = carriers.reduce((a, b) => ((instant(b.opens) ?? 0) < (instant(a.opens) ?? 0) ? b : a));
  return {
    id: item.id,
    severity: item.severity,
    what: `${item.credential.name}${added} in ${countByKind(objects)} (${namespacesOf(objects)})${removed}`,
    ...named(objects),
    since: item.opens,
    sinceIsBound: first.opensIsBound,
    until: item.closes,
    untilIsBound: item.closes !== null && last.closesIsBound,
    untilAssumes: last.closesAssumes,
    untilBecause: last.closesBecause,
    untilWhy: last.closesWhy,
    readers: { everyone: item.readers.everyone, count: item.readers.count, folded: item.readers.folded },
    next: about("exposure", item.workload),
  };
}

/**
 * The carrier that keeps it readable longest: of those without an end one that nothing ends, and a run before the
 * template that makes them; of runs that history limits count the one that waits for most others.
 */
function lastToClose(carriers: readonly Carrier[]): Carrier {
  const open = carriers.filter(({ closes }) => closes === null);
  if (open.length === 0)
    return carriers.reduce((a, b) => ((instant(b.closes) ?? 0) > (instant(a.closes) ?? 0) ? b : a));
  const never = open.filter(({ closesBecause }) => closesBecause === "never");
  const endless = never.length > 0 ? never : open;
  const runs = endless.filter(({ object }) => object.kind !== "CronJob");
  const waits = ({ closesAfterRuns }: Carrier): number => closesAfterRuns ?? Infinity;
  return (runs.length > 0 ? runs : endless).reduce((a, b) => (waits(b) > waits(a) ? b : a));
}

function restLine(judged: readonly Judged[]): TriageItem {
  const rest = judged.map(({ item }) => item);
  const objects = distinct(rest.map(({ workload }) => workload));
  const everyone = rest.some(({ readers }) => readers.everyone);
  return {
    id: "more-credentials",
    severity: rest[0]!.severity,
    what: `${plural(rest.length, "more credential")} in the objects of ${countByKind(objects)} (${namespacesOf(objects)})`,
    ...named(objects),
    since: rest.map(({ opens }) => opens).reduce((a: Time | null, b) => earlier(a, b), null),
    sinceIsBound: true,
    until: rest.some(({ closes }) => closes === null) ? null : rest.map(({ closes }) => closes).reduce(later),
    untilIsBound: rest.every(({ closes }) => closes !== null),
    untilAssumes: assumed(judged.flatMap(({ carriers }) => carriers.map(({ found }) => endOf(found)))),
    untilBecause: "various",
    untilWhy: "each in its own way",
    readers: everyone ? { everyone, count: null, folded: 0 } : null,
    next: within("exposure", objects),
  };
}

/** One line for all finished pods whose tokens have not ended as far as is known: when exp falls depends on flags of the server. */
export function tokenLines(judged: readonly Judged[], context: ExposureContext): TriageItem[] {
  const live = judged.filter(({ item, carriers }) => {
    const [first] = carriers;
    if (first?.rule.id !== "token-bound" || item.credential.kind !== "serviceaccount-token") return false;
    // A window that has closed makes a token info.
    return podFinished(first.found.source as Pod) && item.severity !== "info";
  });
  if (live.length === 0) return [];
  const pods = live.map(({ carriers }) => carriers[0]!.found.source as Pod);
  const objects = distinct(pods.map(refOf));
  const deletions = pods.map((pod) => context.retentionOf(pod).deletesAt);
  const state = pods.every(({ phase }) => phase === "Succeeded") ? "completed" : "finished";
  const nodes = new Set(live.flatMap(({ item }) => item.readers.items.map(({ subject }) => subject.name)));
  return [
    {
      id: "tokens-of-finished-pods",
      severity: worst(live.map(({ item }) => item.severity)),
      what: `${plural(objects.length, `${state} pod`)} whose token may still work (${namespacesOf(objects)})`,
      ...named(objects),
      since: live.map(({ item }) => item.neededUntil).reduce(earlier, null),
      sinceIsBound: false,
      // Not by exp: until the pod object goes, its node can ask for another token.
      until: deletions.includes(null) ? null : deletions.reduce(later),
      untilIsBound: !deletions.includes(null) && pods.some((pod) => context.retentionOf(pod).isBound),
      untilAssumes: assumed(
        pods.map((pod) => context.retentionOf(pod)).map(({ deletesAt, assumes }) => ({ at: deletesAt, assumes })),
      ),
      untilBecause: "pod-deletion",
      untilWhy: "until each pod is deleted",
      readers: { everyone: false, count: nodes.size, folded: 0 },
      next: within("stale", objects),
    },
  ];
}

/** The id of the line about Secrets that pods only name. */
export const NODE_REACH = "secrets-within-node-reach";

/** One line for all Secrets that only a finished pod keeps within its node's reach. */
export function nodeReachLines(judged: readonly Judged[], context: ExposureContext): TriageItem[] {
  const low = judged.filter((one) => one.item.severity === "low" && reachedByNode(one));
  if (low.length === 0) return [];
  const secrets = new Set(
    low.map(
      ({
        item: {
          credential: { ref },
        },
      }) => `${ref?.namespace ?? ""}/${ref?.name ?? ""}`,
    ),
  );
  const granted = low.flatMap(({ carriers }) => carriers.filter(({ rule }) => rule.id === "node-grant"));
  const objects = distinct(granted.map(({ found }) => objectOf(found, context)));
  const closings = granted.map(({ found }) => found.closing);
  return [
    {
      id: NODE_REACH,
      severity: "low",
      what: `${plural(secrets.size, "Secret")} within reach of nodes through ${plural(objects.length, "pod")} (${namespacesOf(objects)})`,
      ...named(objects),
      since: granted.map(({ found }) => found.opening.opens).reduce((a: Time | null, b) => earlier(a, b), null),
      sinceIsBound: false,
      until: closings.some(({ at }) => at === null) ? null : closings.map(({ at }) => at).reduce(later),
      untilIsBound: closings.every(({ at }) => at !== null) && closings.some(({ isBound }) => isBound),
      untilAssumes: assumed(granted.map(({ found }) => endOf(found))),
      untilBecause: "pod-deletion",
      untilWhy: "until each pod is deleted",
      readers: null,
      next: within("exposure", objects),
    },
  ];
}

function endOf({ closing }: Found): { at: Time | null; assumes: string | null } {
  return { at: closing.at, assumes: closing.assumes ?? null };
}

function reachedByNode({ item: { credential }, carriers }: Judged): boolean {
  return credential.kind === "secret-reference" && carriers.some(({ rule }) => rule.id === "node-grant");
}

function worst(severities: readonly Severity[]): Severity {
  return SEVERITIES.find((one) => severities.includes(one)) ?? "info";
}
