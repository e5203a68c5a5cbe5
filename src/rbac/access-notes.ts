import type { AccessItem } from "../model/report.ts";
import type { AccessQuestion } from "../model/selection.ts";
import type { Snapshot } from "../model/snapshot.ts";

/** What has to be said of a report of access: what was not asked, and what no evidence shows. */
export function notesFor(
  snapshot: Snapshot,
  items: readonly AccessItem[],
  { maxHops, secret }: AccessQuestion,
): string[] {
  const { namespaces } = snapshot.metadata.scope;
  const notes: string[] = [];
  if (maxHops === 0) notes.push("Direct reads alone: what escalation adds was not asked for.");
  else if (maxHops !== null)
    notes.push(`Chains of more than ${String(maxHops)} ${maxHops === 1 ? "hop" : "hops"} were not followed.`);
  if (snapshot.otherAuthorizers === true) {
    notes.push(
      "The server also asks authorizers that RBAC does not show (a webhook, a cloud): a reach is at least this.",
    );
  }
  if (items.some(({ reachIsBound }) => reachIsBound)) {
    notes.push(
      "Not everything was seen that decides access: a reach may be more than was found, and none found is not none.",
    );
  }
  if (namespaces !== null && namespaces.length > 0 && !snapshot.beyondScope.includes("rolebindings")) {
    notes.push(`RoleBindings of other namespaces than ${namespaces.join(", ")} were not looked at.`);
  }
  if (secret !== null && !snapshot.collected.includes("secrets")) {
    notes.push("Whether that Secret exists was not asked: Secrets were not listed (--list-secrets).");
  }
  if (items.some(({ subject }) => subject.kind === "User")) {
    notes.push(
      "Groups of a user come from the certificate or identity provider: what they add is not in the evidence.",
    );
  }
  return notes;
}
