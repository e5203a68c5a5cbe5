import { ownersIn, setterOf } from "../credentials/own-rules-annotation.ts";
import type { Annotated } from "../credentials/own-rules-annotation.ts";
import type { ObjectRef } from "../model/object.ts";
import type { ExposureItem, IgnoredBecause, IgnoredBySeverity, IgnoredCounts, TriageItem } from "../model/report.ts";
import type { ConfigMap } from "../model/snapshot.ts";
import { earlierObjects, type ExposureContext } from "./context.ts";
import type { Carried } from "./identity.ts";
import type { Judged } from "./judged.ts";
import { SEVERITIES } from "./severity.ts";
import { distinct, named, namespacesOf, plural, within } from "./triage/line.ts";
import { earlier } from "./windows.ts";

/** Places that one item names; the rest are behind them. */
const MOST_PLACES = 10;
/** Credentials that notes name. */
const MOST_NAMED = 10;

/** Tells why a credential is no finding: null where one of its carriers is not ignored, because that one exposes it. */
export function ignoredIndex(context: ExposureContext): (carriers: readonly Carried[]) => IgnoredBecause | null {
  const { snapshot } = context;
  let ownerOf: ReturnType<typeof ownersIn> | null = null;
  const configMaps = new Map(snapshot.configmaps.map((one) => [one.meta.uid, one]));
  return (carriers) => {
    const ignored = carriers.flatMap(({ found }) => found.ignored ?? []);
    if (ignored.length === 0 || ignored.length < carriers.length) return null;
    const annotated = ignored.filter(({ by }) => by === "annotation");
    ownerOf ??= ownersIn([...snapshot.cronjobs, ...snapshot.jobs, ...earlierObjects(snapshot)]);
    const by = annotated.length > 0 ? "annotation" : "file";
    return {
      by,
      confirmed: ignored.every(({ confirmed }) => confirmed),
      entries: [...new Set(ignored.flatMap(({ entries }) => entries))].sort(),
      reason: ignored.find(({ reason }) => reason !== null)?.reason ?? null,
      setBy: by === "file" ? [] : settersOf(carriers, configMaps, ownerOf),
    };
  };
}

function settersOf(
  carriers: readonly Carried[],
  configMaps: ReadonlyMap<string, ConfigMap>,
  ownerOf: (object: Annotated) => Annotated | null,
): IgnoredBecause["setBy"] {
  const places = new Map<string, IgnoredBecause["setBy"][number]>();
  for (const { found } of carriers) {
    if (found.ignored?.by !== "annotation") continue;
    const holder = found.object === undefined ? found.source : configMaps.get(found.object.uid ?? "");
    if (holder === undefined) continue;
    for (const annotation of found.ignored.entries) {
      const { object, field, managers, since } = setterOf(holder, annotation, ownerOf);
      const { namespace, name, uid } = object.meta;
      const key = `${uid} ${field}`;
      if (!places.has(key))
        places.set(key, { object: { kind: object.kind, namespace, name, uid }, annotation: field, managers, since });
      if (places.size >= MOST_PLACES) return [...places.values()];
    }
  }
  return [...places.values()];
}

/** How many of these are ignored, and by what. */
export function countIgnored(
  items: readonly Pick<ExposureItem, "ignored" | "severity">[],
): IgnoredCounts & IgnoredBySeverity {
  const unconfirmedBySeverity = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  let [file, annotation, unconfirmed] = [0, 0, 0];
  for (const { ignored, severity } of items) {
    if (ignored === undefined) continue;
    if (ignored.by === "file") file++;
    else annotation++;
    if (ignored.confirmed) continue;
    unconfirmed++;
    unconfirmedBySeverity[severity]++;
  }
  return { file, annotation, unconfirmed, unconfirmedBySeverity };
}

/** One note for each credential that an annotation ignores and no rules file confirms: who set it, and since when at the latest. */
export function ignoredNotes(items: readonly ExposureItem[]): string[] {
  const silenced = items.filter(({ ignored }) => ignored?.confirmed === false).sort(worstFirst);
  const notes = silenced.slice(0, MOST_NAMED).map(({ credential, severity, ignored }) => {
    const [place, ...others] = ignored!.setBy;
    const more = others.length === 0 ? "" : `, and ${String(others.length)} more alike`;
    const where =
      place === undefined ? "" : ` by ${place.annotation} of ${title(place.object)}${more}, ${setBy(place)}`;
    return `Ignored, and no rules file confirms it: ${credential.name} (${severity})${where}.`;
  });
  const rest = silenced.length - notes.length;
  return rest === 0
    ? notes
    : [
        ...notes,
        `Ignored by annotations that no rules file confirms: ${plural(rest, "more credential")} (--show-ignored).`,
      ];
}

function setBy({ managers, since }: IgnoredBecause["setBy"][number]): string {
  if (managers.length === 0) return "set by nobody that managedFields name";
  return `set by ${managers.join(", ")}${since === null ? "" : `, on ${since} at the latest`}`;
}

function title({ kind, namespace, name }: ObjectRef): string {
  return `${kind.toLowerCase()}/${name} (${namespace ?? ""})`;
}

function worstFirst(a: ExposureItem, b: ExposureItem): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || (a.id < b.id ? -1 : 1);
}

/** The id of the line about credentials that only an unconfirmed annotation keeps out of sight. */
export const IGNORED_LINE = "ignored-by-annotation";

/** One line, as severe as the worst of what annotations ignore and no rules file confirms: who may edit an object must not silence it. */
export function ignoredLines(judged: readonly Judged[]): TriageItem[] {
  const silenced = judged.map(({ item }) => item).filter(({ ignored }) => ignored?.confirmed === false);
  const [first] = silenced.toSorted(worstFirst);
  if (first === undefined) return [];
  const places = silenced.flatMap(({ ignored }) => ignored!.setBy);
  const objects = distinct(
    places.length > 0 ? places.map(({ object }) => object) : silenced.map(({ workload }) => workload),
  );
  return [
    {
      id: IGNORED_LINE,
      severity: first.severity,
      what: `${plural(silenced.length, "credential")} ignored by annotation alone (${namespacesOf(objects)})`,
      ...named(objects),
      since: places.map(({ since }) => since).reduce(earlier, null),
      sinceIsBound: true,
      until: null,
      untilIsBound: false,
      untilAssumes: null,
      untilBecause: "various",
      untilWhy: "until the annotation goes, or a rules file confirms it",
      readers: null,
      next: `${within("exposure", objects)} --show-ignored`,
    },
  ];
}
