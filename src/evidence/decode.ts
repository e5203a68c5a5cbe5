import { createHash } from "node:crypto";
import { setImmediate as breathe } from "node:timers/promises";
import type { Resource, Snapshot } from "../model/snapshot.ts";
import type { PodTemplate } from "../model/workload.ts";
import { EvidenceError } from "./errors.ts";
import { FORMAT_VERSION } from "./format-version.ts";
import { HEADER_START } from "./format.ts";
import { asObject, integerAt, valueAt } from "./json.ts";
import { KINDS, RESOURCES } from "./kinds/index.ts";
import {
  RECORD_SHAPES,
  blindSpotShape,
  comparisonShape,
  earlierShape,
  logScanShape,
  metadataShape,
  podTemplateShape,
} from "./model-shapes.ts";
import { boolean, list, nullable, oneOf, optional, string } from "./shape.ts";

const LONGEST_LINE = 64 << 20;
const NEWLINE = 0x0a;
const COPY_AGAIN = "Copy the file again from where it was captured.";

/** Reads a snapshot line by line, and gives it only when all of it is there and its hash is right. */
export async function decodeSnapshot(chunks: AsyncIterable<Buffer>, name: string): Promise<Snapshot> {
  const reader = new SnapshotReader(name);
  let rest: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      reader.line(Buffer.concat([...rest, chunk.subarray(start, end + 1)]));
      rest = [];
      length = 0;
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > LONGEST_LINE) throw reader.damaged("a line does not end");
    await breathe();
  }
  if (length > 0) throw reader.truncated();
  return reader.end();
}

class SnapshotReader {
  readonly #name: string;
  readonly #hash = createHash("sha256");
  readonly #templates: PodTemplate[] = [];
  readonly #shared = new Map<string, object>();
  #snapshot: Snapshot | null = null;
  #sha256 = "";
  #expected = 0;
  #lines = 0;

  constructor(name: string) {
    this.#name = name;
  }

  damaged(why: string): EvidenceError {
    return new EvidenceError(`${this.#name} is damaged: ${why}`, COPY_AGAIN);
  }

  truncated(): EvidenceError {
    const seen =
      this.#snapshot === null
        ? "its header is cut off"
        : `it has ${String(this.#lines)} of ${String(this.#expected)} records`;
    return new EvidenceError(`${this.#name} is truncated: ${seen}`, COPY_AGAIN);
  }

