import type { Carrier, ExposureItem } from "../../model/report.ts";
import type { Time } from "../../model/object.ts";
import { relative } from "../age.ts";
import { cellText } from "../text.ts";
import { objectName } from "../views/names.ts";
import { inOne } from "../views/reasons.ts";
import { sureness, whyOpen } from "../views/exposure-ends.ts";
import { lastColumn } from "./bar.ts";
import type { Note } from "./place.ts";
import { columnOf, type Scale } from "./scale.ts";
import { instantOf, type Track } from "./track.ts";

/** What there is to say about a bar, each remark at the column it is about. */
export function notesOf(track: Track, scale: Scale, takenAt: Time): Note[] {
  const { item, windows, faults } = track;
  const at = (time: number): number => Math.min(scale.past, Math.max(0, columnOf(time, scale)));
  const notes: Note[] = faults.map((text) => ({ column: scale.past, text }));
  if (windows.length > 0) {
    const opens = windows[0]!.from;
    const column =
      opens > scale.now && scale.future > 0 ? Math.min(columnOf(opens, scale), scale.past + scale.future) : at(opens);
    notes.push({ column, text: openingText(track, takenAt) });
    notes.push(...useNotes(track, scale, takenAt));
    notes.push(endNote(track, scale, takenAt));
  }
  const { removedBy, removedFromTemplate, rotatedBy } = item;
  const by = instantOf(removedBy);
  if (removedBy !== null && !Number.isNaN(by)) {
    notes.push({ column: at(by), text: `left the template ${relative(removedBy, takenAt)} at the latest` });
  } else if (removedFromTemplate) notes.push({ column: scale.past, text: "the template no longer has it" });
  const rotated = instantOf(rotatedBy);
  if (rotatedBy !== null && !Number.isNaN(rotated)) {
    notes.push({ column: at(rotated), text: `the Secret was written ${relative(rotatedBy, takenAt)} at the latest` });
  }
  return notes.map(({ column, text }) => ({ column, text: cellText(text) }));
}

function openingText({ item, windows }: Track, takenAt: Time): string {
  const first = earliest(item.carriers, windows[0]!.from);
  const opened = instantOf(first.opens) > instantOf(takenAt) ? "opens" : "opened";
  const parts = [
    `${opened} ${relative(first.opens, takenAt)}${first.opensIsBound ? " at the latest" : ""} in ${objectName(first.object)}`,
  ];
  if (opened === "opens") parts.push("the clocks differ");
  if (first.opensIsBound) {
    const notBefore = instantOf(first.opensNotBefore) < instantOf(first.opens);
    parts.push(notBefore ? `not before ${relative(first.opensNotBefore, takenAt)}` : "earlier unknown");
  }
  return parts.join("; ");
}

function earliest(carriers: readonly Carrier[], opens: number): Carrier {
  const drawn = ({ opens: own, closes }: Carrier): boolean => instantOf(own) === opens && !(instantOf(closes) <= opens);
  // A run proves no more than that its template held it by then.
  return carriers.find((carrier) => drawn(carrier) && carrier.opensIsBound) ?? carriers.find(drawn)!;
}

/** When the last container that used it ended; nothing where none is known to have. */
function useNotes({ item: { neededUntil }, needed, windows }: Track, scale: Scale, takenAt: Time): Note[] {
  if (neededUntil === null || !Number.isFinite(needed)) return [];
  const first = Math.max(0, columnOf(windows[0]!.from, scale));
  const column = Math.max(first, columnOf(needed, scale));
  // The first column at rest, if one is drawn.
  const rest = Math.min(column + 1, lastColumn(Math.min(scale.now, windows.at(-1)!.to), scale));
  return [
    { column: Math.min(Math.max(column, rest, 0), scale.past), text: `last needed ${relative(neededUntil, takenAt)}` },
  ];
}

function endNote(track: Track, scale: Scale, takenAt: Time): Note {
  const { item, end } = track;
  const last = scale.past + scale.future;
  const why = whyItEnds(item);
  if (end <= scale.now) {
    const column = Math.min(scale.past, Math.max(0, lastColumn(end, scale)));
    const bound = sureness(item).closesIsBound ? " at the latest" : "";
    return { column, text: `closed ${relative(new Date(end).toISOString(), takenAt)}${bound}: ${why}` };
  }
  const column = columnOf(end, scale);
  const text = track.endUnreadable && end === Infinity ? `its end cannot be read: ${why}` : why;
  // An end that is not drawn has no column; its reason belongs to all that is projected.
  return { column: column <= last ? column : Math.min(last, scale.past + 1), text };
}

/** Why the last carrier ends, or why none is known to, and what that takes. */
function whyItEnds(item: ExposureItem): string {
  const because = whyOpen(item);
  const last = item.carriers.filter(
    ({ closes, closesBecause }) => closes === item.closes && (closes !== null || closesBecause === because),
  );
  const reasons = last.length === 0 ? item.carriers : last;
  const own = inOne(reasons.map(({ closesWhy }) => closesWhy)) ?? reasons[0]!.closesWhy;
  // Which one it is stands with the opening, or in the table.
  const why = own.replace(/^with (cronjob|job|pod)\/[^:]+: /, "with its $1: ");
  const assumes = reasons.find(({ closesAssumes }) => closesAssumes !== null)?.closesAssumes ?? null;
  return assumes === null ? why : `${why}; if ${assumes.replace(/^(?:if|that) /, "")}`;
}
