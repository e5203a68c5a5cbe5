import fc from "fast-check";
import { expect, test } from "vitest";
import { axis, extent, margin, planeOf } from "../../../../src/output/html/plane.ts";
import { trackOf } from "../../../../src/output/timeline/track.ts";
import { carrier, item, NOW } from "../timeline-report.ts";

const now = Date.parse(NOW);
const day = 86_400_000;

/** Tracks with openings and ends at any distance, minutes to years. */
const tracks = fc
  .array(
    fc.record({
      age: fc.integer({ min: 0, max: 900 * day }),
      lasts: fc.option(fc.integer({ min: 1, max: 1200 * day })),
      bound: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((all) =>
    all.map(({ age, lasts, bound }) => {
      const opens = new Date(now - age).toISOString();
      const closes = lasts === null ? null : new Date(now - age + lasts).toISOString();
      const opensNotBefore = new Date(now - age - (bound ? day : 0)).toISOString();
      return trackOf(item([carrier({ opens, opensNotBefore, opensIsBound: bound, closes })]), now);
    }),
  );

test("everything that is drawn lies between the margins, in the order of time", () => {
  fc.assert(
    fc.property(tracks, (all) => {
      const plane = planeOf(all, now);
      expect(plane.at(now)).toBeGreaterThan(margin);
      expect(plane.at(now)).toBeLessThanOrEqual(100 - margin);
      expect(plane.at(now - 1)).toBeLessThan(plane.at(now));
      for (const stretch of all.flatMap(({ windows, maybe }) => [...windows, ...maybe])) {
        const place = extent(stretch, plane);
        if (place === null) continue;
        const [x, width] = [parseFloat(place.x), parseFloat(place.width)];
        expect(x).toBeGreaterThanOrEqual(margin);
        expect(width).toBeGreaterThan(0);
        expect(x + width).toBeLessThanOrEqual(100 - margin + 0.51);
      }
    }),
  );
});

test("labels of the axis stand apart, now among them", () => {
  fc.assert(
    fc.property(tracks, (all) => {
      const drawn = axis(planeOf(all, now)).text;
      const places = [...drawn.matchAll(/x="([\d.]+)%" y="12"/g)].map(([, x]) => Number(x)).sort((a, b) => a - b);
      expect(drawn).toContain(">now<");
      for (const [at, x] of places.entries()) if (at > 0) expect(x - places[at - 1]!).toBeGreaterThan(14.9);
    }),
  );
});
