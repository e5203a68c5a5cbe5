import type { ExposureItem, ExposureReport } from "../../model/report.ts";
import { cellText } from "../text.ts";
import { width } from "../width.ts";
import { sureness, whyOpen } from "../views/exposure-ends.ts";
import { readersCell, untilCell } from "../views/findings.ts";
import { inOneNamespace, objectName } from "../views/names.ts";

/** The words beside a bar, made safe. */
export interface Words {
  name: string;
  /** The first digits of the fingerprint, or empty. */
  fingerprint: string;
  /** Severity, namespace and workload. */
  about: string[];
  until: string;
  readers: string;
}

/** The words for one credential. */
export function wordsOf(item: ExposureItem, report: ExposureReport): Words {
  const { credential, workload, severity } = item;
  const where = inOneNamespace(report) || workload.namespace === null ? [] : [workload.namespace];
  return {
    // The accounts' names matter more than the word in front of them.
    name: cellText(credential.name.replace("token of serviceaccount/", "token of sa/")),
    fingerprint: credential.fingerprint === null ? "" : `${cellText(credential.fingerprint.slice(0, 4))}…`,
    about: [severity, ...where.map(cellText), cellText(objectName(workload))],
    until: untilCell(item.closes, whyOpen(item), report.metadata.takenAt, sureness(item)),
    readers: readersCell(item.readers, report.complete),
  };
}

/** Name and fingerprint on one line of so many columns; the fingerprint only where there is room for both. */
export function titleOf({ name, fingerprint }: Words, columns: number): string {
  return fingerprint !== "" && width(name) + 2 + width(fingerprint) <= columns ? `${name}  ${fingerprint}` : name;
}
