import { objectAt, stringAt } from "../../evidence/json.ts";
import type { Mask } from "../../evidence/mask.ts";
import type { Api, Json } from "../../model/api.ts";
import type { BundleMissing, BundleRole } from "../../model/bundle.ts";
import type { ObjectRef, Time } from "../../model/object.ts";
import { ahead, fetchObject, keyOf } from "./fetch.ts";
import type { Fetched, Wanted } from "./fetch.ts";
import { segment } from "./format.ts";
import { fromLists } from "./from-lists.ts";
import type { LogSource } from "./logs.ts";
import { logSources } from "./logs.ts";
import { maskObject, ownCredentials } from "./mask-object.ts";
import { Owners } from "./owners.ts";
import type { BundleWriter } from "./pack.ts";
import type { ValueBox } from "./values.ts";

/** What every stage of a bundle works with. */
export interface Work {
  api: Api;
  writer: BundleWriter;
  mask: Mask;
  /** Null where values are not kept. */
  box: ValueBox | null;
  now(): Time;
  /** Throws where the work was interrupted. */
  step(progress: string, share?: number): void;
}

/** Gathers objects and what is known of them, and writes each as it comes. */
export class Collection {
  readonly #work: Work;
  /** resourceVersions by uid of what was asked for and is in the bundle. */
  readonly preserved = new Map<string, string>();
  readonly missing: BundleMissing[] = [];
  readonly gaps: string[] = [];
  readonly logs: LogSource[] = [];
  /** Names and uids of everything in the bundle. */
  readonly names = new Set<string>();
  readonly uids = new Set<string>();
  readonly namespaces = new Set<string>();
  readonly #owners = new Owners();

  constructor(work: Work) {
    this.#work = work;
  }

  async objects(wanted: readonly Wanted[], logs: boolean): Promise<void> {
    const all = new Map(wanted.map((one) => [keyOf(one), one]));
    const count = all.size;
    let done = 0;
    for await (const [one, fetched] of this.#fetch(all)) {
      this.#work.step(`evidence: ${String(++done)} of ${String(count)} objects`, done / count);
      if ("because" in fetched) this.missing.push({ object: one.object, because: fetched.because });
      else {
        const uid = await this.#write(one, fetched, "chosen");
        if (logs && one.object.kind === "Pod")
          this.logs.push(...logSources(fetched.raw, ownCredentials(fetched.raw, this.#work.mask)));
        this.preserved.set(uid, stringAt(objectAt(fetched.raw, "metadata"), "resourceVersion") ?? "");
      }
    }
    await this.#ownersOfAll();
  }

  async #ownersOfAll(): Promise<void> {
    for (let asked = this.#owners.unasked(); asked.length > 0; asked = this.#owners.unasked()) {
      for await (const [one, fetched] of this.#fetch(new Map(asked.map((owner) => [keyOf(owner), owner])))) {
        this.#work.step("evidence: owners");
        if ("because" in fetched) this.#owners.missing(one.object.uid ?? "", fetched.because);
        else await this.#write(one, fetched, "owner");
      }
    }
    const lines = this.#owners.text();
    const { writer, now } = this.#work;
    if (lines.length > 0) await writer.addPieces("owners.jsonl", lines, now());
  }

  /** Those that are many of one kind by lists, and one by one what these do not show. */
  async *#fetch(wanted: Map<string, Wanted>): AsyncGenerator<[Wanted, Fetched], void, undefined> {
    const { api, box } = this.#work;
    yield* fromLists(api, wanted);
    yield* ahead(wanted.values(), (one) => fetchObject(api, one, box !== null));
  }

  async #write(
    { object, resource }: Wanted,
    fetched: Extract<Fetched, { raw: Json }>,
    role: BundleRole,
  ): Promise<string> {
    const { raw, metadataOnly } = fetched;
    const metadata = objectAt(raw, "metadata");
    const uid = stringAt(metadata, "uid") ?? "";
    this.#owners.note(raw);
    for (const name of [object.name, uid]) this.names.add(name);
    this.uids.add(uid);
    if (object.namespace !== null) this.namespaces.add(object.namespace);
    const folder = resource.group === "" ? resource.resource : `${resource.resource}.${resource.group}`;
    const path = ["objects", folder, object.namespace ?? "_cluster", `${object.name}.${uid}.json`]
      .map(segment)
      .join("/");
    const ref: ObjectRef = { ...object, uid };
    const resourceVersion = stringAt(metadata, "resourceVersion") ?? "";
    const masked = jsonText(maskObject(raw, this.#work.mask));
    await this.put(path, masked, () => jsonText(raw), { ...ref, resourceVersion, role, metadataOnly });
    return uid;
  }

  /** Writes the masked text, and gives the other one to the box. */
  async put(
    path: string,
    masked: string,
    plain: () => string,
    object: Parameters<BundleWriter["add"]>[3] = null,
  ): Promise<void> {
    const { writer, box } = this.#work;
    const at = this.#work.now();
    await writer.add(path, Buffer.from(masked), at, object);
    const batch = box === null ? null : await box.add(path, Buffer.from(plain()), at);
    if (batch !== null) await writer.add(batch.path, batch.bytes, at);
  }
}

function jsonText(value: Json): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
