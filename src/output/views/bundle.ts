import type { BundleManifest, BundlePart, BundleReport } from "../../model/bundle.ts";
import { utc } from "../age.ts";
import { count } from "../text.ts";
import type { Column } from "../view.ts";

/** Of the table of what is in a bundle. */
export const COLUMNS: Column[] = [
  { header: "WHAT", keepsPlace: true },
  { header: "WHY" },
  { header: "BYTES" },
  { header: "TAKEN" },
  { header: "SHA256", drops: 1 },
];

const SHOWN_HASH = 16;

/** One row for each part: objects by their names, others by their paths. */
export function rowsOf({ parts }: BundleManifest): string[][] {
  return parts.map((part) => [
    whatIs(part),
    whyIn(part),
    String(part.size),
    utc(part.at),
    part.sha256.slice(0, SHOWN_HASH),
  ]);
}

function whatIs({ path, object }: BundlePart): string {
  if (object === null) return path;
  const place = object.namespace === null ? "" : ` (${object.namespace})`;
  return `${object.kind.toLowerCase()}/${object.name}${place}`;
}

function whyIn({ path, object }: BundlePart): string {
  if (object !== null) return object.metadataOnly ? `${object.role}, metadata` : object.role;
  if (path.startsWith("values/")) return "values, encrypted";
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "owners";
}

/** What stands before the table, and what after it. */
export function bundleLines({ file, sha256, head, parts, tail }: BundleReport): { before: string[]; after: string[] } {
  const { cluster, operator, tool } = head;
  const version = cluster.version === null ? "" : ` (${cluster.version})`;
  const by = [operator.user, operator.local === null ? null : `${operator.local} on the machine`];
  const said = by.filter((one) => one !== null).join(", ");
  const values = head.values === null ? "values are fingerprints" : `values are encrypted (${head.values})`;
  return {
    before: [
      `Evidence of cluster ${cluster.server}${version}, kube-system ${cluster.uid ?? "of unknown uid"}`,
      `Written ${utc(head.startedAt)} to ${utc(tail.finishedAt)} by ${said === "" ? "somebody unknown" : said}, with cronaudit ${tool.version}; ${values} (${head.fingerprints})`,
    ],
    after: [
      ...tail.missing.map(
        ({ object, because }) =>
          `Not in it: ${object.kind.toLowerCase()}/${object.name}${object.namespace === null ? "" : ` (${object.namespace})`}: ${because}`,
      ),
      ...tail.gaps.map((gap) => `Not in it: ${gap}`),
      `${file} is whole: ${count(parts.length, "part")}, sha256 ${sha256}`,
    ],
  };
}
