import type { ExposureItem, ExposureReport, Reader, TokenFacts } from "../../model/report.ts";
import { age, utc } from "../age.ts";
import { count } from "../text.ts";
import type { ViewOptions } from "../view.ts";
import { heldLines } from "./exposure-held.ts";
import { fixText, withRemark } from "./fix-text.ts";
import { hoursCell } from "./findings.ts";
import { grantTexts } from "./grants.ts";
import { objectName, someOf, subjectTitle } from "./names.ts";
import { throughText } from "./through.ts";

const mintersShown = 5;
const GRANTS_SHOWN = 3;

/** What is known of each credential: what holds it, until when and why, who reads it and how, and the fix. */
export function exposureDetails(report: ExposureReport, items: ExposureItem[], options: ViewOptions): string[] {
  const now = report.metadata.takenAt;
  return items.flatMap((item) => [
    "",
    title(item),
    ...heldLines(item.carriers, now, options),
    ...sameAs(item.credential),
    ...tokenLines(item.token),
    ...ignoredLines(item),
    ...readers(item, report.complete, now),
    `  fix       ${withRemark(fixText(item, options), savings(item))}`,
  ]);
}

/** What says that it is no finding, and for annotations who. */
function ignoredLines({ ignored }: ExposureItem): string[] {
  if (ignored === undefined) return [];
  const { entries, reason, confirmed, setBy } = ignored;
  const inFile = entries.filter((entry) => !entry.includes("annotations["));
  const sure = confirmed ? "" : "; no rules file confirms it";
  return [
    ...(inFile.length === 0 ? [] : [`  ignored   by ${inFile.join(", ")}${reason === null ? "" : `: ${reason}`}`]),
    ...setBy.map(({ object, annotation, managers, since }) => {
      const who = managers.length === 0 ? "nobody that managedFields name" : managers.join(", ");
      const at = since === null ? "" : `, on ${utc(since)} at the latest`;
      return `  ignored   by ${annotation} of ${objectName(object)}, set by ${who}${at}${sure}`;
    }),
  ];
}

/** What it saves if every window ends now. */
function savings({ atRestHours: { soFar, projected } }: ExposureItem): string {
  if (projected === null) return "";
  const saved = projected - soFar;
  return saved <= 0 ? "" : `saves ${hoursCell(saved)} at rest`;
}

function title({ credential, removedFromTemplate, removedBy, rotatedBy }: ExposureItem): string {
  const of = [credential.kind, credential.because];
  if (credential.ref !== null && credential.fingerprint === null) {
    const { namespace, name, key } = credential.ref;
    of.push(`Secret ${namespace}/${name}${key === null ? "" : `, key ${key}`}`);
  }
  if (credential.fingerprint !== null) of.push(`fingerprint ${credential.fingerprint}`);
  const by = removedBy === null ? "" : `, gone from it by ${utc(removedBy)}`;
  const removed = removedFromTemplate ? `; the template no longer has it${by}` : "";
  const rotated =
    rotatedBy === null
      ? ""
      : `; the Secret was written or made anew by ${utc(rotatedBy)}, after pods had started: they may have got an older value`;
  return `${credential.name} (${of.filter((part) => part !== "").join("; ")})${removed}${rotated}`;
}

/** The Secrets that hold the same, where there are more than the one that the title names. */
function sameAs({ equals, equalsMore }: ExposureItem["credential"]): string[] {
  if (equals === null || equals.length + equalsMore < 2) return [];
  const named = equals.map(({ namespace, name, key }) => `Secret ${namespace}/${name} key ${key}`);
  const more = equalsMore === 0 ? "" : ` and ${String(equalsMore)} more`;
  return [`  same as   ${named.join(", ")}${more}`];
}

/** What deleting the pod does not end. */
function tokenLines(token: TokenFacts | null): string[] {
  if (token === null) return [];
  const minters = token.mintedBy.map(subjectTitle);
  const own = token.mintsOwn === null ? ["whether its account may mint others is not known"] : [];
  return [
    ...(token.mintedByNode === null ? [] : [`node ${token.mintedByNode} may ask for more while the pod object exists`]),
    ...(token.mintsOwn === true ? ["its account may itself ask for tokens, and those outlive the pod"] : own),
    ...(minters.length === 0
      ? []
      : [`tokens of this account that outlive the pod may be had by ${someOf(minters, mintersShown)}`]),
  ].map((line) => `  token     ${line}`);
}

function readers(
  { readers: { count: total, items, folded, everyone } }: ExposureItem,
  complete: boolean,
  now: string,
): string[] {
  const readBy = (text: string): string => `  read by   ${text}`;
  if (total === null) return [readBy(everyone ? "everyone" : "unknown: not every right in the cluster was seen")];
  const lines = items.flatMap((reader) => [readBy(readerText(reader, now)), ...grantLines(reader)]);
  if (!complete) lines.push(readBy("possibly others: not everything could be seen"));
  if (folded > 0)
    lines.push(readBy(`and ${count(folded, "identity", "identities")} of Kubernetes itself (--all-readers)`));
  return lines.length === 0 ? [readBy("nobody but Kubernetes itself")] : lines;
}

function readerText({ subject, provedSince, through }: Reader, now: string): string {
  const since = provedSince === null ? "" : `, for at least ${age(provedSince, now)}`;
  return `${subjectTitle(subject)} (${throughText(through)})${since}`;
}

/** By which bindings and roles: what to change, to take the right away. */
function grantLines({ grants }: Reader): string[] {
  const texts = grantTexts(grants);
  const more = texts.length - GRANTS_SHOWN;
  return [...texts.slice(0, GRANTS_SHOWN), ...(more > 0 ? [`and ${count(more, "more binding")} (-o json)`] : [])].map(
    (text) => `            by ${text}`,
  );
}
