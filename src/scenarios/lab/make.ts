import type { Json, Writer } from "../../model/api.ts";
import type { LabObject } from "../../model/lab-journal.ts";
import type { LabJournal } from "./journal.ts";
import { collectionPath, inWordsOf, nameOf } from "./kinds.ts";
import { labelled } from "./names.ts";
import type { Place } from "./stage.ts";
import { LabStopped } from "./stopped.ts";

/** An object that a run made, or may have made: uid null where no answer said so. */
export interface Made {
  object: LabObject;
  uid: string | null;
}

/** What making takes. `reached` is called at each step by its name, for tests that end there. */
export interface Making {
  api: Pick<Writer, "create">;
  journal: LabJournal;
  place: Pick<Place, "run" | "namespace" | "other">;
  signal: AbortSignal;
  reached(step: string): Promise<void>;
}

/** Makes the objects of a run: each labelled, in its namespaces alone, with its intent on the disk before. */
export class Maker {
  readonly #making: Making;
  readonly #made: Made[] = [];

  constructor(making: Making) {
    this.#making = making;
  }

  /** All that was made, or begun, so far, in order. */
  get made(): readonly Made[] {
    return this.#made;
  }

  /** Throws ApiError where the server refuses it, LabStopped after an interruption, and Error for what a lab must not make. */
  async make(object: Json): Promise<Json> {
    const { api, journal, place, signal, reached } = this.#making;
    const name = nameOf(object);
    const scope = name.namespace ?? name.name;
    if (scope !== place.namespace && scope !== place.other) throw new Error(`${inWordsOf(name)} is outside of the lab`);
    if (signal.aborted) throw new LabStopped();
    const entry: Made = { object: name, uid: null };
    this.#made.push(entry);
    await reached("intent");
    await journal.write({ step: "intent", object: name });
    await reached("create");
    const created = await api.create(collectionPath(name, name.namespace), labelled(object, place.run), false);
    const { uid } = (created["metadata"] ?? {}) as { uid?: unknown };
    if (typeof uid !== "string") return created;
    entry.uid = uid;
    await reached("created");
    await journal.write({ step: "made", object: name, uid });
    await reached("made");
    return created;
  }
}
