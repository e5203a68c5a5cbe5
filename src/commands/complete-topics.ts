import type { Candidate } from "../cli/completion/candidate.ts";

/** Everything that `explain` explains, or the adversaries alone, each with its sentence; no judgement is loaded for it. */
export async function topicNames(kind: "topic" | "adversary"): Promise<Candidate[]> {
  const { TOPIC_NAMES } = await import("../explain/names.generated.ts");
  const wanted = TOPIC_NAMES.filter(([, one]) => kind === "topic" || one === kind);
  return wanted.map(([word, , description]) => ({ word, description }));
}
