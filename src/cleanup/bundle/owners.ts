import { objectAt, stringAt } from "../../evidence/json.ts";
import type { Json } from "../../model/api.ts";
import { ownersOf } from "./mask-object.ts";
import type { Wanted } from "./fetch.ts";

/** The resources of kinds that own batch work and its pods. */
const RESOURCES: Record<string, string> = {
  "batch/v1 CronJob": "cronjobs",
  "batch/v1 Job": "jobs",
  "apps/v1 ReplicaSet": "replicasets",
  "apps/v1 Deployment": "deployments",
  "apps/v1 StatefulSet": "statefulsets",
  "apps/v1 DaemonSet": "daemonsets",
  "v1 ReplicationController": "replicationcontrollers",
  "v1 Pod": "pods",
};
const DEEPEST = 8;
/** Characters of text that are put together. */
const PIECE = 1 << 16;

interface Owner {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller: boolean;
}

interface Known {
  object: { kind: string; namespace: string | null; name: string; uid: string };
  owners: Owner[];
}

/** Who owns what was preserved, up to the top, as far as it could be read. */
export class Owners {
  readonly #known = new Map<string, Known>();
  readonly #absent = new Map<string, string>();

  note(raw: Json): void {
    const metadata = objectAt(raw, "metadata");
    const uid = stringAt(metadata, "uid") ?? "";
    this.#known.set(uid, {
      object: {
        kind: stringAt(raw, "kind") ?? "",
        namespace: stringAt(metadata, "namespace"),
        name: stringAt(metadata, "name") ?? "",
        uid,
      },
      owners: ownersOf(raw).map((owner) => ({
        apiVersion: stringAt(owner, "apiVersion") ?? "",
        kind: stringAt(owner, "kind") ?? "",
        name: stringAt(owner, "name") ?? "",
        uid: stringAt(owner, "uid") ?? "",
        controller: owner["controller"] === true,
      })),
    });
  }

  /** Why an owner is not there. */
  missing(uid: string, because: string): void {
    this.#absent.set(uid, because);
  }

  /** Owners that were not asked for yet, each once. */
  unasked(): Wanted[] {
    const wanted = new Map<string, Wanted>();
    for (const { object, owners } of this.#known.values()) {
      for (const { apiVersion, kind, name, uid } of owners) {
        const resource = RESOURCES[`${apiVersion} ${kind}`];
        if (resource === undefined || this.#known.has(uid) || this.#absent.has(uid)) continue;
        const [group = "", version = ""] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
        const namespace = object.namespace;
        wanted.set(uid, { object: { kind, namespace, name, uid }, resource: { group, version, resource } });
      }
    }
    return [...wanted.values()];
  }

  /** owners.jsonl in pieces: of each object the chain of its owners, the nearest first. What was noted is let go. */
  text(): Buffer[] {
    const pieces: Buffer[] = [];
    let text = "";
    for (const { object, owners } of this.#known.values()) {
      if (owners.length > 0) text += `${JSON.stringify({ object, owners: this.#chain(owners, 0) })}\n`;
      if (text.length < PIECE) continue;
      pieces.push(Buffer.from(text));
      text = "";
    }
    this.#known.clear();
    return text === "" ? pieces : [...pieces, Buffer.from(text)];
  }

  #chain(owners: Owner[], depth: number): object[] {
    if (depth >= DEEPEST) return [];
    return owners.map((owner) => {
      const above = this.#known.get(owner.uid);
      const state =
        above === undefined ? (this.#absent.get(owner.uid) ?? "it was not asked for") : "it is in the bundle";
      const chain = above === undefined ? [] : this.#chain(above.owners, depth + 1);
      return { ...owner, state, ...(chain.length === 0 ? {} : { owners: chain }) };
    });
  }
}
