import type { CleanupItem, CleanupPlan, Dependent } from "../../model/report.ts";
import { humanDuration } from "../age.ts";
import { count, grouped } from "../text.ts";
import type { Cell, View, ViewOptions } from "../view.ts";
import { changeLines, endLines, reasonLines } from "./cleanup-ends.ts";
import { inOneNamespace, objectName, someOf } from "./names.ts";

/** From so many on, refused objects of one owner with one reason make one line. */
const FOLD_FROM = 4;

const WORDS: Record<CleanupItem["decision"], string> = { delete: "delete", choose: "choose", refuse: "refused" };

/** What goes, what needs a choice and what stays, a line each, and below a line what it owns besides pods, as a tree. */
export function cleanupPlanView(plan: CleanupPlan, options: ViewOptions): View {
  return {
    before: isEmpty(plan) ? [] : headlines(plan),
    columns: [
      { header: "PLAN" },
      { header: "NAMESPACE", wide: inOneNamespace(plan) },
      { header: "NAME" },
      { header: "STATE" },
      { header: "AGE" },
      { header: "WITH" },
      { header: "WHY", shrinkTo: 20 },
      { header: "OWNER", wide: true },
      { header: "ENDS", wide: true },
    ],
    rows: foldRefused(plan.items, options.wide).flatMap(rowsOf),
    after: isEmpty(plan)
      ? changeLines(plan)
      : ["", ...reasonLines(plan), ...changeLines(plan), ...endLines(plan, options)],
  };
}

function isEmpty({ items, changes }: CleanupPlan): boolean {
  return items.length === 0 && changes.length === 0;
}

function headlines({ summary, items, rules }: CleanupPlan): string[] {
  const { toDelete, toChoose, refused } = summary;
  const parts = [
    `${going(summary, items)} to delete`,
    ...(toChoose === 0 ? [] : [`${grouped(toChoose)} to choose`]),
    ...(refused === 0 ? [] : [`${grouped(refused)} refused`]),
  ];
  const first = `PLAN  ${parts.join(", ")}. Nothing was deleted.`;
  const how =
    rules.by === "ttl" ? ["Each Job gets a TTL of 0: the TTL controller deletes it, what it owns before it."] : [];
  return toDelete === 0 ? [first] : [first, ...how, endsText(summary)];
}

/** `18 jobs, 18 pods`: what goes, with what goes along. */
function going({ pods, others }: CleanupPlan["summary"], items: readonly CleanupItem[]): string {
  const jobs = items.filter(({ decision, object }) => decision === "delete" && object.kind === "Job").length;
  const parts = [
    ...(jobs === 0 ? [] : [count(jobs, "job")]),
    ...(pods === 0 ? [] : [count(pods, "pod")]),
    ...(others === 0 ? [] : [count(others, "other thing")]),
  ];
  return parts.length === 0 ? "nothing" : parts.join(", ");
}

function endsText({ exposures, exposuresClosed, tokens, savesHoursAMonth }: CleanupPlan["summary"]): string {
  if (exposures === 0) return "Ends no exposure that was found.";
  const narrowed = exposures - exposuresClosed;
  const parts = [
    `Ends ${count(exposuresClosed, "exposure")}`,
    ...(narrowed === 0 ? [] : [`narrows ${grouped(narrowed)}`]),
    ...(tokens === 0 ? [] : [`ends ${count(tokens, "token")}`]),
    `saves ${grouped(Math.round(savesHoursAMonth))} credential-hours in the next 30 days`,
  ];
  return `${parts.join(", ")}.`;
}

/** An object, or several that are refused alike. */
interface Line {
  item: CleanupItem;
  /** More than one: as many objects. */
  alike: CleanupItem[];
}

function foldRefused(items: readonly CleanupItem[], wide: boolean): Line[] {
  const alone = (item: CleanupItem): Line => ({ item, alike: [item] });
  if (wide) return items.map(alone);
  const groups = Map.groupBy(items, (item) =>
    item.decision === "refuse" && item.owner !== null
      ? JSON.stringify([item.object.kind, item.object.namespace, item.owner.name, item.state, item.refusal])
      : item,
  );
  return [...groups.values()].flatMap((group) =>
    group.length >= FOLD_FROM ? [{ item: group[0]!, alike: group }] : group.map(alone),
  );
}

function rowsOf({ item, alike }: Line): Cell[][] {
  const folded = alike.length > 1;
  const rest = alike.length - 1;
  const name = objectName(item.object);
  const why = item.refusedBecause ?? item.needsBecause ?? item.because;
  const row = [
    WORDS[item.decision],
    item.object.namespace ?? "<none>",
    folded ? `${name} and ${grouped(rest)} more` : name,
    item.state,
    ageText(item),
    withText(item),
    folded ? `${why}; the others likewise` : why,
    item.owner === null ? "<none>" : objectName(item.owner),
    `${count(item.ends.closed.length, "exposure")} of ${grouped(item.ends.exposures.length)}`,
  ];
  if (folded || onlyPods(item)) return [row];
  return [row, ...treeOf(item).map(({ text, notes }) => ["", "", text, "", "", "", notes, "", ""])];
}

function ageText({ ageSeconds, ageIsBound }: CleanupItem): string {
  if (ageSeconds === null) return "<unknown>";
  return `${ageIsBound ? "<" : ""}${humanDuration(ageSeconds)}`;
}

function withText({ dependents }: CleanupItem): string {
  const pods = dependents.filter(isPod);
  const others = dependents.length - pods.length;
  if (dependents.length === 0) return "-";
  const text = pods.length === 0 ? [] : [count(pods.length, "pod")];
  return [...text, ...(others === 0 ? [] : [`${grouped(others)} more`])].join(" + ");
}

function onlyPods({ dependents }: CleanupItem): boolean {
  return dependents.every((one) => isPod(one) && !one.needsChoice);
}

function isPod({ resource }: Dependent): boolean {
  return resource.group === "" && resource.resource === "pods";
}

/** One line of a tree: what stands in the column of names, and in that of reasons. */
interface TreeLine {
  text: string;
  notes: string;
}

/** What the object owns, by owner references; pods that own nothing are counted where there are many. */
function treeOf({ object, dependents }: CleanupItem): TreeLine[] {
  const children = Map.groupBy(dependents, ({ owner }) => owner);
  const lines = (owner: string): TreeLine[] => {
    const below = children.get(owner) ?? [];
    const plain = below.filter((one) => isPod(one) && !one.needsChoice && !children.has(one.object.uid ?? ""));
    const folded = plain.length >= FOLD_FROM ? plain.map((one) => objectName(one.object)) : [];
    const titles = folded.length > 0 ? below.filter((one) => !plain.includes(one)) : below;
    const branches = titles.map((one) => [titleOf(one), ...lines(one.object.uid ?? "-")]);
    if (folded.length > 0) branches.unshift([{ text: someOf(folded, 1), notes: "" }]);
    return branches.flatMap(([title, ...more], at) => {
      const last = at === branches.length - 1;
      return [prefixed(`${last ? "└─" : "├─"} `, title!), ...more.map((line) => prefixed(last ? "   " : "│  ", line))];
    });
  };
  return lines(object.uid ?? "");
}

function prefixed(prefix: string, { text, notes }: TreeLine): TreeLine {
  return { text: prefix + text, notes };
}

function titleOf({ object, finalizers, shared }: Dependent): TreeLine {
  const notes = [...(shared ? ["has other owners"] : []), ...finalizers.map((one) => `finalizer ${one}`)];
  return { text: objectName(object), notes: notes.join(", ") };
}
