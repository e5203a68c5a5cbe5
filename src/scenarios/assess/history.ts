import { refOf } from "../../batch/owners.ts";
import type { CredentialHistory, HistoryValue } from "../../model/replay-report.ts";
import type { Job, Literal, Pod } from "../../model/workload.ts";
import { literalsIn, type Run } from "./history-runs.ts";

/** A history with what reports do not print. */
export interface Told {
  history: CredentialHistory;
  /** Recognised as more than possible in one of its runs. */
  isSure: boolean;
  /** It tells more than the newest run does: a past value, or one value over several runs. */
  tells: boolean;
}

/** One value in one run. */
interface Entry {
  run: Run;
  object: Job | Pod;
  literal: Literal;
  objects: number;
}

/**
 * The history of each literal credential in these runs, which come in their order: one for each place and name; where a place
 * holds several of one name, they are told apart by their order in it. Literals without a fingerprint tell nothing.
 */
export function historiesOf(runs: readonly Run[]): Told[] {
  const newest = runs.at(-1);
  const places = new Map<string, Entry[]>();
  for (const run of runs) {
    for (const [place, entries] of entriesOf(run)) places.getOrInsertComputed(place, () => []).push(...entries);
  }
  return [...places.values()].map((entries) => toldBy(entries, newest));
}

/** The values of one run by place: a Job and its pods that hold the same value are one entry. */
function entriesOf(run: Run): Map<string, Entry[]> {
  const places = new Map<string, Entry[]>();
  for (const { object } of run.objects) {
    const counts = new Map<string, number>();
    for (const literal of literalsIn(object)) {
      if (literal.fingerprint === "") continue;
      const field = `${literal.field}\n${literal.name}`;
      const nth = counts.get(field) ?? 0;
      counts.set(field, nth + 1);
      const entries = places.getOrInsertComputed(`${field}\n${String(nth)}`, () => []);
      const same = entries.find((one) => one.literal.fingerprint === literal.fingerprint);
      if (same === undefined) entries.push({ run, object, literal, objects: 1 });
      else same.objects++;
    }
  }
  return places;
}

function toldBy(entries: readonly Entry[], newest: Run | undefined): Told {
  const byValue = [...Map.groupBy(entries, ({ literal }) => literal.fingerprint)];
  const order = new Map(byValue.map(([fingerprint], at) => [fingerprint, at]));
  const [first, last] = [entries[0]!, entries.at(-1)!];
  const history: CredentialHistory = {
    name: last.literal.name,
    kind: last.literal.kind,
    field: last.literal.field,
    values: byValue.map(([fingerprint, its]) => valueOf(fingerprint, its)),
    runs: entries.map(({ run, literal, object }) => ({
      at: run.at,
      value: order.get(literal.fingerprint)!,
      object: refOf(object),
    })),
    from: first.run.at,
    to: last.run.at,
    rotations: entries.filter(
      ({ literal }, at) => at > 0 && literal.fingerprint !== entries[at - 1]!.literal.fingerprint,
    ).length,
  };
  return {
    history,
    isSure: entries.some(({ literal }) => literal.confidence !== "possible"),
    tells: byValue.length > 1 || first.run !== last.run || last.run !== newest,
  };
}

function valueOf(fingerprint: string, entries: readonly Entry[]): HistoryValue {
  const [first, last] = [entries[0]!, entries.at(-1)!];
  return {
    fingerprint,
    firstRun: refOf(first.object),
    firstAt: first.run.at,
    lastRun: refOf(last.object),
    lastAt: last.run.at,
    runs: entries.reduce((sum, { objects }) => sum + objects, 0),
  };
}