  line(bytes: Buffer): void {
    const text = bytes.toString("utf8");
    if (this.#snapshot === null) {
      this.#snapshot = this.#header(text);
      return;
    }
    this.#hash.update(bytes);
    this.#lines += 1;
    if (this.#lines > this.#expected) throw this.damaged(`it has more than its ${String(this.#expected)} records`);
    this.#record(this.#snapshot, this.#parse(text));
  }

  end(): Snapshot {
    if (this.#snapshot === null || this.#lines < this.#expected) throw this.truncated();
    if (this.#hash.digest("hex") !== this.#sha256) throw this.damaged("its content does not match its SHA-256");
    return this.#snapshot;
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text, undefined) as unknown;
    } catch {
      // The parser's own message quotes the line.
      throw this.damaged(`line ${String(this.#lines + 1)} is not JSON`);
    }
  }

  #header(line: string): Snapshot {
    const version = /^\d{1,9}/.exec(line.slice(HEADER_START.length))?.[0] ?? "";
    if (!line.startsWith(HEADER_START) || version === "") throw this.damaged("it has no header");
    const reads = `${this.#name} has snapshot format ${version}, and this version of cronaudit reads ${String(FORMAT_VERSION)}`;
    if (Number(version) > FORMAT_VERSION) {
      throw new EvidenceError(reads, "Read it with the version that wrote it, or a newer one.");
    }
    if (Number(version) < FORMAT_VERSION) {
      throw new EvidenceError(
        `${reads}: it lacks facts that are judged now`,
        "Read it with the version that wrote it.",
      );
    }
    const before = `${HEADER_START}${version},"sha256":"`;
    const sha256 = line.slice(before.length, before.length + 64);
    if (!line.startsWith(before) || !/^[0-9a-f]{64}$/.test(sha256)) throw this.damaged("its header has no SHA-256");
    this.#sha256 = sha256;
    this.#hash.update(before).update(line.slice(before.length + 64));
    const header = asObject(this.#parse(line));
    const records = integerAt(header, "records");
    const isSound =
      records !== null &&
      metadataShape(valueAt(header, "metadata")) &&
      oneOf("cluster", "dump")(valueAt(header, "source")) &&
      list(oneOf(...RESOURCES))(valueAt(header, "collected")) &&
      list(oneOf(...RESOURCES))(valueAt(header, "beyondScope")) &&
      nullable(boolean)(valueAt(header, "otherAuthorizers")) &&
      list(blindSpotShape)(valueAt(header, "blindSpots")) &&
      list(string)(valueAt(header, "notes")) &&
      list(string)(valueAt(header, "recoveryNotes")) &&
      nullable(earlierShape)(valueAt(header, "earlier")) &&
      nullable(logScanShape)(valueAt(header, "logs")) &&
      optional(comparisonShape)(valueAt(header, "compared"));
    if (!isSound) throw this.damaged("its header is incomplete");
    this.#expected = records;
    const {
      metadata,
      source,
      collected,
      beyondScope,
      otherAuthorizers,
      blindSpots,
      notes,
      recoveryNotes,
      logs,
      compared,
      earlier,
    } = header as unknown as Snapshot;
    return {
      ...{ metadata, source, collected, beyondScope, otherAuthorizers, blindSpots, notes, recoveryNotes, logs },
      ...(compared === undefined ? {} : { compared }),
      earlier: earlier === null ? null : { ...earlier, cronjobs: [], jobs: [], pods: [] },
      ...emptyLists(),
    };
  }

  #record(snapshot: Snapshot, record: unknown): void {
    const kind = valueAt(record, "kind");
    if (kind === "PodTemplate") {
      const template = valueAt(record, "template");
      if (valueAt(record, "number") !== this.#templates.length || !podTemplateShape(template)) throw this.#misshapen();
      this.#templates.push(template as PodTemplate);
      return;
    }
    if (kind === "Earlier") {
      const object = this.#object(valueAt(record, "object"));
      if (snapshot.earlier === null) throw this.#misshapen();
      if (object.kind === "CronJob") snapshot.earlier.cronjobs.push(object);
      else if (object.kind === "Job") snapshot.earlier.jobs.push(object);
      else if (object.kind === "Pod") snapshot.earlier.pods.push(object);
      else throw this.#misshapen();
      return;
    }
    const object = this.#object(record);
    (snapshot[resourceOf(object.kind)!] as unknown[]).push(object);
  }

  #object(record: unknown): Snapshot[Resource][number] {
    const resource = resourceOf(valueAt(record, "kind"));
    if (resource === undefined || !RECORD_SHAPES[resource](record)) throw this.#misshapen();
    const object = record as Snapshot[Resource][number];
    if (object.kind === "Pod") object.template = this.#template(object.template);
    if (object.kind === "Job") object.spec.template = this.#template(object.spec.template);
    if (object.kind === "CronJob") object.job.template = this.#template(object.job.template);
    object.meta.managedFields = object.meta.managedFields.map((entry) => this.#share(entry));
    return object;
  }

  #template(number: unknown): PodTemplate {
    const template = this.#templates[number as number];
    if (template === undefined) throw this.#misshapen();
    return template;
  }

  #share<T extends object>(value: T): T {
    const key = JSON.stringify(value);
    const known = this.#shared.get(key) as T | undefined;
    if (known === undefined) this.#shared.set(key, value);
    return known ?? value;
  }

  #misshapen(): EvidenceError {
    return this.damaged(`line ${String(this.#lines + 1)} is no record of a snapshot`);
  }
}

function resourceOf(kind: unknown): Resource | undefined {
  return RESOURCES.find((candidate) => KINDS[candidate].kind === kind);
}

/** A snapshot's lists with nothing in them. */
export function emptyLists(): Pick<Snapshot, Resource> {
  return {
    namespaces: [],
    cronjobs: [],
    jobs: [],
    pods: [],
    serviceaccounts: [],
    roles: [],
    rolebindings: [],
    clusterroles: [],
    clusterrolebindings: [],
    configmaps: [],
    nodes: [],
    secrets: [],
  };
}
