import { objectAt, stringAt } from "../../evidence/json.ts";
import type { Json } from "../../model/api.ts";
import type { Collection, Work } from "./collection.ts";
import { survivable } from "./fetch.ts";
import { segment } from "./format.ts";
import { maskObject } from "./mask-object.ts";

/** Events in one part. */
const PART_EVENTS = 1000;

/** Writes what events say of the objects that are in the bundle, namespace by namespace; what may not be listed is a gap. */
export async function writeEvents(collection: Collection, work: Work): Promise<void> {
  for (const namespace of [...collection.namespaces].sort()) {
    const events = new Events(namespace, collection, work);
    try {
      for await (const { items, restarted } of work.api.list("", "v1", "events", { namespace })) {
        work.step(`evidence: events of ${namespace}`);
        if (restarted)
          collection.gaps.push(`events of namespace ${namespace} were listed again: some may be twice in it`);
        for (const item of items) await events.take(item);
      }
    } catch (error) {
      collection.gaps.push(`events of namespace ${namespace} could not be listed: ${survivable(error).reason}`);
    }
    await events.flush();
  }
}

class Events {
  readonly #namespace: string;
  readonly #collection: Collection;
  readonly #work: Work;
  #masked: string[] = [];
  #plain: string[] = [];
  #parts = 0;

  constructor(namespace: string, collection: Collection, work: Work) {
    this.#namespace = namespace;
    this.#collection = collection;
    this.#work = work;
  }

  async take(event: Json): Promise<void> {
    const { uids, names } = this.#collection;
    const regarding = stringAt(objectAt(event, "involvedObject"), "uid");
    if (regarding === null || !uids.has(regarding)) return;
    const typed = { apiVersion: "v1", kind: "Event", ...event };
    this.#masked.push(`${JSON.stringify(maskObject(typed, this.#work.mask, names))}\n`);
    this.#plain.push(`${JSON.stringify(typed)}\n`);
    if (this.#masked.length >= PART_EVENTS) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#masked.length === 0) return;
    this.#parts += 1;
    const path = `events/${segment(this.#namespace)}.${String(this.#parts).padStart(4, "0")}.jsonl`;
    await this.#collection.put(path, this.#masked.join(""), () => this.#plain.join(""));
    this.#masked = [];
    this.#plain = [];
  }
}
