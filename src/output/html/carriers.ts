import type { Carrier, ExposureItem, ExposureReport } from "../../model/report.ts";
import type { Time } from "../../model/object.ts";
import { grouped } from "../text.ts";
import { byOrder } from "../timeline/order.ts";
import type { ViewOptions } from "../view.ts";
import { alikeIn, ends } from "../views/exposure-held.ts";
import { fixText } from "../views/fix-text.ts";
import { objectName } from "../views/names.ts";
import { markup, type Html, type Part, when } from "./markup.ts";
import { atLeast, command, firstOf, moment, scrolling, table } from "./pieces.ts";
import type { Terms } from "./terms.ts";

/** So many groups of alike objects, and of each so many objects, are listed. */
const GROUPS = 12;
const OBJECTS = 25;

/** What holds a credential: alike objects in one row, with their windows and why these open and close. */
export function carriersPart(item: ExposureItem, report: ExposureReport, options: ViewOptions, terms: Terms): Html {
  const now = report.metadata.takenAt;
  const groups = alikeIn(item.carriers.toSorted(byOrder));
  const rows = groups.slice(0, GROUPS).map(([same, why]) => groupRow(same, why, { now, options, terms }));
  const more =
    groups.length > GROUPS
      ? markup`<p class="bounded">${GROUPS} of ${grouped(groups.length)} kinds of place are listed; -o json has all.</p>`
      : null;
  return markup`<h4>
      What holds it
      <span class="quiet">${atLeast(item.carriers.length, report.complete)} ${item.carriers.length === 1 ? "place" : "places"}</span>
    </h4>
    ${scrolling("What holds it", table("places", ["Where", "Readable from", "Until"], rows))}${more} `;
}

interface About {
  now: Time;
  options: ViewOptions;
  terms: Terms;
}

function groupRow(same: readonly Carrier[], why: string, { now, options, terms }: About): Html {
  const first = same.reduce((a, b) => (b.opens < a.opens ? b : a));
  const path = markup`${terms.link(first.class)} <span class="path">${first.path}</span>`;
  return markup`<tr>
      <th scope="row">${placesOf(same, now)}${path}</th>
      <td data-label="Readable from">${opening(first, now)}</td>
      <td data-label="Until">${capital(ends([...same], now))}<span class="why">${why}</span></td>
    </tr>
    ${endsBy(same, options)}`;
}

function placesOf(same: readonly Carrier[], now: Time): Part {
  const [first, ...others] = same;
  if (others.length === 0) return markup`<b class="name">${objectName(first!.object)}</b>`;
  const list = firstOf(same, OBJECTS, ({ object, opens, opensIsBound, closes, closesIsBound }) => {
    const end = closes === null ? "no time known" : markup`${moment(closes, now)}${closesIsBound ? " (bound)" : ""}`;
    return markup`<li><b>${objectName(object)}</b> ${moment(opens, now)}${opensIsBound ? " (bound)" : ""} – ${end}</li>`;
  });
  return markup`<details class="alike">
    <summary><b class="name">${objectName(first!.object)}</b> and ${grouped(others.length)} more</summary>
    <ul>
      ${list}
    </ul>
  </details>`;
}

function opening({ opens, opensIsBound, opensNotBefore, opensBecause }: Carrier, now: Time): Part {
  const dated = Date.parse(opensNotBefore) < Date.parse(opens);
  return [
    markup`<span>${moment(opens, now)}${opensIsBound ? " at the latest" : ""}</span>`,
    when(
      opensIsBound,
      () => markup`<span class="why">not before ${dated ? moment(opensNotBefore, now) : "an unknown time"}</span>`,
    ),
    markup`<span class="why">${opensBecause}</span>`,
  ];
}

function endsBy(same: readonly Carrier[], options: ViewOptions): Part {
  const commands = [...new Set(same.map((carrier) => carrier.endsBy))].filter((one) => one !== null);
  const [first, ...others] = commands;
  if (first === undefined) return null;
  const likewise =
    others.length === 0 ? null : markup`<span class="why">and ${grouped(others.length)} more likewise</span>`;
  return markup`<tr class="how">
    <td colspan="3">
      <span class="unseen">Ended soonest by</span>${command(fixText({ fix: first }, options))}${likewise}
    </td>
  </tr> `;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
