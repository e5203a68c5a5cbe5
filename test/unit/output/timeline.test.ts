import { describe, expect, test } from "vitest";
import { timeline } from "../../../src/output/timeline/index.ts";
import { width } from "../../../src/output/width.ts";
import { carrier, draw, item, report } from "./timeline-report.ts";

/** The first bar, without the words around it. */
function bar(lines: string[]): string {
  return /[‹█▓░▒ ≤]*│[▒┤≤≥→›? ]*/.exec(lines[2]!.slice(20))![0].trim();
}

test("one credential: what was, what may have been, what will be, and why", () => {
  const template = carrier({
    object: { kind: "CronJob", namespace: "database", name: "backup", uid: "c" },
    ...{ opensNotBefore: "2026-11-12T12:00:00Z", opensIsBound: true, closesWhy: "until the template changes" },
  });
  expect(draw([item([template, carrier()])]).join("\n")).toMatchInlineSnapshot(`
    "CREDENTIAL          -10d      -8d      -6d       -4d      -2d       now        UNTIL         READERS
    dates in UTC        ┬ 11-12 ──┬ 11-14 ─┬ 11-16 ──┬ 11-18 ─┬ 11-20 ──┼ 11-22 ─
    DB_PASSWORD  b4e1…  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░██████▓▓▓▓│▒▒▒▒▒▒▒→  no end known  14
    high  database             opened 2d ago at the latest in ┘     │    └ until the template changes
    cronjob/backup         cronjob/backup; not before 10d ago       └ last needed 24h ago

    █ up to its last use   ▓ at rest   ▒ projected   ░ perhaps (not before … proved by)   → no end known"
  `);
});

describe("an end is drawn as what it is", () => {
  const until = (more: Parameters<typeof carrier>[0]) => bar(draw([item([carrier(more)])]));
  const closes = "2026-11-23T00:00:00Z";
  test.each([
    ["known", { closes }, /█▓+│▒+┤$/],
    ["a bound", { closes, closesIsBound: true }, /█▓+│▒+≤$/],
    ["the earliest that can be", { closes, closesAssumes: "the next 2 runs succeed" }, /█▓+│▒+≥$/],
    ["not known", {}, /█▓+│▒+→$/],
    ["unreadable", { closes: "soon" }, /█▓+│▒+\?$/],
    ["beyond the axis", { closes: "2027-11-23T00:00:00Z" }, /█▓+│▒+›$/],
    ["past", { closes: "2026-11-22T00:00:00Z" }, /^█+▓+ +│$/],
    ["past, and a bound", { closes: "2026-11-22T00:00:00Z", closesIsBound: true }, /^█+▓+≤ +│$/],
  ])("%s", (_, more, expected) => {
    expect(until(more)).toMatch(expected);
  });
});

describe("an opening is drawn as what it is", () => {
  test("what lies between not before and proved by is no fact", () => {
    const lines = draw([item([carrier({ opensNotBefore: "2026-11-18T12:00:00Z", opensIsBound: true })])]);
    expect(bar(lines)).toMatch(/^░+█+▓+│/);
    expect(lines.join(" ")).toMatch(/opened 2d ago at the .*latest in job\/backup-1;.*not before 4d ago/);
  });

  test("of which nothing earlier is known, it may lie before the axis", () => {
    const lines = draw([item([carrier({ opensIsBound: true })]), item([carrier({ opens: "2026-11-15T12:00:00Z" })])]);
    expect(bar(lines)).toMatch(/^‹░+█+▓+│/);
    expect(lines.join("\n")).toContain("earlier unknown");
  });

  test("far before all others, it is cut, and its date is in words", () => {
    const old = item([carrier({ opens: "2023-11-22T12:00:00Z" })]);
    const lines = draw([old, ...Array.from({ length: 9 }, () => item([carrier()]))]);
    expect(bar(lines)).toMatch(/^‹/);
    expect(lines[3]).toMatch(/└ last needed 24h ago|opened 3y/);
    expect(lines.slice(3, 8).join("\n")).toContain("opened 3y");
  });
});

describe("use", () => {
  test("that goes on leaves nothing at rest", () => {
    expect(bar(draw([item([carrier()], { neededUntil: null, atRestHours: { soFar: 0, projected: null } })]))).toMatch(
      /^█+│/,
    );
  });

  test("that was never seen leaves all of it at rest", () => {
    const unused = item([carrier()], { neededUntil: null, atRestHours: { soFar: 48, projected: null } });
    expect(bar(draw([unused]))).toMatch(/^▓+│/);
  });
});

test("between two runs with the same credential nothing is drawn", () => {
  const first = carrier({ opens: "2026-11-18T12:00:00Z", closes: "2026-11-19T12:00:00Z" });
  expect(bar(draw([item([carrier(), first])]))).toMatch(/^█+ +█+▓+│▒/);
});

