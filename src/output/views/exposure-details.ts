import type { Carrier, ExposureItem, ExposureReport, Reader } from "../../model/report.ts";
import { age, relative } from "../age.ts";
import { count } from "../text.ts";
import type { ViewOptions } from "../view.ts";
import { objectName, someOf, subjectTitle } from "./names.ts";
import { inOne } from "./reasons.ts";

const objectsShown = 3;

/** What is known of each credential: what holds it, until when and why, who reads it and how, and the fix. */
export function exposureDetails(report: ExposureReport, items: ExposureItem[], options: ViewOptions): string[] {
  const now = report.metadata.takenAt;
  return items.flatMap((item) => [
    "",
    title(item),
    ...held(item.carriers, now).map((line) => `  held by   ${line}`),
    ...readers(item, report.complete, now).map((line) => `  read by   ${line}`),
    `  fix       ${fixText(item, options)}`,
  ]);
}

const changes = /\bkubectl(?= (?:annotate|delete|edit|patch) )/g;

/** The next step, in which the user's flags lead kubectl to the same cluster, and this program is called as the user called it. */
export function fixText({ fix }: Pick<ExposureItem, "fix">, options: ViewOptions): string {
  // A file has no cluster whose flags could be repeated.
  if (!options.live) return fix.replaceAll("kubectl cronaudit ", () => `${options.program} `);
  const { kubectlFlags = "" } = options;
  // Pasted without its context, a deletion would go to another cluster.
  const aimed = kubectlFlags === "" ? fix : fix.replace(changes, (kubectl) => `${kubectl} ${kubectlFlags}`);
  return aimed.replace(/kubectl cronaudit (snapshot [^ ;]+(?: -n (?:[^' ;]+|'[^']*'))?)/g, (_, args: string) =>
    options.command(args),
  );
}

function title({ credential, removedFromTemplate }: ExposureItem): string {
  const of = [credential.kind, credential.because];
  if (credential.ref !== null) {
    const { namespace, name, key } = credential.ref;
    of.push(`Secret ${namespace}/${name}${key === null ? "" : `, key ${key}`}`);
  }
  if (credential.fingerprint !== null) of.push(`fingerprint ${credential.fingerprint}`);
  const removed = removedFromTemplate ? "; the template no longer has it" : "";
  return `${credential.name} (${of.filter((part) => part !== "").join("; ")})${removed}`;
}

/** Carriers that are alike in all but the object make one line, unless their ends cannot be told in one sentence. */
function held(carriers: Carrier[], now: string): string[] {
  const alike = Map.groupBy(carriers, ({ class: id, object, path, closes, closesBecause, closesIsBound }) =>
    [id, object.kind, closesBecause, closesIsBound, closes === null, pathShape(path)].join(" "),
  );
  return [...alike.values()].flatMap((group) => {
    const why = inOne(group.map(({ closesWhy }) => closesWhy));
    if (why !== null) return [heldLine(group, why, now)];
    return [...Map.groupBy(group, ({ closesWhy }) => closesWhy)].map(([own, same]) => heldLine(same, own, now));
  });
}

function heldLine(group: Carrier[], why: string, now: string): string {
  const first = group.reduce((earliest, each) => (each.opens < earliest.opens ? each : earliest));
  const names = someOf([...new Set(group.map(({ object }) => objectName(object)))], objectsShown);
  const since = `${first.opensIsBound ? "more than " : ""}${age(first.opens, now)}`;
  return `${names}: ${first.class} at ${first.path}, for ${since}; ${ends(group, now)}: ${why}`;
}

/** Indexes do not tell carriers apart, and what differs between names of runs does not either. */
function pathShape(path: string): string {
  return path.replace(/\[\d+\]/g, "[]");
}

/** When carriers end that all have a time, or all have none. */
function ends(group: Carrier[], now: string): string {
  const last = group.reduce((a, b) => ((b.closes ?? "") > (a.closes ?? "") ? b : a));
  if (last.closes === null) return last.closesBecause === "never" ? "no end known" : last.closesBecause;
  const several = group.some(({ closes }) => closes !== last.closes) ? "the last of them " : "";
  return `${several}${last.closesIsBound ? "about " : ""}${relative(last.closes, now)}`;
}

function readers(
  { readers: { count: total, items, folded, everyone } }: ExposureItem,
  complete: boolean,
  now: string,
): string[] {
  if (total === null) return [everyone ? "everyone" : "unknown: not every right in the cluster was seen"];
  const lines = items.map((reader) => readerLine(reader, now));
  if (!complete) lines.push("possibly others: not everything could be seen");
  if (folded > 0) lines.push(`and ${count(folded, "identity", "identities")} of Kubernetes itself (--all-readers)`);
  return lines.length === 0 ? ["nobody but Kubernetes itself"] : lines;
}

function readerLine({ subject, provedSince, through }: Reader, now: string): string {
  const since = provedSince === null ? "" : `, for at least ${age(provedSince, now)}`;
  return `${subjectTitle(subject)} (${verbs(through)})${since}`;
}

/** `get, list pods; get jobs`: edges that are a verb on a resource, by verbs; others by their id. */
function verbs(edges: string[]): string {
  const byResource = Map.groupBy(edges, (edge) => /^(.+)-(?:get|list|watch)$/.exec(edge)?.[1] ?? "");
  const others = byResource.get("") ?? [];
  byResource.delete("");
  const byVerbs = Map.groupBy([...byResource], ([resource, ids]) =>
    ids.map((id) => id.slice(resource.length + 1)).join(", "),
  );
  const grants = [...byVerbs].map(([verb, resources]) => `${verb} ${resources.map(([name]) => name).join(", ")}`);
  return [...grants, ...others].join("; ");
}
