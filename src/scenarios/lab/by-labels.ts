import { survivable } from "../../evidence/scope.ts";
import type { Api, Json } from "../../model/api.ts";
import type { LabObject } from "../../model/lab-journal.ts";
import { LAB_KINDS, type LabKind } from "./kinds.ts";
import { listed } from "./listed.ts";
import { labelsOf, RUN_LABEL, runOfNamespace } from "./names.ts";

/** An object that carries the label of a run. */
export interface Labelled {
  object: LabObject;
  uid: string;
  run: string;
  /** Whether it stands in a namespace that is a run's by name and labels, or is one; whatever else carries the label is left alone. */
  isOurs: boolean;
}

/** What carries the label, and the kinds that could not be listed, each with the reason. */
export interface ByLabels {
  found: Labelled[];
  unseen: { kind: LabKind; because: string }[];
}

/** Lists by the run's label, metadata alone, in the whole cluster; `run` null: of every run. Throws ApiError where nothing can be asked. */
export async function byLabels(api: Pick<Api, "list">, run: string | null): Promise<ByLabels> {
  const labelSelector = run === null ? RUN_LABEL : `${RUN_LABEL}=${run}`;
  const result: ByLabels = { found: [], unseen: [] };
  for (const kind of LAB_KINDS) {
    try {
      const items = await listed(api, kind, { namespace: null, labelSelector });
      result.found.push(...items.flatMap((item) => labelledOf(kind, item)));
    } catch (error) {
      const { status, message } = survivable(error);
      // Without an answer each further list would wait as long.
      const asked = status === null ? LAB_KINDS.slice(LAB_KINDS.indexOf(kind)) : [kind];
      result.unseen.push(...asked.map((one) => ({ kind: one, because: message })));
      if (status === null) break;
    }
  }
  const namespaces = new Set(
    result.found.flatMap(({ object, isOurs }) => (isOurs && object.namespace === null ? [object.name] : [])),
  );
  for (const one of result.found) one.isOurs &&= one.object.namespace === null || namespaces.has(one.object.namespace);
  return result;
}

function labelledOf({ namespaced, ...kind }: LabKind, item: Json): Labelled[] {
  const {
    name,
    namespace,
    uid,
    labels = {},
  } = item["metadata"] as {
    name: string;
    namespace?: string;
    uid: string;
    labels?: Record<string, string>;
  };
  const run = labels[RUN_LABEL];
  if (run === undefined) return [];
  const object = { ...kind, namespace: namespaced ? (namespace ?? null) : null, name };
  const isOurs =
    runOfNamespace(object.namespace ?? name) === run &&
    Object.entries(labelsOf(run)).every(([key, value]) => labels[key] === value);
  return [{ object, uid, run, isOurs }];
}
