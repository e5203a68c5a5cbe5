import type { ObjectRef, Time } from "../../model/object.ts";
import type { TriageItem } from "../../model/report.ts";
import { quote } from "../steps.ts";
import { compareTimes } from "../windows.ts";

/** How many objects a line names; the rest are counted. */
const OBJECTS_SHOWN = 10;

/** `1 pod`, `3 pods`. */
export function plural(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `database`, `database and payments`, `database and 3 more namespaces`. */
export function namespacesOf(objects: readonly ObjectRef[]): string {
  const names = [...new Set(objects.map(({ namespace }) => namespace ?? ""))].filter((name) => name !== "").sort();
  const [first = "", second, ...rest] = names;
  if (second === undefined) return first;
  return rest.length === 0 ? `${first} and ${second}` : `${first} and ${plural(names.length - 1, "more namespace")}`;
}

/** `21 pods, 21 jobs, 1 cronjob`. */
export function countByKind(objects: readonly ObjectRef[]): string {
  const counts = ["Pod", "Job", "CronJob"].map(
    (kind) => [kind, objects.filter((one) => one.kind === kind).length] as const,
  );
  return counts
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => plural(count, kind.toLowerCase()))
    .join(", ");
}

/** The first ten objects, and how many there are. */
export function named(objects: readonly ObjectRef[]): Pick<TriageItem, "objects" | "objectCount"> {
  return { objects: objects.slice(0, OBJECTS_SHOWN), objectCount: objects.length };
}

/** `exposure cronjob/backup -n database`, as words that a shell can take. */
export function about(verb: "exposure" | "stale", object: ObjectRef): string {
  const where = object.namespace === null ? "" : ` -n ${quote(object.namespace)}`;
  return `${verb} ${quote(`${object.kind.toLowerCase()}/${object.name}`)}${where}`;
}

/** The verb alone, narrowed where all objects stand in one namespace. */
export function within(verb: "exposure" | "stale", objects: readonly ObjectRef[]): string {
  const names = new Set(objects.map(({ namespace }) => namespace));
  const [only] = names;
  return names.size === 1 && only != null ? `${verb} -n ${quote(only)}` : verb;
}

/** What the last of several ends assumes; null where one of them has no time, or nothing has to happen for it. */
export function assumed(ends: readonly { at: Time | null; assumes: string | null }[]): string | null {
  if (ends.length === 0 || ends.some(({ at }) => at === null)) return null;
  return ends.reduce((a, b) => (compareTimes(b.at!, a.at!) > 0 ? b : a)).assumes;
}

/** The objects without repeats, in their order. */
export function distinct(objects: readonly ObjectRef[]): ObjectRef[] {
  const seen = new Map<string, ObjectRef>();
  for (const one of objects) {
    const key = `${one.kind} ${one.uid ?? `${one.namespace ?? ""}/${one.name}`}`;
    if (!seen.has(key)) seen.set(key, one);
  }
  return [...seen.values()];
}
