import { readEvidence } from "../../src/evidence/file.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";

/** The moment at which every case is judged. */
export const TAKEN_AT = "2026-11-22T12:00:00Z";

/** Objects of a case as `-f` reads them, but as all there is of their kinds; kinds that the file does not have were not seen. */
export async function readCluster(path: string): Promise<Snapshot> {
  const dump = await readEvidence({ path }, { now: new Date(TAKEN_AT), toolVersion: "0.0.0", fingerprintKey: null });
  return { ...dump, source: "cluster" };
}
