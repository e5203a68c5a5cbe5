import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Candidate } from "../cli/completion/candidate.ts";
import type { Options } from "../cli/flags.ts";
import type { Io } from "../cli/io.ts";
import type { Json } from "../model/api.ts";
import { parseDocuments } from "../evidence/documents.ts";
import { byName, type EvidenceKind, type Found } from "./complete-names.ts";
import { mentioned, nameOf, objects, secretsAs, subjectsOf } from "./complete-objects.ts";

/** Bytes that can be read while somebody waits for a TAB: of JSON, and of YAML, which takes ten times as long. */
const MOST_JSON = 4_000_000;
const MOST_YAML = 200_000;

/**
 * What the evidence of -f names. Nothing is judged, so that it is quick; a file that is too large for that, or cannot be
 * read, names nothing.
 */
export async function fileNames(
  kind: EvidenceKind,
  options: Options,
  io: Pick<Io, "cwd">,
): Promise<readonly Candidate[]> {
  const text = await textOf(resolve(io.cwd, options.filename!));
  if (text === null) return [];
  const all = (await documentsIn(text)).flatMap((document) => apart(document, 0));
  const namespace = options["all-namespaces"] ? null : options.namespace;
  return namesIn(all, kind, namespace);
}

/** Null for what is no file of that size. A pipe can be read once, and standard input is the terminal. */
async function textOf(path: string): Promise<string | null> {
  const file = await stat(path);
  if (!file.isFile() || file.size > MOST_JSON) return null;
  const bytes = await readFile(path);
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = (isCompressed ? gunzipSync(bytes, { maxOutputLength: MOST_JSON }) : bytes).toString("utf8");
  return text.length <= MOST_YAML || /^\s{0,99}[{[]/.test(text) ? text : null;
}

async function documentsIn(text: string): Promise<Json[]> {
  return objects(await parseDocuments(text, "-f"));
}

/** The objects of a list, and of lists in it; a typed list says the kind of items that do not say it themselves. */
function apart(document: Json, depth: number): Json[] {
  const kind = kindOf(document);
  if (!kind.endsWith("List") || depth > 3) return [document];
  const of = kind === "List" ? {} : { kind: kind.slice(0, -"List".length) };
  return objects(document["items"]).flatMap((item) => apart({ ...of, ...item }, depth + 1));
}

function kindOf({ kind }: Json): string {
  return typeof kind === "string" ? kind : "";
}

const WORKLOADS = ["CronJob", "Job", "Pod"];

function namesIn(all: readonly Json[], kind: EvidenceKind, namespace: string | null): Candidate[] {
  const of = (...kinds: string[]): Json[] => all.filter((object) => kinds.includes(kindOf(object)));
  const within = (found: readonly Found[]): Candidate[] =>
    byName(found.filter((one) => namespace === null || one.namespace === namespace));
  const templates = new Map(of("PodTemplate").map(({ number, template }) => [number, template]));
  switch (kind) {
    case "CronJob":
    case "Job":
    case "Pod":
      return within(of(kind).map(nameOf));
    case "ServiceAccount": {
      const used = of(...WORKLOADS).flatMap((workload) => mentioned(kind, workload, templates));
      return within([...of(kind).map(nameOf), ...used]);
    }
    case "secret": {
      const used = of(...WORKLOADS).flatMap((workload) => mentioned(kind, workload, templates));
      return secretsAs([...of("Secret").map(nameOf), ...used], namespace);
    }
    case "namespace": {
      const places = all.map((object) => nameOf(object).namespace ?? "");
      return byName([...of("Namespace").map((one) => nameOf(one).name), ...places].map(unplaced));
    }
    case "node":
      return byName(of("Node").map(nameOf));
    case "User":
    case "Group":
      return subjectsOf(of("RoleBinding", "ClusterRoleBinding"), kind);
  }
}

function unplaced(name: string): Found {
  return { name, namespace: null };
}
