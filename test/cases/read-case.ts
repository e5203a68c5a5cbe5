import { readEvidence } from "../../src/evidence/file.ts";
import { RESOURCES } from "../../src/evidence/kinds/index.ts";
import type { ChainLink, Reach, SubjectRef } from "../../src/model/report.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { readCluster, TAKEN_AT } from "./read-cluster.ts";

/** What a case says of its evidence besides the objects. */
export interface Evidence {
  /** Of the server, `v1.34.2`; null: not known, as with `-f`. */
  version: string | null;
  /** `cluster`: the objects are all there is, of every kind. `dump`: somebody chose them, so that an absent one proves nothing. */
  from: "cluster" | "dump";
}

/** The objects of a case with what it says of them. */
export async function readCase(path: string, { version, from }: Evidence): Promise<Snapshot> {
  const snapshot = from === "dump" ? await readChosen(path) : await readCluster(path);
  const { metadata } = snapshot;
  const whole = { collected: [...RESOURCES], blindSpots: [], scope: { namespaces: null } };
  const { scope, ...lists } = from === "dump" ? { scope: metadata.scope } : whole;
  return { ...snapshot, ...lists, metadata: { ...metadata, scope, cluster: { ...metadata.cluster, version } } };
}

function readChosen(path: string): Promise<Snapshot> {
  return readEvidence({ path }, { now: new Date(TAKEN_AT), toolVersion: "0.0.0", fingerprintKey: null });
}

/** `sa:NAMESPACE/NAME`, `user:NAME` or `group:NAME`. */
export function subjectFrom(text: string): SubjectRef {
  const [, kind, rest = ""] = /^(sa|user|group):(.+)$/.exec(text) ?? [];
  if (kind === "user") return { kind: "User", namespace: null, name: rest };
  if (kind === "group") return { kind: "Group", namespace: null, name: rest };
  const [namespace, name] = rest.split("/");
  if (namespace === undefined || name === undefined)
    throw new Error(`${text} is no sa:NAMESPACE/NAME, user: or group:`);
  return { kind: "ServiceAccount", namespace, name };
}

/** The opposite of subjectFrom. */
export function subjectText({ kind, namespace, name }: SubjectRef): string {
  return kind === "ServiceAccount" ? `sa:${namespace ?? ""}/${name}` : `${kind.toLowerCase()}:${name}`;
}

/** `*` for every Secret, `a/*` for those of a namespace, `a/db` for one. */
export function reachText({ cluster, namespaces, secrets }: Reach): string[] {
  if (cluster) return ["*"];
  return [...namespaces.map((name) => `${name}/*`), ...secrets.map(({ namespace, name }) => `${namespace}/${name}`)];
}

/** `RoleBinding a/reader`, `Role a/reader rule 0`. */
export function chainText(chain: readonly ChainLink[]): string[] {
  return chain.map(({ kind, namespace, name, rule }) => {
    const place = namespace === null ? "" : `${namespace}/`;
    return `${kind} ${place}${name}${rule === undefined ? "" : ` rule ${String(rule)}`}`;
  });
}
