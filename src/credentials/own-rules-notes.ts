import { isLive } from "./own-rules.ts";
import type { OwnRules } from "./own-rules.ts";

const PREFIX = "Rules file ";

/** True for a note that ownNotes made, in this run or when the evidence was captured. */
export function isOwnNote(note: string): boolean {
  return note.startsWith(PREFIX);
}

/** Which entries had a say, which never had, and which were not asked; `namespaces` null: all were looked at. */
export function ownNotes(
  rules: OwnRules,
  { now, fresh, namespaces }: { now: number; fresh: boolean; namespaces: readonly string[] | null },
): string[] {
  const { file, names, notNames, patterns, allow, trust, used } = rules;
  const expired = [...allow, ...trust].filter((entry) => !isLive(entry, now));
  const unasked = fresh ? [] : [...patterns, ...allow.filter(({ isValue }) => isValue !== null)];
  const idle = [...names, ...notNames, ...patterns, ...allow, ...trust].filter(
    (entry) =>
      !used.has(entry.id) &&
      ![...expired, ...unasked].some(({ id }) => id === entry.id) &&
      (namespaces === null || namespaces.some((namespace) => entry.inNamespace(namespace))),
  );
  const counts = [...used].map(([id, times]) => `${id} (${String(times)})`);
  const ids = (entries: readonly { id: string }[]): string => entries.map(({ id }) => id).join(", ");
  return [
    ...(counts.length === 0 ? [] : [`${PREFIX}${file}: used, with how often: ${inOrder(counts).join(", ")}`]),
    ...(expired.length === 0
      ? []
      : [
          `${PREFIX}${file}: ${ids(expired)} ${expired.length === 1 ? "is" : "are"} past "until", and no longer honoured`,
        ]),
    ...(unasked.length === 0
      ? []
      : [`${PREFIX}${file}: ${ids(unasked)} hang on values, which a snapshot does not hold, and were left out`]),
    ...(idle.length === 0
      ? []
      : [`${PREFIX}${file}: never matched in this evidence: ${ids(idle)}; correct or remove what is not needed`]),
  ];
}

const LISTS = ["names", "notNames", "patterns", "allow", "trustAnnotations"];

function inOrder(counts: readonly string[]): string[] {
  const rank = (text: string): number => LISTS.indexOf(/^\w+/.exec(text)?.[0] ?? "");
  const index = (text: string): number => Number(/\[(\d+)\]/.exec(text)?.[1]);
  return counts.toSorted((a, b) => rank(a) - rank(b) || index(a) - index(b));
}
