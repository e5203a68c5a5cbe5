import type { ExposureItem, ExposureReport, Reader, ReaderGrant, SubjectRef } from "../../model/report.ts";
import { shellQuote } from "../shell.ts";
import { count, grouped } from "../text.ts";
import type { ViewOptions } from "../view.ts";
import { grantTexts } from "../views/grants.ts";
import { subjectTitle, subjectWord, withNamespace } from "../views/names.ts";
import { throughText } from "../views/through.ts";
import { markup, type Html, type Part } from "./markup.ts";
import { command, moment, scrolling, table } from "./pieces.ts";
import type { Terms } from "./terms.ts";

/** So many readers of one credential are listed, and of each so many bindings. */
const READERS = 40;
const GRANTS = 20;

/** Who reads a credential, through which rights, proved since when, and the command that shows the chain of grants. */
export function readersPart(item: ExposureItem, report: ExposureReport, options: ViewOptions, terms: Terms): Html {
  const { items, everyone } = item.readers;
  const shown = items.slice(0, READERS);
  const rows = shown.map((reader) => row(reader, report, options, terms));
  return markup`<h4>Who reads it${everyone ? markup` <span class="everyone">everyone</span>` : null}</h4>
    ${rows.length === 0 ? null : scrolling("Who reads it", table("readers", ["Who", "Through", "Proved since"], rows))}
    <ul class="remarks">
      ${remarks(item, report).map((line) => markup`<li>${line}</li>`)}
    </ul> `;
}

function remarks({ readers }: ExposureItem, { complete }: ExposureReport): string[] {
  const { count: total, items, folded, everyone } = readers;
  const lines: string[] = [];
  if (total === null) lines.push(everyone ? "Everyone reads it." : "Unknown: not every right in the cluster was seen.");
  if (items.length > READERS) lines.push(`${String(READERS)} of ${grouped(items.length)} are listed; -o json has all.`);
  if (total !== null && !complete) lines.push("Possibly others: not everything could be seen.");
  if (folded > 0) lines.push(`And ${count(folded, "identity", "identities")} of Kubernetes itself (--all-readers).`);
  if (total === 0 && folded === 0 && complete) lines.push("Nobody but Kubernetes itself.");
  return lines;
}

function row(
  { subject, through, provedSince, grants }: Reader,
  report: ExposureReport,
  options: ViewOptions,
  terms: Terms,
): Part {
  const now = report.metadata.takenAt;
  const edges = through.map((id) => markup`${terms.link(id)} `);
  const since =
    provedSince === null
      ? markup`<span class="quiet">nothing dates it</span>`
      : markup`${moment(provedSince, now)} or earlier`;
  return markup`<tr>
      <th scope="row"><b class="name">${subjectTitle(subject)}</b></th>
      <td data-label="Through">${throughText(through)}<span class="edges">${edges}</span></td>
      <td data-label="Proved since">${since}</td>
    </tr>
    <tr class="how">
      <td colspan="3">
        ${chains(grants)}<span class="unseen">All that it reaches</span>${command(options.command(accessTo(subject)))}
      </td>
    </tr> `;
}

/** The bindings and roles by which it reads, to unfold. */
function chains(grants: readonly ReaderGrant[]): Part {
  const texts = grantTexts(grants);
  if (texts.length === 0) return null;
  const shown = texts.slice(0, GRANTS).map((text) => markup`<li>${text}</li>`);
  const more = texts.length - shown.length;
  return markup`<details class="chains">
    <summary>${count(texts.length, "chain")} of binding and role</summary>
    <ul>
      ${shown}${more > 0 ? markup`<li>${grouped(more)} more; -o json has all</li>` : null}
    </ul>
  </details> `;
}

/** Arguments of the report that shows what an identity reaches, grant by grant. */
export function accessTo(subject: SubjectRef): string {
  return `access ${shellQuote(subjectWord(subject))}${withNamespace(subject.namespace)}`;
}
