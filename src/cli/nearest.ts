/** Edit distance that counts a transposition of neighbours as one (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, substitution);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

/** The candidate that was probably meant by `typed`, or null when none is near (a third of its letters may differ). */
export function nearest(typed: string, candidates: Iterable<string>): string | null {
  const word = typed.slice(0, 64).toLowerCase();
  if (word === "") return null;
  let best: { name: string; score: number } | null = null;
  for (const name of candidates) {
    const score = name.startsWith(word) && word.length >= 2 ? 0.5 : distance(word, name.toLowerCase());
    if (
      score <= Math.max(1, Math.floor(Math.max(word.length, name.length) / 3)) &&
      (best === null || score < best.score)
    ) {
      best = { name, score };
    }
  }
  return best?.name ?? null;
}
