import { EvidenceError } from "../evidence/errors.ts";
import { verifyBundle } from "./bundle/verify.ts";
import type { Run } from "./carry-out.ts";
import { changeKey, isSettled } from "./changes/index.ts";
import type { JournalState } from "./read-journal.ts";

/** The run as its journal left it. Throws EvidenceError where it was cut off before it knew what was chosen. */
export function runOf(state: JournalState, name: string): Run {
  if (!state.isChoiceWhole) {
    throw new EvidenceError(
      `${name} ends before all that was chosen stands in it: nothing was deleted by it`,
      "Run the cleanup again.",
    );
  }
  const { items, evidence, done, verified, open, gaps, changed, changesOpen, vouched } = state;
  const { changes } = state.begin.plan;
  const deletions = { chosen: items, evidence, done, verified, asked: open, gaps };
  return { ...deletions, changes, changed, changesAsked: changesOpen, vouched };
}

/**
 * What the run's evidence holds: resourceVersions by uid, out of the file on the disk, which has to be the one that the journal
 * names. Throws EvidenceError where it is not whole; then nothing more may be deleted.
 */
export async function keptIn(
  bytes: AsyncIterable<Buffer>,
  { path, sha256 }: { path: string; sha256: string },
): Promise<Map<string, string>> {
  const found = await verifyBundle(bytes, path);
  if (found.sha256 !== sha256) {
    throw new EvidenceError(
      `${path} is not the evidence that the journal names`,
      "Put that file back; without it nothing more is deleted.",
    );
  }
  const objects = found.manifest.parts.flatMap(({ object }) => object ?? []);
  return new Map(objects.map(({ uid, resourceVersion }) => [uid ?? "", resourceVersion]));
}

/** True where every chosen object has been settled, and read as gone where it was deleted, and it is known what became of every change. */
export function isOver({ ended }: JournalState, { chosen, done, verified, changes, changed }: Run): boolean {
  return (
    ended &&
    changes.every(({ way, object }) => isSettled({ changed }, changeKey({ way, uid: object.uid }))) &&
    chosen.every(({ object }) => {
      const uid = object.uid ?? "";
      const { outcome } = verified.get(uid) ?? done.get(uid) ?? { outcome: "unknown" };
      return outcome !== "going" && outcome !== "unknown" && (verified.get(uid)?.dependentsLeft.length ?? 0) === 0;
    })
  );
}
