import type { Candidate, NameKind } from "../cli/completion/candidate.ts";
import type { Line } from "../cli/completion/line.ts";
import { optionsOf } from "../cli/completion/line.ts";
import type { Io } from "../cli/io.ts";

/** What names are looked up by: the line, until when, and what is to be called before somebody else has to answer. */
export interface Lookup {
  line: Line;
  io: Io;
  signal: AbortSignal;
  /** Milliseconds from `startWaiting` on. */
  patienceMs: number;
  startWaiting(): void;
}

/** Names of one kind, from where the line says that evidence comes from; may throw, and take longer than the signal. */
export async function namesOf(kind: NameKind, lookup: Lookup): Promise<readonly Candidate[]> {
  const { line, io } = lookup;
  if (kind === "topic" || kind === "adversary") return (await import("./complete-topics.ts")).topicNames(kind);
  if (kind === "context" || kind === "cluster" || kind === "user") {
    const { kubeconfigNames } = await import("./complete-kubeconfig.ts");
    return kubeconfigNames(kind, line.given.get("kubeconfig")?.at(-1) ?? null, io.env);
  }
  const options = optionsOf(line.given);
  if (options.filename !== null) return (await import("./complete-file.ts")).fileNames(kind, options, io);
  const { clusterNames } = await import("./complete-cluster.ts");
  return clusterNames(kind, lookup);
}

/** Kinds whose names evidence holds. */
export type EvidenceKind = Exclude<NameKind, "topic" | "adversary" | "context" | "cluster" | "user">;

/** A name, and the namespace that it is in. */
export interface Found {
  name: string;
  namespace: string | null;
}

/** Names in order, each once, with the namespaces that have one of that name. */
export function byName(found: readonly Found[]): Candidate[] {
  const named = found.filter(({ name }) => name !== "");
  const grouped = Map.groupBy(named, ({ name }) => name);
  return [...grouped.keys()].sort().map((word) => {
    const places = [...new Set(grouped.get(word)!.map(({ namespace }) => namespace ?? ""))].filter((one) => one !== "");
    const more = places.length > 3 ? ` and ${String(places.length - 3)} more` : "";
    return { word, description: places.length === 0 ? "" : `in ${places.slice(0, 3).join(", ")}${more}` };
  });
}
