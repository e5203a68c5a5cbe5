import type { Selection } from "../src/model/selection.ts";

/** What somebody asks who names nothing and filters nothing. */
export function everything(parts: Partial<Selection> = {}): Selection {
  return {
    objects: [],
    subjects: [],
    labels: [],
    fields: [],
    all: false,
    showIgnored: false,
    allReaders: false,
    severityAtLeast: null,
    ...parts,
  };
}
