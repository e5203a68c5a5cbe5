import type { CleanupItem, CleanupPlan, Dependent } from "../../model/cleanup.ts";
import { alsoHint } from "../../output/views/cleanup-ends.ts";
import { objectName, someOf } from "../../output/views/names.ts";
import { utc } from "../../output/age.ts";
import { count, grouped, safe } from "../../output/text.ts";
import { ageText, whyText } from "./lines.ts";

const NAMES_SHOWN = 10;

/** Everything that the plan says of one item: a line each, safe to print, as long as they are. */
export function detailLines(item: CleanupItem, { summary }: Pick<CleanupPlan, "summary">): string[] {
  const { object, owner, state, because, finishedAt } = item;
  const field = (name: string, value: string): string => safe(`${name.padEnd(10)} ${value}`);
  const place = object.namespace === null ? "" : ` (${object.namespace})`;
  return [
    safe(`${objectName(object)}${place}`),
    "",
    field("Owner", owner === null ? "none" : objectName(owner)),
    field("State", `${state}: ${because}`),
    field("Finished", finishedAt === null ? "not known" : utc(finishedAt)),
    field("Age", ageText(item)),
    field("uid", object.uid ?? "not known"),
    ...(item.decision === "delete" ? [] : [field("But", whyText(item))]),
    "",
    ...endsLines(item, summary),
    ...waysLines(item, summary),
    "",
    ...(item.dependents.length === 0 ? ["Owns nothing that was seen."] : ["Goes along:", ...treeLines(item)]),
  ];
}

/** What else could be done about what made it. */
function waysLines({ owner }: CleanupItem, { otherWays }: CleanupPlan["summary"]): string[] {
  return alsoHint(otherWays.filter(({ object }) => object.uid !== null && object.uid === owner?.uid));
}

function endsLines({ ends }: CleanupItem, { rotate }: CleanupPlan["summary"]): string[] {
  const { exposures, closed, tokens, savesHours } = ends;
  if (exposures.length === 0) return ["Ends no exposure that was found."];
  const names = new Map(rotate.map(({ id, name }) => [id, name]));
  const named = exposures.flatMap((id) => names.get(id) ?? []);
  const saves =
    savesHours === null
      ? "24 credential-hours a day and more, without an end"
      : `${grouped(Math.round(savesHours))} credential-hours`;
  return [
    `Alone it ends ${count(closed.length, "exposure")} and narrows ${grouped(exposures.length - closed.length)}.`,
    ...(tokens === 0 ? [] : [`Ends ${count(tokens, "token")}.`]),
    `Alone it saves ${saves}.`,
    ...(named.length === 0 ? [] : [safe(`Carries ${someOf([...new Set(named)], NAMES_SHOWN)}.`)]),
  ];
}

/** Owners before what they own; other owners and finalizers are said. */
function treeLines({ object, dependents }: CleanupItem): string[] {
  const children = Map.groupBy(dependents, ({ owner }) => owner);
  // What the plan lists below itself would have no end here.
  const open = new Set<string>();
  const below = (owner: string): string[] => {
    const found = open.has(owner) ? [] : (children.get(owner) ?? []);
    open.add(owner);
    const lines = found.flatMap((one, at) => {
      const last = at === found.length - 1;
      const more = one.object.uid === null ? [] : below(one.object.uid);
      return [`${last ? "└─" : "├─"} ${titleOf(one)}`, ...more.map((line) => (last ? "   " : "│  ") + line)];
    });
    open.delete(owner);
    return lines;
  };
  return below(object.uid ?? "");
}

function titleOf({ object, shared, finalizers, needsChoice }: Dependent): string {
  const notes = [
    ...(needsChoice ? ["is no pod of it"] : []),
    ...(shared ? ["has other owners"] : []),
    ...finalizers.map((one) => `finalizer ${one}`),
  ];
  return safe(`${objectName(object)}${notes.length === 0 ? "" : `  (${notes.join(", ")})`}`);
}
