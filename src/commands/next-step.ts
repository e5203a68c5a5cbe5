import { WHAT_ELSE_GOES } from "../cleanup/plan/tree.ts";
import type { BlindSpot } from "../model/snapshot.ts";

/** A ClusterRole by its name, and the command that prints it. */
function roleHint(name: string): string {
  return `ClusterRole cronaudit-${name} (kubectl cronaudit explain cronaudit-${name})`;
}

/** The last line under blind spots: how to see what they hide. `verb` is empty for the triage. */
export function howToSeeMore(
  all: readonly BlindSpot[],
  { verb, namespace }: { verb: string; namespace: string | null },
): string {
  const spots = all.filter((spot) => !isAboutOwned(spot));
  if (spots.length === 0 && all.length > 0) return howToSeeOwned(all);
  const missing = new Set(spots.filter(({ reason }) => reason === "NotInEvidence").map(({ resource }) => resource));
  if (missing.size > 0)
    return `Next: add to the evidence what kubectl get ${[...missing].join(",")} -A -o json prints.`;
  if (spots.every(({ reason }) => reason === "Unreadable")) {
    return "Next: correct the objects that the notes name, or capture the cluster itself.";
  }
  // With -n, or where only single namespaces were asked for, there is nothing left to narrow.
  const narrower = namespace === null && spots.some((spot) => spot.namespace === null) ? ", or narrow with -n" : "";
  const forbidden = spots.filter(({ reason }) => reason === "Forbidden");
  if (forbidden.length > 0) {
    const only = (kind: string): boolean => forbidden.every(({ resource }) => resource === kind);
    const role = only("pods/log") ? "scan-logs" : only("secrets") ? "list-secrets" : verb || "triage";
    return `Next: ask for ${roleHint(role)}${narrower}.`;
  }
  return `Next: try again; -v6 shows the requests${narrower}.`;
}

function isAboutOwned({ blinds }: BlindSpot): boolean {
  return blinds.includes(WHAT_ELSE_GOES);
}

/** What a Job or pod owns is only seen in the cluster, kind by kind. */
function howToSeeOwned(spots: readonly BlindSpot[]): string {
  const accept = "or accept what is not seen with --yes-unseen.";
  if (spots.some(({ reason }) => reason === "NotInEvidence")) return `Next: plan against the cluster itself, ${accept}`;
  if (spots.every(({ reason }) => reason !== "Forbidden")) return `Next: try again, ${accept}`;
  return `Next: ask for ${roleHint("dependents")}, ${accept}`;
}
