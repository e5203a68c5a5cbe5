import type { Json } from "../model/api.ts";
import type { BlindSpot, Resource, Snapshot } from "../model/snapshot.ts";
import { createContext } from "./context.ts";
import type { KindProjection, ProjectionContext } from "./context.ts";
import { emptyLists } from "./decode.ts";
import { parseDocuments } from "./documents.ts";
import { flatten } from "./dump-objects.ts";
import type { Dump, DumpObject } from "./dump-objects.ts";
import { EvidenceError } from "./errors.ts";
import type { ReadOptions } from "./file.ts";
import { KINDS, RESOURCES } from "./kinds/index.ts";
import { dumpBlindSpots } from "./blind-spots.ts";
import { byName, compare } from "./order.ts";
import { blindSpot } from "./scope.ts";
import { comparisonNotes } from "./secret-notes.ts";
import { NAMING } from "./variable-names.ts";

const LARGEST = 500 << 20;
const NEXT =
  "kubectl get cronjobs,jobs,pods,configmaps,nodes,serviceaccounts,roles,rolebindings,clusterroles,clusterrolebindings -A -o json > FILE";

/** Makes a snapshot of objects that kubectl printed. Kinds that the file lacks become blind spots. */
export async function readDump(chunks: AsyncIterable<Buffer>, name: string, options: ReadOptions): Promise<Snapshot> {
  const text = decodeText(await gather(chunks, name), name);
  const dump = flatten(await parseDocuments(text, name));
  const { context, notes, unread } = await createContext(options.fingerprintKey, options.compareSecrets, options.rules);
  if (dump.objects.length === 0 && dump.kinds.size === 0 && dump.lists === 0) {
    const found = [...dump.unknown.keys()].slice(0, 5).join(", ");
    throw new EvidenceError(
      `${name} holds no object that can be judged${found === "" ? "" : ` (found: ${context.mask.keep(found)})`}`,
      `Write one with: ${NEXT}`,
    );
  }
  const lists = emptyLists();
  const project = <R extends Resource>(resource: R, raw: Json): void => {
    const { project, keeps }: KindProjection<Snapshot[R][number]> = KINDS[resource];
    const object = project(raw, context);
    if (keeps?.(object) ?? true) (lists[resource] as Snapshot[R][number][]).push(object);
  };
  // What may repeat a Secret's value is read after it.
  for (const { resource, raw } of dump.objects) if (resource === "secrets") context.secrets?.learn(raw);
  // What the workloads call a value comes before the value.
  for (const { resource, raw } of dump.objects) if (NAMING.includes(resource)) project(resource, raw);
  context.variables.learn(lists);
  for (const { resource, raw } of dump.objects) if (!NAMING.includes(resource)) project(resource, raw);
  for (const resource of RESOURCES) lists[resource].sort(byName);
  const collected = RESOURCES.filter((resource) => dump.kinds.has(resource));
  return {
    metadata: {
      takenAt: options.now.toISOString().replace(/\.\d{3}Z$/, "Z"),
      cluster: { server: name, version: null, uid: null },
      user: null,
      scope: { namespaces: namespacesOf(dump.objects) },
      tool: { version: options.toolVersion },
    },
    source: "dump",
    collected,
    beyondScope: [],
    otherAuthorizers: null,
    blindSpots: [...dumpBlindSpots(dump, unread, name), ...withoutSecrets(dump, context, name)],
    notes: [...notes, ...comparisonNotes(context.secrets), ...dumpNotes(dump, name)]
      .map((note) => context.mask.keep(note))
      .sort(compare),
    ...lists,
    earlier: null,
    recoveryNotes: [],
    logs: null,
    ...(context.secrets === null ? {} : { compared: context.secrets.result() }),
  };
}

/** Where Secrets were to be compared and the file holds none: they are asked of a dump only then. */
function withoutSecrets(dump: Dump, { secrets }: ProjectionContext, name: string): BlindSpot[] {
  if (secrets === null || dump.kinds.has("secrets")) return [];
  return [blindSpot("secrets", null, { reason: "NotInEvidence", message: `${name} holds no secrets` }, true)];
}

function namespacesOf(objects: DumpObject[]): string[] {
  const seen = new Set(
    objects.flatMap(({ resource, namespace }) => (KINDS[resource].namespaced && namespace !== null ? [namespace] : [])),
  );
  return [...seen].sort(compare);
}

function dumpNotes(dump: ReturnType<typeof flatten>, name: string): string[] {
  const unknown = [...dump.unknown].map(([kind, count]) => `${String(count)} ${kind}`);
  const shown = unknown.slice(0, 10).join(", ");
  return [
    `${name} does not say when it was written: ages and ends count from now`,
    `${name} may cover less than the cluster: no owner, account or grant that it lacks is taken to be missing`,
    ...counted(dump.withoutUid, `without a uid in ${name}, as in manifests (it is made of kind, namespace and name)`),
    ...counted(dump.withoutNamespace, `without a namespace in ${name} (taken to be in "default")`),
    ...counted(dump.repeated, `more than once in ${name} (the last one counts)`),
    ...counted(dump.unreadable, `left out of ${name}: no Kubernetes object`),
    ...(unknown.length > 0
      ? [`${name} also holds kinds that are not judged: ${shown}${unknown.length > 10 ? ", …" : ""}`]
      : []),
  ];
}

function counted(count: number, what: string): string[] {
  return count === 0 ? [] : [`${what}: ${String(count)}`];
}

async function gather(chunks: AsyncIterable<Buffer>, name: string): Promise<Buffer> {
  const all: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (all.length === 0 && isBinary(chunk)) throw binary(name);
    if (length > LARGEST) {
      throw new EvidenceError(
        `${name} is too large: more than ${String(LARGEST >> 20)} MiB of objects`,
        "Write one file per namespace, or capture it with kubectl cronaudit snapshot.",
      );
    }
    all.push(chunk);
  }
  return Buffer.concat(all);
}

function isBinary(chunk: Buffer): boolean {
  const isUtf16 = (chunk[0] === 0xff && chunk[1] === 0xfe) || (chunk[0] === 0xfe && chunk[1] === 0xff);
  return !isUtf16 && chunk.subarray(0, 8192).includes(0);
}

function binary(name: string): EvidenceError {
  return new EvidenceError(
    `${name} is not text`,
    "Give a file of kubectl cronaudit snapshot, or of kubectl get -o json.",
  );
}

/** UTF-8, or UTF-16 with a byte order mark, which is what PowerShell makes of `> FILE`. */
function decodeText(bytes: Buffer, name: string): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw binary(name);
  }
  if (text.trim() === "")
    throw new EvidenceError(`${name} is empty`, "Check that the command that wrote it succeeded.");
  return text;
}
