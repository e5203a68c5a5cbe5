import type { ObjectRef, Time } from "../../model/object.ts";
import type { Severity } from "../../model/report.ts";
import { relative, utc } from "../age.ts";
import { grouped } from "../text.ts";
import { cut } from "../width.ts";
import { objectName } from "../views/names.ts";
import { markup, type Html, type Part } from "./markup.ts";

/** A severity as a word in its colour. */
export function severityMark(severity: Severity): Html {
  return markup`<span class="severity ${severity}">${severity}</span>`;
}

/** A command to paste, and below it the remarks that stand in its comment; where scripts run, it gets a button that copies it. */
export function command(text: string): Html {
  const at = commentAt(text);
  const line = at < 0 ? text : text.slice(0, at);
  const parts = at < 0 ? [] : text.slice(at).replace(/^ +# /, "").split("; ");
  const below = parts.map((part) => markup`<span class="why">${part}</span>`);
  return markup`<div class="command"><code>${line}</code></div>
    ${below}`;
}

/** Where a command's comment begins; -1 without one. A name between quotes may look like one. */
function commentAt(text: string): number {
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\" && !isQuoted) at++;
    else if (text[at] === "'") isQuoted = !isQuoted;
    else if (!isQuoted && text.startsWith("  # ", at)) return at;
  }
  return -1;
}

/** A moment: date and time of day, and how far from `now`. `unknown` where it is no time. */
export function moment(time: Time | null, now: Time): Html {
  if (time === null || Number.isNaN(Date.parse(time))) return markup`<span class="unknown">unknown</span>`;
  const text = utc(time);
  return markup`<time datetime="${time}">${text.slice(0, 16)}</time> <span class="far">${relative(time, now)}</span>`;
}

/** `job/x`, and the namespace in a quieter voice. */
export function objectMark(object: Pick<ObjectRef, "kind" | "name" | "namespace">): Html {
  const where = object.namespace === null ? null : markup` <span class="in">in ${object.namespace}</span>`;
  return markup`<span class="object"><b>${objectName(object)}</b>${where}</span>`;
}

/** A term and what is said of it, for a list of facts; nothing where there is nothing to say. */
export function fact(term: string, said: Part): Part {
  if (said === null || said === "") return null;
  return markup`<div>
    <dt>${term}</dt>
    <dd>${said}</dd>
  </div>`;
}

/** A table of these columns, with a class for its looks. */
export function table(look: string, headings: readonly string[], rows: readonly Part[]): Html {
  return markup`<table class="${look}">
    <thead>
      <tr>
        ${headings.map((heading) => markup`<th scope="col">${heading}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

/** A figure that may be too low: `12`, and `12+` where not everything was seen. */
export function atLeast(count: number, complete: boolean): Html {
  if (complete) return markup`${grouped(count)}`;
  return markup`<span aria-hidden="true">${grouped(count)}+</span><span class="unseen">at least ${grouped(count)}</span>`;
}

/** What scrolls by itself where it is too wide for the page, by keyboard as well. */
export function scrolling(label: string, content: Part): Html {
  return markup`<div class="scroll" role="group" tabindex="0" aria-label="${cut(label, 100)}">${content}</div>`;
}

/** The first of a list, and in words how many more there are. */
export function firstOf<T>(all: readonly T[], most: number, make: (one: T, at: number) => Part): Part {
  if (all.length <= most) return all.map(make);
  return [...all.slice(0, most).map(make), markup`<li class="more">and ${grouped(all.length - most)} more</li>`];
}

/** A cell of a terminal's table as a page has it: what stands in angle brackets there is a word here. */
export function plainWord(cell: string): string {
  return cell.replace(/^<(unknown|none|invalid)>$/, "$1");
}
