import { createHash } from "node:crypto";
import type { PodTemplate } from "../model/workload.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { FORMAT_VERSION } from "./format-version.ts";
import { RESOURCES } from "./kinds/index.ts";

/**
 * A snapshot file is JSON lines: a header, then one record per line; a pod template has a line of its own before its first use,
 * and what uses it has its number. The SHA-256 is taken over all plain bytes with the header's own sha256 left empty. What may differ between two captures of one unchanged cluster stands in the header, but for earlier objects, which come last.
 */
export function headerLine(snapshot: Snapshot, sha256: string, records: number): string {
  const { metadata, source, collected, beyondScope, otherAuthorizers, blindSpots, notes, recoveryNotes, logs } =
    snapshot;
  const compared = snapshot.compared === undefined ? {} : { compared: snapshot.compared };
  const earlier =
    snapshot.earlier === null ? null : { resourceVersion: snapshot.earlier.resourceVersion, at: snapshot.earlier.at };
  const header = { kind: "Snapshot", formatVersion: FORMAT_VERSION, sha256, records };
  const facts = {
    metadata,
    source,
    collected,
    beyondScope,
    otherAuthorizers,
    blindSpots,
    notes,
    recoveryNotes,
    logs,
    ...compared,
    earlier,
  };
  return `${JSON.stringify({ ...header, ...facts })}\n`;
}

/** The header's beginning: it tells a snapshot from everything else, and gives the place of the hash. */
export const HEADER_START = '{"kind":"Snapshot","formatVersion":';

/** Every record of a snapshot as a line, in an order that the content alone decides. */
export function* recordLines(snapshot: Snapshot): Generator<string> {
  const numbers = new Map<string, number>();
  for (const resource of RESOURCES) {
    for (const object of snapshot[resource]) yield* linesOf(object, numbers, (record) => record);
  }
  const { cronjobs, jobs, pods } = snapshot.earlier ?? { cronjobs: [], jobs: [], pods: [] };
  for (const object of [...cronjobs, ...jobs, ...pods]) {
    yield* linesOf(object, numbers, (record) => ({ kind: "Earlier", object: record }));
  }
}

type Stored = Snapshot[keyof Pick<Snapshot, (typeof RESOURCES)[number]>][number];

function* linesOf(object: Stored, numbers: Map<string, number>, wrap: (record: object) => object): Generator<string> {
  const [template, replace] = templateOf(object);
  if (template === null) {
    yield `${JSON.stringify(wrap(object))}\n`;
    return;
  }
  const key = JSON.stringify(template);
  let number = numbers.get(key);
  if (number === undefined) {
    number = numbers.size;
    numbers.set(key, number);
    yield `{"kind":"PodTemplate","number":${String(number)},"template":${key}}\n`;
  }
  yield `${JSON.stringify(wrap(replace(number)))}\n`;
}

function templateOf(object: Stored): [PodTemplate | null, (number: number) => object] {
  if (object.kind === "Pod") return [object.template, (template) => ({ ...object, template })];
  if (object.kind === "Job")
    return [object.spec.template, (template) => ({ ...object, spec: { ...object.spec, template } })];
  if (object.kind === "CronJob")
    return [object.job.template, (template) => ({ ...object, job: { ...object.job, template } })];
  return [null, () => object];
}

/** Length and hash of a snapshot's plain bytes, found before a byte is written. */
export function measure(snapshot: Snapshot): { sha256: string; bytes: number; records: number } {
  const hash = createHash("sha256");
  let records = 0;
  let bytes = 0;
  for (const line of recordLines(snapshot)) {
    records += 1;
    bytes += Buffer.byteLength(line);
  }
  const header = headerLine(snapshot, "", records);
  hash.update(header);
  for (const line of recordLines(snapshot)) hash.update(line);
  return { sha256: hash.digest("hex"), bytes: bytes + Buffer.byteLength(header) + 64, records };
}
