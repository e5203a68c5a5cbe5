/**
 * Sentences that differ only in whole numbers and in the names of objects, as one: `goes after 9 to 11 more runs`,
 * `with its job`. Null where they differ in more than that. There is at least one sentence.
 */
export function inOne(sentences: readonly string[]): string | null {
  const [first = "", ...others] = new Set(sentences);
  if (others.length === 0) return first;
  const rows = [first, ...others].map((sentence) => sentence.split(" "));
  const width = rows[0]!.length;
  if (rows.some((row) => row.length !== width)) return null;
  const words = rows[0]!.map((_, at) => word(rows.map((row) => row[at]!)));
  if (words.includes(null)) return null;
  return words.join(" ").replaceAll("its its ", "its ");
}

/** One word for all, or null. */
function word(variants: readonly string[]): string | null {
  const [first = ""] = variants;
  if (variants.every((one) => one === first)) return first;
  if (variants.every((one) => one === "run" || one === "runs")) return "runs";
  if (variants.every((one) => /^\d+$/.test(one))) {
    const numbers = variants.map(Number);
    return `${String(Math.min(...numbers))} to ${String(Math.max(...numbers))}`;
  }
  const [kind = null, ...otherKinds] = new Set(variants.map(kindOf));
  return otherKinds.length === 0 ? kind : null;
}

/** `its job:` for `job/backup-1:`. */
function kindOf(word: string): string | null {
  const match = /^(cronjob|job|pod)\/[^:;,]+([:;,]?)$/.exec(word);
  return match === null ? null : `its ${match[1]!}${match[2]!}`;
}
