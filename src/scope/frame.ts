import type { BlindSpot, Metadata, Snapshot } from "../model/snapshot.ts";
import { blindSpotsFor, type Need } from "./seen.ts";

/** The parts of a report that come from the evidence and not from judgement. */
export interface Frame {
  apiVersion: "cronaudit/v1";
  metadata: Metadata;
  complete: boolean;
  blindSpots: BlindSpot[];
  notes: string[];
}

/** What stands around a report that is judged from these kinds: complete only when nothing of them was hidden. */
export function frame(snapshot: Snapshot, needs: readonly Need[], notes: readonly string[] = []): Frame {
  const blindSpots = blindSpotsFor(snapshot, needs);
  return {
    apiVersion: "cronaudit/v1",
    metadata: snapshot.metadata,
    complete: blindSpots.length === 0,
    blindSpots,
    notes: [...snapshot.notes, ...notes],
  };
}
