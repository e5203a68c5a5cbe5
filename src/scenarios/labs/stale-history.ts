import { objectAt, objectsAt, stringAt } from "../../evidence/json.ts";
import type { Json } from "../../model/api.ts";
import { nameOf } from "../lab/json.ts";
import type { Canary } from "../lab/stage.ts";
import { VARIABLE } from "./backup.ts";

/** One run as a list of Jobs or of pods tells it: which value it had, by fingerprint; null where it shows none of the lab's. */
export interface ToldRun {
  job: string;
  at: string;
  fingerprint: string | null;
}

/** A history as somebody with pods and jobs get and list rebuilds it. */
export interface ToldHistory {
  /** In the order in which they started. */
  runs: ToldRun[];
  /** Values in the order in which runs first had them, each with its first and last run. */
  values: { fingerprint: string; first: ToldRun; last: ToldRun }[];
  rotations: number;
}

/** The history that Jobs (by their templates) or pods (by their specs) hold, whatever order they come in. */
export function historyOf(objects: readonly Json[], canaries: readonly Canary[]): ToldHistory {
  const runs = objects
    .map((object) => runIn(object, canaries))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.job < b.job ? -1 : 1));
  const values = new Map<string, ToldHistory["values"][number]>();
  for (const run of runs) {
    if (run.fingerprint === null) continue;
    const known = values.get(run.fingerprint);
    if (known === undefined) values.set(run.fingerprint, { fingerprint: run.fingerprint, first: run, last: run });
    else known.last = run;
  }
  const seen = runs.flatMap(({ fingerprint }) => fingerprint ?? []);
  const rotations = seen.filter((fingerprint, index) => index > 0 && fingerprint !== seen[index - 1]).length;
  return { runs, values: [...values.values()], rotations };
}

function runIn(object: Json, canaries: readonly Canary[]): ToldRun {
  const spec = objectAt(object, "spec");
  const template = objectAt(objectAt(spec, "template"), "spec");
  const containers = objectsAt(template ?? spec, "containers").map(([container]) => container);
  const variables = containers.flatMap((container) => objectsAt(container, "env").map(([variable]) => variable));
  const value = stringAt(
    variables.find(({ name }) => name === VARIABLE),
    "value",
  );
  const owner = objectsAt(objectAt(object, "metadata"), "ownerReferences").find(([{ kind }]) => kind === "Job")?.[0];
  return {
    job: stringAt(owner, "name") ?? nameOf(object),
    at: stringAt(objectAt(object, "status"), "startTime") ?? "",
    fingerprint: value === null ? null : (canaries.find((canary) => canary.is(value))?.fingerprint ?? null),
  };
}
