import type { ExposureItem, Reader } from "../../model/report.ts";

/**
 * Items that differ only in the run they stand in, such as the tokens of one account in each of a CronJob's pods, as one.
 * The first keeps its place; hours add up, windows unite, readers are those of any.
 */
export function foldAlike(items: readonly ExposureItem[]): ExposureItem[] {
  const alike = Map.groupBy(items, ({ severity, credential, workload }) =>
    credential.serviceAccount === null
      ? {}
      : JSON.stringify([severity, credential.kind, credential.name, workload.kind, workload.namespace, workload.name]),
  );
  return [...alike.values()].map((group) => (group.length === 1 ? group[0]! : united(group)));
}

function united(group: ExposureItem[]): ExposureItem {
  const first = group[0]!;
  const sum = (pick: (item: ExposureItem) => number | null): number | null =>
    group.reduce<number | null>((total, item) => add(total, pick(item)), 0);
  const latest = (pick: (item: ExposureItem) => string | null): string | null =>
    group.reduce<string | null>((last, item) => later(last, pick(item)), pick(first));
  return {
    ...first,
    credential: { ...first.credential, name: `${group.length} × ${first.credential.name}` },
    fix: `${first.fix}; the other ${group.length - 1} likewise`,
    carriers: group.flatMap(({ carriers }) => carriers),
    opens: group.map(({ opens }) => opens).sort()[0]!,
    closes: latest(({ closes }) => closes),
    neededUntil: latest(({ neededUntil }) => neededUntil),
    atRestHours: {
      soFar: sum(({ atRestHours }) => atRestHours.soFar) ?? 0,
      projected: sum(({ atRestHours }) => atRestHours.projected),
    },
    readers: unitedReaders(group),
  };
}

function unitedReaders(group: ExposureItem[]): ExposureItem["readers"] {
  const bySubject = new Map<string, Reader>();
  for (const reader of group.flatMap(({ readers }) => readers.items)) {
    const key = JSON.stringify(reader.subject);
    const known = bySubject.get(key);
    bySubject.set(
      key,
      known === undefined || (reader.provedSince ?? "~") < (known.provedSince ?? "~") ? reader : known,
    );
  }
  return {
    everyone: group.some(({ readers }) => readers.everyone),
    count: group.some(({ readers }) => readers.count === null) ? null : bySubject.size,
    items: [...bySubject.values()],
    folded: Math.max(...group.map(({ readers }) => readers.folded)),
  };
}

/** Null is a sum without end. */
function add(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

/** Null is no end, which is later than any. */
function later(a: string | null, b: string | null): string | null {
  return a === null || b === null ? null : a > b ? a : b;
}
