import type { ObjectRef } from "../../model/object.ts";
import type { Writer } from "../../model/api.ts";
import { byLabels, type Labelled } from "./by-labels.ts";
import { inWordsOf, LAB_KINDS, objectPath } from "./kinds.ts";
import type { Made } from "./make.ts";
import { whatRemains } from "./run.ts";
import { teardown, type Tearing, type Torn } from "./teardown.ts";

/** What became of the cleanup of one run. */
export interface Cleaned {
  run: string;
  torn: Torn;
  /** Null: it could not be told. */
  remains: ObjectRef[] | null;
}

/**
 * Takes one run down: what its journal names, and then what carries its labels and stands in its namespaces. `journalled` null: there
 * is no journal, and labels have to do.
 */
export async function cleanRun(
  journalled: readonly Made[] | null,
  tearing: Omit<Tearing, "api"> & { api: Pick<Writer, "get" | "list" | "remove"> },
): Promise<Cleaned> {
  const { api, run } = tearing;
  const torn = await teardown(journalled ?? [], tearing);
  const { found, unseen } = await byLabels(api, run);
  const more = await teardown(inOrder(found.filter(({ isOurs }) => isOurs)), tearing);
  const others = found.filter(({ isOurs }) => !isOurs);
  const together: Torn = {
    deleted: torn.deleted + more.deleted,
    alreadyGone: torn.alreadyGone,
    notOurs: [...new Set([...torn.notOurs, ...more.notOurs, ...others.map(strangerText)])],
    failed: [...new Map([...torn.failed, ...more.failed].map((one) => [objectPath(one.object), one])).values()],
  };
  const isBlind = unseen.length > 0;
  return { run, torn: together, remains: isBlind ? null : await whatRemains(api, run, together) };
}

/** What carries a run's label and is none of the run's. */
export function strangerText({ object, run }: Labelled): string {
  return `${inWordsOf(object)} carries the label of ${run} outside of a lab's namespaces, and was left alone`;
}

function inOrder(found: readonly Labelled[]): Made[] {
  const rank = ({ object }: Labelled): number => LAB_KINDS.findIndex(({ kind }) => kind === object.kind);
  return found.toSorted((a, b) => rank(a) - rank(b)).map(({ object, uid }) => ({ object, uid }));
}
