import { EvidenceError } from "../../evidence/errors.ts";
import { asObject } from "../../evidence/json.ts";
import type { Json } from "../../model/api.ts";
import type { BundleManifest, BundlePart } from "../../model/bundle.ts";
import { ValueReader } from "./open-values.ts";
import type { Key } from "./open-values.ts";
import { verifyBundle } from "./verify.ts";

/** Opens the bundle's bytes anew for each reading. */
export type Open = () => AsyncIterable<Buffer>;

/**
 * One preserved Job out of a bundle that is whole: with its values where a key is given, otherwise masked. `namespace` null takes
 * the only one of that name. Throws EvidenceError.
 */
export async function findJob(
  open: Open,
  file: string,
  asked: { name: string; namespace: string | null; key: Key | null },
): Promise<{ job: Json; namespace: string; sha256: string }> {
  const first = await verifyBundle(open(), file);
  const part = partOf(first.manifest, file, asked);
  const reader = asked.key === null ? null : new ValueReader(asked.key);
  if (reader !== null && first.manifest.head.values === null) {
    throw new EvidenceError(`${file} holds no values`, "Leave the key out: masked entries are removed and listed.");
  }
  let bytes: Buffer | undefined;
  const wants = (path: string): boolean => (reader === null ? path === part.path : path.startsWith("values/"));
  const again = await verifyBundle(open(), file, {
    wants: (path) => bytes === undefined && wants(path),
    take: async (path, content) => {
      bytes = reader === null ? content : (await reader.open(path, content)).get(part.path);
    },
  });
  if (again.sha256 !== first.sha256) throw new EvidenceError(`${file} changed while it was read`, "Copy it first.");
  const job = asObject(bytes === undefined ? null : JSON.parse(bytes.toString("utf8")));
  if (job === null) throw new EvidenceError(`${file} holds no values of job/${asked.name}`, "Restore it without them.");
  return { job, namespace: part.object?.namespace ?? "default", sha256: first.sha256 };
}

function partOf(manifest: BundleManifest, file: string, asked: { name: string; namespace: string | null }): BundlePart {
  const jobs = manifest.parts.filter(
    ({ object }) =>
      object?.kind === "Job" &&
      object.name === asked.name &&
      (asked.namespace === null || object.namespace === asked.namespace),
  );
  const [first, second] = jobs;
  if (first === undefined) {
    throw new EvidenceError(
      `job/${asked.name} is not in ${file}`,
      `See what is: kubectl cronaudit evidence show ${file}`,
    );
  }
  if (second !== undefined) {
    throw new EvidenceError(
      `${file} holds ${String(jobs.length)} jobs of the name ${asked.name}`,
      "Name the namespace with -n.",
    );
  }
  return first;
}
