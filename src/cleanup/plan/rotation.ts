import { LITERAL_CLASSES } from "../../exposure/class.ts";
import { compareTimes } from "../../exposure/windows.ts";
import type { Rotation } from "../../model/cleanup.ts";
import type { Touched } from "./ends.ts";

/**
 * Credentials whose text stood where others read it: whoever read it still has it, so they have to be made anew whatever is
 * deleted. What everyone reads comes first, then by readers and age.
 */
export function rotations(touched: readonly Touched[]): Rotation[] {
  return touched
    .filter(({ judged }) => judged.carriers.some(({ rule }) => LITERAL_CLASSES.has(rule.id)))
    .map(({ judged: { item } }): Rotation => {
      const { name, kind, ref } = item.credential;
      const { count, everyone } = item.readers;
      return { id: item.id, name, kind, ref, since: item.opens, readers: count, everyone };
    })
    .sort(worstFirst);
}

function worstFirst(a: Rotation, b: Rotation): number {
  return (
    Number(b.everyone) - Number(a.everyone) ||
    (b.readers ?? Infinity) - (a.readers ?? Infinity) ||
    compareTimes(a.since, b.since) ||
    (a.id < b.id ? -1 : 1)
  );
}
