import type { CleanupItem, CleanupPlan } from "../../model/cleanup.ts";
import { objectName, objectWithNamespace } from "../../output/views/names.ts";
import { safe } from "../../output/text.ts";

/** The line of an owner, with the places of its items in the list. */
export interface OwnerRow {
  kind: "owner";
  title: string;
  items: number[];
}

/** The line of a Job or pod. */
export interface ItemRow {
  kind: "item";
  item: CleanupItem;
  /** `job/backup-29890`, safe to print. */
  title: string;
  /** Place of its owner's line in the list. */
  owner: number;
  /** What a filter looks in, in lower case. */
  words: string;
}

export type Row = OwnerRow | ItemRow;

/** The plan as lines: each owner once, in the order of the plan, with its items below it. */
export function rowsOf({ items }: Pick<CleanupPlan, "items">): Row[] {
  const rows: Row[] = [];
  for (const group of Map.groupBy(items, ownerKey).values()) {
    const title = ownerTitle(group[0]!);
    const owner = rows.push({ kind: "owner", title, items: [] }) - 1;
    const places = group.map((item) => rows.push(itemRow(item, owner, title)) - 1);
    rows[owner] = { kind: "owner", title, items: places };
  }
  return rows;
}

function itemRow(item: CleanupItem, owner: number, ownerTitle: string): ItemRow {
  const title = safe(objectName(item.object));
  const reason = item.refusedBecause ?? item.needsBecause ?? "";
  const { namespace } = item.object;
  const words = [title, namespace ?? "", ownerTitle, item.state, item.refusal ?? "", reason].join(" ").toLowerCase();
  return { kind: "item", item, title, owner, words };
}

function ownerKey({ owner, object }: CleanupItem): string {
  return JSON.stringify([object.namespace, owner?.kind ?? null, owner?.name ?? null, owner?.uid ?? null]);
}

function ownerTitle({ owner, object }: CleanupItem): string {
  if (owner !== null) return safe(objectWithNamespace(owner));
  return safe(object.namespace === null ? "no owner" : `no owner (${object.namespace})`);
}