describe("bad data is said, and makes no bar", () => {
  const said = (...carriers: Parameters<typeof item>[0]) => draw([item(carriers), item([carrier()])]);
  test.each([
    ["an unreadable opening", { opens: "yesterday" }, "not drawn: when it opened cannot be read"],
    ["an end before its beginning", { closes: "2026-11-01T00:00:00Z" }, "not drawn: it closes before it opens"],
    ["an empty window", { closes: "2026-11-20T12:00:00Z" }, "no window: it closes as it opens"],
  ])("%s", (_, more, words) => {
    const lines = said(carrier(more));
    expect(lines[2]).toMatch(/ {2}│ {2}/);
    expect(lines[2]).not.toMatch(/[█▓░▒]/);
    expect(lines.join("\n").replace(/\s+/g, " ")).toContain(words);
  });

  test("of one place among others, the others are drawn", () => {
    const lines = said(carrier({ opens: "?" }), carrier());
    expect(bar(lines)).toMatch(/█▓+│/);
    expect(lines.join("\n").replace(/[│\s]+/g, " ")).toContain("1 of 2 places not drawn");
  });

  test("an opening in the future", () => {
    const lines = said(carrier({ opens: "2026-11-22T12:05:00Z" }));
    expect(bar(lines)).toMatch(/^│▒+→$/);
    expect(lines.join("\n").replace(/\s+/g, " ")).toMatch(/opens in 5m in job\/backup-1;.*the clocks differ/);
  });

  test("evidence without a readable time", () => {
    expect(draw([item([carrier()])], 100, "now").join(" ")).toContain("cannot be read");
  });
});

test("what the remarks say of removal and rotation stands under their columns", () => {
  const lines = draw(
    [
      item([carrier()], {
        removedFromTemplate: true,
        removedBy: "2026-11-21T00:00:00Z",
        rotatedBy: "2026-11-22T00:00:00Z",
      }),
    ],
    200,
  );
  const words = lines.join("\n");
  expect(words).toContain("left the template 36h ago at the latest");
  expect(words).toContain("the Secret was written 12h ago at the latest");
});

test("a narrow terminal has a bar and two dates", () => {
  const lines = draw([item([carrier({ closes: "2026-11-23T00:00:00Z", closesIsBound: true })])], 60);
  expect(lines.join("\n")).toMatchInlineSnapshot(`
    "-2d        -36h        -24h       -12h        now
    ┬ 12:00 ───┬ 00:00 ────┬ 12:00 ───┬ 00:00 ────┼ 12:00 ──────
    DB_PASSWORD  b4e1…                          high, 14 readers
    ███████████████████████▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓│▒▒▒▒▒▒▒▒▒▒▒≤
    2026-11-20 12:00                         by 2026-11-23 00:00

    █ up to its last use   ▓ at rest   ▒ projected
    ≤ closes then at the latest"
  `);
});

test("colour carries severity and moves nothing", () => {
  const items = [item([carrier()], { severity: "critical" })];
  const colored = [...timeline(report(items), items, { width: 100, color: true, headers: true })];
  expect(colored.join("\n")).toContain("\u001b[1;31mcritical\u001b[0m");
  expect(colored.map((line) => line.replace(/\u001b\[[\d;]*m/g, "").trimEnd())).toEqual(draw(items));
});

test("without headers there are rows alone", () => {
  const items = [item([carrier()])];
  const rows = [...timeline(report(items), items, { width: 100, color: false, headers: false })];
  expect(rows).toEqual(draw(items).slice(2, 2 + rows.length));
  expect(rows.length).toBeGreaterThan(1);
});

test("names that steer a terminal are written out, wide ones are measured", () => {
  const hostile = "\u001b[2J日本語の資格情報が長い名前\u202ee\u0301\n";
  const object = { kind: "Job", namespace: hostile, name: hostile, uid: null };
  const items = [item([carrier({ object, closesWhy: hostile.repeat(5) })], { workload: object })];
  items[0]!.credential.name = hostile;
  for (const columns of [60, 100, 200]) {
    const lines = draw(items, columns);
    for (const line of lines) expect(width(line)).toBeLessThanOrEqual(columns);
    expect(lines.join("")).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(lines.join("")).toContain("^[[2J日本");
  }
});

test("the time it takes is proportional to the credentials", () => {
  const fastest = (n: number): number => {
    const items = Array.from({ length: n }, (_, at) => item([carrier({}, `job-${String(at)}`)]));
    const times = [1, 2, 3].map(() => {
      const start = performance.now();
      expect(draw(items).length).toBeGreaterThan(n * 2);
      return performance.now() - start;
    });
    return Math.min(...times);
  };
  fastest(500);
  // Eight times as many; what grows with the square would take 64 times as long.
  expect(fastest(4000) / fastest(500)).toBeLessThan(32);
}, 30_000);
