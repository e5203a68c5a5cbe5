import type { Report } from "../model/report.ts";
import type { BlindSpot } from "../model/snapshot.ts";
import { utc } from "./age.ts";

const namespacesShown = 5;
/** So many kinds that blind the same have a line each. */
const kindsApart = 3;
const kindsShown = 4;

/** Which cluster, which part of it, seen by whom and when. */
export function headerLine({ metadata }: Pick<Report, "metadata">): string {
  const { cluster, scope, user, takenAt } = metadata;
  const version = cluster.version === null ? "" : ` (${cluster.version})`;
  const parts = [`Cluster ${cluster.server}${version}`, scopeText(scope.namespaces)];
  if (user !== null) parts.push(`as ${user}`);
  return [...parts, utc(takenAt)].join(", ");
}

/** Which part of the cluster, in words. */
export function scopeText(namespaces: string[] | null): string {
  if (namespaces === null) return "whole cluster";
  if (namespaces.length === 0) return "no namespace";
  if (namespaces.length === 1) return `namespace ${namespaces[0]}`;
  const shown = namespaces.slice(0, namespacesShown).join(", ");
  const more = namespaces.length - namespacesShown;
  return more > 0 ? `${namespaces.length} namespaces (${shown} and ${more} more)` : `namespaces ${shown}`;
}

/** What could not be seen and what that makes uncertain: a line for each resource and reason, the rights missing last. */
export function blindSpotLines(spots: readonly BlindSpot[], next: string): string[] {
  if (spots.length === 0) return [];
  const blindAlike = Map.groupBy(spots, (spot) => JSON.stringify([spot.verb, spot.reason, spot.blinds]));
  const lines = [...groupsOf([...blindAlike.values()])].map((group) => {
    const { verb, reason } = group[0]!;
    const blinds = [...new Set(group.flatMap((spot) => spot.blinds))];
    const why = reason === "NotInEvidence" ? "not in the evidence" : `${verb}: ${reason}`;
    return `Not seen: ${resourcesOf(group)}${where(group)} (${why})${blinds.length === 0 ? "" : `; uncertain: ${blinds.join(", ")}`}`;
  });
  return [...lines, next];
}

/** Many kinds that blind the same make one line, others a line for each kind. */
function groupsOf(blindAlike: BlindSpot[][]): BlindSpot[][] {
  const many = blindAlike.filter((group) => new Set(group.map(({ resource }) => resource)).size > kindsApart);
  const merged = new Set(many.flat());
  const few = blindAlike.flat().filter((spot) => !merged.has(spot));
  const alike = Map.groupBy(few, (spot) => [spot.verb, spot.group, spot.resource, spot.reason].join(" "));
  return [...alike.values(), ...many];
}

function resourcesOf(group: BlindSpot[]): string {
  const resources = [...new Set(group.map(({ resource }) => (resource === "*" ? "other kinds" : resource)))];
  const shown = resources.slice(0, kindsShown).join(", ");
  return resources.length > kindsShown ? `${shown} and ${resources.length - kindsShown} more kinds` : shown;
}

function where(group: BlindSpot[]): string {
  const namespaces = [...new Set(group.flatMap(({ namespace }) => (namespace === null ? [] : [namespace])))];
  if (group.every(({ reason }) => reason === "NotInEvidence")) return "";
  const wide = group.find(({ namespace }) => namespace === null);
  if (wide !== undefined) {
    const [only, ...others] = wide.except;
    if (only === undefined) return " across the cluster";
    return others.length === 0 ? ` outside namespace ${only}` : ` outside ${wide.except.length} namespaces`;
  }
  return namespaces.length === 1 ? ` in namespace ${namespaces[0]}` : ` in ${namespaces.length} namespaces`;
}

/** kubectl's words for an empty answer; `unmet` are the selectors where it is they that match no object. */
export function nothingFound(report: Report, unmet: string | null = null): string {
  const { namespaces } = report.metadata.scope;
  const changes = "changes" in report && report.changes.length > 0;
  const found = report.kind === "TriageReport" ? "No findings" : changes ? "Nothing to delete" : "No resources found";
  const what = unmet === null ? found : `No object matches ${unmet}`;
  const where = namespaces?.length === 1 ? ` in ${namespaces[0]} namespace` : "";
  return `${what}${where}${report.complete ? "" : " among what could be seen"}.`;
}
