import type { ExposureItem, ExposureReport, TokenFacts } from "../../model/report.ts";
import { utc } from "../age.ts";
import { grouped } from "../text.ts";
import type { ViewOptions } from "../view.ts";
import { hoursCell, readersCell } from "../views/findings.ts";
import { fixText } from "../views/fix-text.ts";
import { foldAlike } from "../views/fold.ts";
import { objectName, subjectTitle } from "../views/names.ts";
import { carriersPart } from "./carriers.ts";
import { findings, type Finding } from "./findings.ts";
import { markup, type Html, type Part } from "./markup.ts";
import { command, fact, firstOf, objectMark, plainWord, severityMark } from "./pieces.ts";
import { readersPart } from "./readers.ts";
import { exposureSummary } from "./summary.ts";
import type { Terms } from "./terms.ts";
import { nameOf, sinceOf, timelineSection, untilOf } from "./timeline.ts";

const MINTERS = 20;

/** Credentials: the sums, their windows on one axis, and each with what holds it, who reads it and what ends it. */
export function* exposurePage(report: ExposureReport, options: ViewOptions, terms: Terms): Generator<Html> {
  const items = foldAlike(report.items);
  yield exposureSummary(report, options);
  yield* timelineSection(report, items);
  const folded =
    items.length === report.items.length
      ? null
      : `Tokens of one account and workload share an entry: ${grouped(report.items.length)} credentials in ${grouped(items.length)} entries.`;
  yield* findings(items, (item) => findingOf(item, report, options, terms), {
    title: "Credentials",
    complete: report.complete,
    layout: "of-credentials",
    name: 1,
    columns: ["Severity", "Credential", "Since", "Until", "At rest", "Readers"],
    note: folded,
    sorts: [
      ["rest", "longest at rest"],
      ["since", "oldest"],
    ],
  });
}

function findingOf(item: ExposureItem, report: ExposureReport, options: ViewOptions, terms: Terms): Finding {
  const now = report.metadata.takenAt;
  return {
    severity: item.severity,
    sort: { rest: -item.atRestHours.soFar, since: Date.parse(item.opens) },
    cells: [
      severityMark(item.severity),
      markup`<h3 class="name">${nameOf(item)}</h3>
        <span class="below">${objectMark(item.workload)}${item.ignored === undefined ? null : " · ignored"}</span>`,
      sinceOf(item, now),
      untilOf(item, now),
      hoursCell(item.atRestHours.soFar),
      plainWord(readersCell(item.readers, report.complete)),
    ],
    inside: () =>
      markup`<div class="next">
          <h4>What ends it</h4>
          ${command(fixText(item, options))}
        </div>
        <h4>What it is</h4>
        <dl class="facts">${facts(item)}</dl>
        ${carriersPart(item, report, options, terms)}${readersPart(item, report, options, terms)}`,
  };
}

function facts(item: ExposureItem): Part {
  const { credential, token, rotatedBy } = item;
  const { ref, serviceAccount } = credential;
  const projected = item.atRestHours.projected;
  return [
    fact("Kind", markup`<code>${credential.kind}</code>`),
    fact("Confidence", `${credential.confidence}: ${credential.because}`),
    fact("Fingerprint", credential.fingerprint === null ? null : markup`<code>${credential.fingerprint}</code>`),
    fact("Secret", ref === null ? null : `${ref.namespace}/${ref.name}${ref.key === null ? "" : `, key ${ref.key}`}`),
    fact(
      "Speaks for",
      serviceAccount === null ? null : `ServiceAccount ${serviceAccount.namespace}/${serviceAccount.name}`,
    ),
    fact("Same as", sameAs(credential)),
    fact("Template", templateText(item)),
    fact(
      "Rotated",
      rotatedBy === null
        ? null
        : `The Secret was written or made anew by ${utc(rotatedBy)}, after pods had started: they may have got an older value.`,
    ),
    fact(
      "At rest",
      `${hoursCell(item.atRestHours.soFar)} so far, ${projected === null ? "no end known" : `${hoursCell(projected)} when all its windows have closed`}`,
    ),
    fact("Not ended by deletion", tokenFacts(token)),
    fact("Ignored", ignoredFacts(item)),
    fact("Id", markup`<code>${item.id}</code>`),
  ];
}

function templateText({ removedFromTemplate, removedBy }: ExposureItem): string | null {
  if (removedFromTemplate !== true) return null;
  return `No longer holds it${removedBy === null ? "" : `, by ${utc(removedBy)} at the latest`}; its runs still do.`;
}

function sameAs({ equals, equalsMore }: ExposureItem["credential"]): Part {
  if (equals === null || equals.length + equalsMore < 2) return null;
  const named = equals.map(({ namespace, name, key }) => `Secret ${namespace}/${name} key ${key}`).join(", ");
  return `${named}${equalsMore === 0 ? "" : ` and ${grouped(equalsMore)} more`}`;
}

function tokenFacts(token: TokenFacts | null): Part {
  if (token === null) return null;
  const { mintedByNode, mintsOwn, mintedBy } = token;
  const lines: Part[] = [];
  if (mintedByNode !== null)
    lines.push(markup`<li>Node ${mintedByNode} may ask for more while the pod object exists.</li>`);
  if (mintsOwn === true) lines.push(markup`<li>Its account may itself ask for tokens, and those outlive the pod.</li>`);
  if (mintsOwn === null) lines.push(markup`<li>Whether its account may mint others is not known.</li>`);
  if (mintedBy.length > 0) {
    const who = firstOf(mintedBy, MINTERS, (one) => markup`<li>${subjectTitle(one)}</li>`);
    lines.push(
      markup`<li>
        Tokens of this account that outlive the pod may be had by:
        <ul>
          ${who}
        </ul>
      </li>`,
    );
  }
  return lines.length === 0
    ? null
    : markup`<ul>
        ${lines}
      </ul>`;
}

function ignoredFacts({ ignored }: ExposureItem): Part {
  if (ignored === undefined) return null;
  const { entries, reason, confirmed, setBy } = ignored;
  const by = setBy.map(({ object, annotation, managers, since }) => {
    const who = managers.length === 0 ? "nobody that managedFields name" : managers.join(", ");
    return `; ${annotation} of ${objectName(object)} set by ${who}${since === null ? "" : `, on ${utc(since)} at the latest`}`;
  });
  return `by ${entries.join(", ")}${reason === null ? "" : `: ${reason}`}${by.join("")}${confirmed ? "" : "; no rules file confirms it"}`;
}
