import type { CleanupItem, EndsTogether } from "../../model/cleanup.ts";
import { count, grouped } from "../../output/text.ts";

/** `18 jobs, 18 pods, 2 other things`: what goes, with what goes along, each object once. */
export function goingText(items: readonly CleanupItem[]): string {
  const numbers = going(items);
  const parts = [
    ...(numbers.jobs === 0 ? [] : [count(numbers.jobs, "job")]),
    ...(numbers.pods === 0 ? [] : [count(numbers.pods, "pod")]),
    ...(numbers.others === 0 ? [] : [count(numbers.others, "other thing")]),
  ];
  return parts.length === 0 ? "nothing" : parts.join(", ");
}

/** Objects that go, chosen ones and what goes along, each once. */
export function going(items: readonly CleanupItem[]) {
  const seen = new Set<string>();
  const numbers = { jobs: 0, pods: 0, others: 0 };
  for (const item of items) {
    for (const { object, resource } of [item, ...item.dependents]) {
      if (object.uid !== null && seen.has(object.uid)) continue;
      if (object.uid !== null) seen.add(object.uid);
      if (resource.group === "" && resource.resource === "pods") numbers.pods += 1;
      else if (resource.group === "batch" && resource.resource === "jobs") numbers.jobs += 1;
      else numbers.others += 1;
    }
  }
  return numbers;
}

/** What that ends, in parts of a sentence. */
export function endsParts({ exposures, exposuresClosed, tokens, savesHoursAMonth }: EndsTogether): string[] {
  if (exposures === 0) return ["ends no exposure that was found"];
  const narrowed = exposures - exposuresClosed;
  const also = tokens === 0 ? "" : ` and ${count(tokens, "token")}`;
  return [
    `ends ${count(exposuresClosed, "exposure")}${also}${narrowed === 0 ? "" : `, narrows ${grouped(narrowed)}`}`,
    `saves ≈ ${grouped(Math.round(savesHoursAMonth))} credential-hours in 30 days`,
  ];
}
