import type { Journal } from "../../cleanup/journal.ts";
import type { LabJournalStep } from "../../model/lab-journal.ts";

/** The record of a lab, by which it can be taken down whenever it ended. */
export type LabJournal = Pick<Journal<LabJournalStep>, "write">;
