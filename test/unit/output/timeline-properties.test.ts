import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { Carrier, ExposureItem } from "../../../src/model/report.ts";
import { width } from "../../../src/output/width.ts";
import { barOf } from "../../../src/output/timeline/bar.ts";
import { placeNotes } from "../../../src/output/timeline/place.ts";
import { columnsOf, scaleOf } from "../../../src/output/timeline/scale.ts";
import { trackOf } from "../../../src/output/timeline/track.ts";
import { sureness } from "../../../src/output/views/exposure-ends.ts";
import { carrier, draw, item, NOW } from "./timeline-report.ts";

const now = Date.parse(NOW);
const hour = 3_600_000;
const time = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.double({ min: -2000, max: 2000, noNaN: true }).map((h) => new Date(now + h * hour).toISOString()),
  },
  { weight: 4, arbitrary: fc.integer({ min: -48, max: 48 }).map((h) => new Date(now + h * hour).toISOString()) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(NOW, "", "soon", "2026-13-41T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
  },
);
const name = fc.oneof(
  fc.stringMatching(/^[a-z0-9-]{1,60}$/),
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 30 }),
);

const carriers: fc.Arbitrary<Carrier> = fc
  .record({
    name,
    kind: fc.constantFrom("CronJob", "Job", "Pod"),
    opens: time,
    before: fc.option(time, { nil: null }),
    closes: fc.option(time, { nil: null }),
    opensIsBound: fc.boolean(),
    closesIsBound: fc.boolean(),
    closesAssumes: fc.option(fc.constant("the next 2 runs succeed"), { nil: null }),
    closesBecause: fc.constantFrom("never" as const, "ttl" as const, "history-limit" as const),
    closesWhy: fc.oneof(name, fc.lorem({ maxCount: 30 })),
  })
  .map(({ name: own, kind, before, ...rest }) =>
    carrier({
      ...rest,
      opensNotBefore: before ?? rest.opens,
      object: { kind, namespace: "database", name: own, uid: null },
    }),
  );

const items: fc.Arbitrary<ExposureItem> = fc
  .record({
    carriers: fc.array(carriers, { minLength: 1, maxLength: 5 }),
    neededUntil: fc.option(time, { nil: null }),
    removedBy: fc.option(time, { nil: null }),
    rotatedBy: fc.option(time, { nil: null }),
    removedFromTemplate: fc.constantFrom(true, false, null),
    soFar: fc.double({ min: 0, max: 5000, noNaN: true }),
    everyone: fc.boolean(),
    name,
  })
  .map(({ carriers: places, soFar, everyone, name: own, ...more }) => {
    const one = item(places, { ...more, atRestHours: { soFar, projected: null } });
    one.credential.name = own;
    one.readers = { ...one.readers, everyone };
    return one;
  });

const lists = fc.array(items, { minLength: 1, maxLength: 5 });
const columns = fc.integer({ min: 40, max: 250 });

vi.setConfig({ testTimeout: 30_000 });

test("every line fits, whatever is drawn and however wide the terminal is", () => {
  fc.assert(
    fc.property(lists, columns, (list, wide) => {
      for (const line of draw(list, wide)) {
        expect(width(line)).toBeLessThanOrEqual(wide);
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/);
      }
    }),
    { numRuns: 150 },
  );
});

test("the order of carriers changes nothing", () => {
  fc.assert(
    fc.property(lists, columns, fc.infiniteStream(fc.nat()), (list, wide, chance) => {
      const shuffled = list.map((one) => ({
        ...one,
        carriers: one.carriers
          .map((each) => ({ each, rank: chance.next().value }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ each }) => each),
      }));
      expect(draw(shuffled, wide)).toEqual(draw(list, wide));
    }),
  );
});

/** Bars of all items on one scale. */
function bars(list: ExposureItem[], wide: number) {
  const tracks = list.map((one) => trackOf(one, now));
  const scale = scaleOf(tracks, now, wide);
  return { scale, bars: tracks.map((track) => ({ track, cells: barOf(track, scale, sureness(track.item)) })) };
}

test("a bar has as many columns as there are, and now stands in the same one", () => {
  fc.assert(
    fc.property(lists, fc.integer({ min: 10, max: 200 }), (list, wide) => {
      const { scale, bars: drawn } = bars(list, wide);
      expect(columnsOf(scale)).toBe(wide);
      for (const { cells } of drawn) {
        expect(cells).toHaveLength(wide);
        expect(cells.indexOf("│")).toBe(scale.past);
        expect(cells.lastIndexOf("│")).toBe(scale.past);
      }
    }),
  );
});

test("glyphs stand in their order: use before rest, past before projected, an end at the end", () => {
  fc.assert(
    fc.property(lists, fc.integer({ min: 10, max: 200 }), (list, wide) => {
      for (const { cells, track } of bars(list, wide).bars) {
        const line = cells.join("");
        expect(line).toMatch(/^‹?[ ░█]*[ ░▓]*≤?[ ░▓]*│[ ▒]*[┤≤≥→?›]? *$/);
        if (track.windows.length === 0) expect(line).not.toMatch(/[█▓▒░┤≤≥→?›‹]/);
        if (track.end > now) expect(line).toMatch(/[┤≤≥→?›] *$/);
      }
    }),
    { numRuns: 150 },
  );
});

test("every instant at which it was readable has a mark, and gaps wider than a column have none", () => {
  fc.assert(
    fc.property(lists, fc.integer({ min: 10, max: 200 }), (list, wide) => {
      const { scale, bars: drawn } = bars(list, wide);
      for (const { track, cells } of drawn) {
        const first = Math.min(track.windows[0]?.from ?? Infinity, track.maybe[0]?.from ?? Infinity);
        const cut = first < now - (scale.past + 0.001) * scale.step;
        expect(cells[0] === "‹").toBe(cut);
        for (let at = 0; at < scale.future; at++) {
          const from = now + (at + 1e-4) * scale.step;
          const touches = track.windows.some((one) => one.from < from + 0.999 * scale.step && one.to > from);
          if (touches) expect(cells[scale.past + 1 + at]).toMatch(/[▒┤≤≥→?›]/);
        }
        for (let at = 0; at < scale.past; at++) {
          const from = now - (scale.past - at) * scale.step;
          const to = from + scale.step;
          const slack = scale.step * 1e-4;
          const touches = track.windows.some((one) => one.from < to - slack && one.to > from + slack && one.from < now);
          const near = track.windows.some((one) => one.from < to + slack && one.to > from - slack);
          if (touches) expect(cells[at]).toMatch(/[█▓‹]/);
          if (!near) expect(cells[at]).toMatch(/[ ░≤‹]/);
        }
      }
    }),
  );
});

test("remarks fit their room, and each hangs by its own column", () => {
  const note = fc.record({ column: fc.nat(99), text: fc.lorem({ maxCount: 12 }) });
  fc.assert(
    fc.property(
      fc.uniqueArray(note, { maxLength: 5, selector: ({ column }) => column }),
      fc.integer({ min: 110, max: 160 }),
      (notes, room) => {
        const lines = placeNotes(notes, room);
        for (const line of lines) expect(width(line)).toBeLessThanOrEqual(room);
        for (const { column } of notes) {
          const glyphs = lines.map((line) => line[column] ?? " ").join("");
          expect(glyphs).toMatch(/^│*[└┘]/);
        }
      },
    ),
  );
});
