import { EvidenceError } from "../evidence/errors.ts";
import type { CleanupChange, CleanupPlan } from "../model/cleanup.ts";
import type { ChangeDone, ChosenItem, Done, EvidenceFile, JournalStep, Verdict } from "../model/journal.ts";
import { preserve } from "./bundle/preserve.ts";
import type { PreserveOptions } from "./bundle/preserve.ts";
import type { Wanted } from "./bundle/fetch.ts";
import { changedObjects, makeChanges } from "./changes/index.ts";
import { execute } from "./execute.ts";
import type { Journal } from "./journal.ts";
import type { Kept } from "./recheck.ts";
import { countOutcomes } from "./result.ts";
import { AS_BEFORE, isDeleted, PATIENCE, verify } from "./verify.ts";
import type { Patience } from "./verify.ts";
import type { Work } from "./work.ts";

/** How far a cleanup has come; it is filled while it goes, so that it is there when the run ends early. */
export interface Run {
  chosen: readonly ChosenItem[];
  evidence: EvidenceFile | null;
  done: Map<string, Done>;
  verified: Map<string, Verdict>;
  /** uids of which a deletion was asked for before, without an answer in the journal. */
  asked: ReadonlySet<string>;
  /** What the evidence lacks although it was to hold it: logs that could not be read, events. One sentence each. */
  gaps: readonly string[];
  /** What is changed besides, and how far that is; see changes/. */
  changes: readonly CleanupChange[];
  changed: Map<string, ChangeDone>;
  changesAsked: ReadonlySet<string>;
  vouched: Map<string, string>;
}

/** A cleanup from its beginning. */
export function newRun(chosen: readonly ChosenItem[], changes: readonly CleanupChange[] = []): Run {
  const deletions = {
    chosen,
    evidence: null,
    done: new Map(),
    verified: new Map(),
    asked: new Set<string>(),
    gaps: [],
  };
  return { ...deletions, changes, changed: new Map(), changesAsked: new Set(), vouched: new Map() };
}

/** The first lines: who does what by which plan, and every chosen object. Nothing is deleted before they are on the disk. */
export async function begin(
  journal: Journal,
  plan: Omit<CleanupPlan, "items">,
  { chosen }: Pick<Run, "chosen">,
  head: Pick<Extract<JournalStep, { step: "begin" }>, "tool" | "operator">,
): Promise<void> {
  await journal.writeAll([
    { step: "begin", formatVersion: 1, ...head, plan, chosen: chosen.length },
    ...chosen.map((item): JournalStep => ({ step: "chosen", item })),
  ]);
}

/** Writes the evidence of what was chosen, of all that goes along and of what is changed; throws where that fails, and nothing is deleted then. */
export async function keep(run: Run, options: PreserveOptions, work: Work): Promise<Map<string, string>> {
  const objects = new Map<string, Wanted>();
  for (const item of run.chosen) {
    for (const { object, resource } of [item, ...item.dependents]) objects.set(object.uid ?? "", { object, resource });
  }
  for (const { object, resource } of changedObjects(run)) objects.set(object.uid ?? "", { object, resource });
  const kept = await preserve(work.api, { objects: [...objects.values()] }, options);
  const { path, sha256, versions, missing, gaps } = kept;
  run.evidence = { path, sha256 };
  run.gaps = gaps;
  await work.reached("evidence");
  await work.journal?.write({
    step: "evidence",
    evidence: run.evidence,
    missing: missing.map(({ object, because }) => ({ uid: object.uid ?? "", because })),
    gaps,
  });
  return versions;
}

/** Deletes and changes what is left of the run, and reads what became of it. Throws Stopped where it can go no further. */
export async function finish(run: Run, kept: Kept, work: Work, patience: Patience = PATIENCE): Promise<void> {
  if (work.journal !== null && kept === null) throw new EvidenceError("nothing is deleted without its evidence", "");
  const { chosen, done, verified, asked } = run;
  await makeChanges(run, "before", kept, work);
  await execute(chosen, { kept, asked, done }, work);
  if (work.journal === null) return makeChanges(run, "after", kept, work);
  const open = chosen.filter(
    ({ object }) => isDeleted(done.get(object.uid ?? "")) && !isSettled(run, object.uid ?? ""),
  );
  const found = byTtl(await verify(open, done, work, patience), work);
  await work.journal.writeAll([...found].map(([uid, verdict]) => ({ step: "verified", uid, ...verdict })));
  for (const [uid, verdict] of found) verified.set(uid, verdict);
  await makeChanges(run, "after", kept, work);
  await work.reached("end");
  const ends = chosen.flatMap(({ object }) => verified.get(object.uid ?? "") ?? done.get(object.uid ?? "") ?? []);
  await work.journal.write({ step: "end", byOutcome: countOutcomes(ends) });
  await work.reached("ended");
}

/** A TTL that stands and that nobody acts on is no deletion that was taken. */
function byTtl(found: ReadonlyMap<string, Verdict>, { rules }: Work): ReadonlyMap<string, Verdict> {
  if (rules.by !== "ttl") return found;
  const because = "its TTL was set to 0, and it was not seen to go: the TTL controller deletes it, if it runs";
  return new Map([...found].map(([uid, one]) => [uid, one.because === AS_BEFORE ? { ...one, because } : one]));
}

/** Read as gone once is enough; what was still there is read again. */
function isSettled({ verified }: Run, uid: string): boolean {
  const verdict = verified.get(uid);
  return (
    verdict !== undefined &&
    ["gone", "already-gone", "replaced"].includes(verdict.outcome) &&
    verdict.dependentsLeft.length === 0
  );
}
