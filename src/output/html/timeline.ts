import type { ExposureItem, ExposureReport } from "../../model/report.ts";
import { grouped } from "../text.ts";
import { instantOf, trackOf, type Track } from "../timeline/track.ts";
import { opensIsBound, sureness, whyOpen } from "../views/exposure-ends.ts";
import { hoursCell, readersCell, sinceCell, untilCell } from "../views/findings.ts";
import { objectName } from "../views/names.ts";
import { bar, windowLines } from "./bar.ts";
import { markup, type Html, type Part } from "./markup.ts";
import { moment, plainWord, scrolling, severityMark } from "./pieces.ts";
import { axis, grid, planeOf } from "./plane.ts";

/** So many credentials are drawn; all that the page lists stand in the list below. */
export const DRAWN = 60;

/** The windows of the first credentials on one axis, each a link to what is known of it, and the same as a table. */
export function* timelineSection(report: ExposureReport, items: readonly ExposureItem[]): Generator<Html> {
  const now = instantOf(report.metadata.takenAt);
  if (items.length === 0) return;
  yield markup`<section aria-labelledby="timeline"><h2 id="timeline">When each could be read</h2>`;
  if (Number.isNaN(now)) {
    yield markup`<p>When the evidence was taken cannot be read: there is no now to draw windows around.</p></section>`;
    return;
  }
  const shown = items.slice(0, DRAWN);
  if (shown.length < items.length) {
    yield markup`<p class="bounded">The first ${shown.length} of ${grouped(items.length)} credentials are drawn.</p>`;
  }
  const tracks = shown.map((item) => trackOf(item, now));
  const plane = planeOf(tracks, now);
  const lines = grid(plane);
  yield markup`${patterns}
    <div class="timeline">
      <div class="ruler">
        <span>Dates in UTC</span>${axis(plane)}<span class="heads" aria-hidden="true"><span>Until</span><span>Readers</span></span>
      </div>
      <ol>
`;
  for (const [at, track] of tracks.entries()) yield row(report, track, at + 1, bar(track, plane, lines));
  yield markup`</ol></div>
${legend}
<details class="table"><summary>The same as a table</summary>
`;
  yield markup`${scrolling("Windows as a table", windowTable(report, shown))}</details>
</section>
`;
}

function row(report: ExposureReport, track: Track, at: number, drawing: Html): Html {
  const { item } = track;
  const now = report.metadata.takenAt;
  const { workload, severity, credential } = item;
  const where = workload.namespace === null ? "" : ` in ${workload.namespace}`;
  const tip = windowLines(item, now).map(([term, text]) => markup`<span><b>${term}</b> ${text}</span>`);
  return markup`<li data-at="${at}">
    <a class="row" href="#finding-${at}">
      <span class="what"><b class="name">${nameOf(item)}</b>
        <span class="in">${severityMark(severity)} ${objectName(workload)}${where}</span></span>
      ${drawing}
      <span class="ends"><span>${untilOf(item, now)}</span>
        <span>${plainWord(readersCell(item.readers, report.complete))}<span class="unseen"> readers</span></span></span>
      <span class="tip" aria-hidden="true"><b>${credential.name}</b>${tip}${track.faults.map((text) => markup`<span>${text}</span>`)}</span>
    </a>
  </li> `;
}

/** A credential's name, where the account matters more than the word in front of it. */
export function nameOf({ credential }: ExposureItem): string {
  return credential.name.replace("token of serviceaccount/", "token of sa/");
}

/** When the last of its windows closes, in few words. */
export function untilOf(item: ExposureItem, now: string): string {
  return untilCell(item.closes, whyOpen(item), now, sureness(item));
}

/** Since when, in few words. */
export function sinceOf(item: ExposureItem, now: string): string {
  return plainWord(sinceCell(item.opens, opensIsBound(item), now));
}

function windowTable(report: ExposureReport, items: readonly ExposureItem[]): Html {
  const now = report.metadata.takenAt;
  const rows = items.map((item, at): Part => {
    const { closesAssumes, closesIsBound } = sureness(item);
    const bound =
      closesAssumes !== null ? markup` or later, if ${closesAssumes}` : closesIsBound ? " at the latest" : "";
    const closes = item.closes === null ? untilOf(item, now) : markup`${moment(item.closes, now)}${bound}`;
    return markup`<tr>
      <th scope="row"><a href="#finding-${at + 1}">${nameOf(item)}</a></th>
      <td>${objectName(item.workload)}</td>
      <td>${moment(item.opens, now)}${opensIsBound(item) ? " at the latest" : ""}</td>
      <td>${item.neededUntil === null ? "-" : moment(item.neededUntil, now)}</td>
      <td>${closes}</td>
      <td class="number">${hoursCell(item.atRestHours.soFar)}</td>
      <td class="number">${plainWord(readersCell(item.readers, report.complete))}</td>
    </tr> `;
  });
  return markup`<table>
    <caption>
      Windows of the credentials that are drawn; times in UTC
    </caption>
    <thead>
      <tr>
        <th scope="col">Credential</th>
        <th scope="col">Workload</th>
        <th scope="col">Opened</th>
        <th scope="col">Last needed</th>
        <th scope="col">Closes</th>
        <th scope="col" class="number">At rest</th>
        <th scope="col" class="number">Readers</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

/** Hatching says that a stretch is a bound. */
const patterns = markup`<svg class="patterns" width="0" height="0" aria-hidden="true">
  <defs>
    <pattern id="hatch-maybe" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect class="ground" width="6" height="6" />
      <rect class="stripe" width="2" height="6" />
    </pattern>
    <pattern id="hatch-bound" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
      <rect class="ground" width="5" height="5" />
      <rect class="stripe" width="1.5" height="5" />
    </pattern>
  </defs>
</svg>`;

const legend = markup`<ul class="legend" aria-label="Legend">
  ${(
    [
      ["used", "up to its last use"],
      ["rest", "at rest"],
      ["projected", "projected"],
      ["projected bound", "projected, may end sooner"],
      ["maybe", "perhaps already"],
    ] as const
  ).map(
    ([kind, means]) =>
      markup`<li>
        <svg class="bar" width="26" height="12" aria-hidden="true">
          <rect class="${kind}" width="26" height="12" rx="1.5" />
        </svg>
        ${means}
      </li>`,
  )}${(
    [
      ["≤", "at the latest"],
      ["≥", "at the earliest"],
      ["→", "no end known"],
      ["›", "ends later"],
    ] as const
  ).map(([glyph, means]) => markup`<li><b class="glyph">${glyph}</b> ${means}</li>`)}
</ul>`;
