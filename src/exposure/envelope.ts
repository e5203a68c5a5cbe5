import type { BlindSpot, Metadata, Resource, Snapshot } from "../model/snapshot.ts";
import { blindSpotsFor } from "../rbac/seen.ts";

/** What a report of exposures is judged from. */
export const EXPOSURE_NEEDS: readonly Resource[] = [
  "cronjobs",
  "jobs",
  "pods",
  "serviceaccounts",
  "roles",
  "rolebindings",
  "clusterroles",
  "clusterrolebindings",
];

/** The parts of a report that come from the evidence and not from judgement. */
export interface Frame {
  apiVersion: "cronaudit/v1";
  metadata: Metadata;
  complete: boolean;
  blindSpots: BlindSpot[];
  notes: string[];
}

/** Complete only when nothing that the report needs was hidden. */
export function frame(snapshot: Snapshot, notes: readonly string[]): Frame {
  // A scope of some namespaces is the whole question when it was asked for, and a blind spot says when it was not.
  const needs = snapshot.metadata.scope.namespaces === null || !snapshot.collected.includes("namespaces");
  const blindSpots = blindSpotsFor(snapshot, needs ? EXPOSURE_NEEDS : ["namespaces", ...EXPOSURE_NEEDS]);
  return {
    apiVersion: "cronaudit/v1",
    metadata: snapshot.metadata,
    complete: blindSpots.length === 0,
    blindSpots,
    notes: [...snapshot.notes, ...notes],
  };
}
