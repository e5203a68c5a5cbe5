import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CredentialHistory } from "../../../src/model/report.ts";
import { width } from "../../../src/output/width.ts";
import { historyLines } from "../../../src/output/views/replay-history.ts";
import { NOW, ref } from "./replay-report.ts";

const HOUR = 3_600_000;

/** A credential in runs so many hours before now, each with the value of this letter. */
function history(runs: [hours: number, letter: string][], name = "DB_PASSWORD"): CredentialHistory {
  const order = [...new Set(runs.map(([, letter]) => letter))];
  const at = (hours: number): string => new Date(Date.parse(NOW) - hours * HOUR).toISOString();
  const own = runs.map(([hours, letter], place) => ({
    ...{ at: at(hours), value: order.indexOf(letter), object: ref("Job", `backup-${String(place + 1)}`) },
  }));
  return {
    ...{ name, kind: "password", field: "spec.containers[main].env[DB_PASSWORD]", runs: own },
    values: order.map((letter, value) => {
      const its = own.filter((one) => one.value === value);
      const [first, last] = [its[0]!, its.at(-1)!];
      return {
        ...{ fingerprint: `fingerprint-of-${letter}`, firstRun: first.object, firstAt: first.at },
        ...{ lastRun: last.object, lastAt: last.at, runs: its.length },
      };
    }),
    ...{ from: own[0]!.at, to: own.at(-1)!.at },
    rotations: own.filter((one, place) => place > 0 && one.value !== own[place - 1]!.value).length,
  };
}

function drawn(histories: CredentialHistory[], columns = 80): string[] {
  return historyLines(histories, { now: NOW, options: { width: columns } }).map(String);
}

describe("a history", () => {
  test("has an axis of its own width where the format has none, as markdown", () => {
    expect(drawn([history([[24, "a"]])], Infinity)).toEqual(drawn([history([[24, "a"]])], 100));
  });

  test("stands on a time axis: a letter for each run, what is the same between runs, and where it was rotated", () => {
    const lines = drawn([
      history([
        ...([240, 216, 192, 168] as const).map((hours): [number, string] => [hours, "a"]),
        ...([120, 96, 72] as const).map((hours): [number, string] => [hours, "b"]),
        [24, "a"],
      ]),
      history([[72, "x"]], "API_KEY"),
    ]);
    expect(lines).toEqual([
      "HISTORY       -10d        -8d         -6d        -4d         -2d         now",
      "dates in UTC  ┬ 11-12 ────┬ 11-14 ────┬ 11-16 ───┬ 11-18 ────┬ 11-20 ────┼──",
      "DB_PASSWORD   A────A─────A─────A···········B─────B─────B···········A     │",
      "API_KEY                                                A                 │",
      "A, B … a run, and its value   ─ the same value   · rotated in between",
      "│ now",
      "DB_PASSWORD (password) at spec.containers[main].env[DB_PASSWORD]: 2 values, 2 rotations",
      "  A  fingerprint fingerprint-of-a, in 5 retained objects: job/backup-1 (2026-11-12 12:00:00 UTC) to job/backup-8 (2026-11-21 12:00:00 UTC)",
      "  B  fingerprint fingerprint-of-b, in 3 retained objects: job/backup-5 (2026-11-17 12:00:00 UTC) to job/backup-7 (2026-11-19 12:00:00 UTC)",
      "API_KEY (password) at spec.containers[main].env[DB_PASSWORD]: 1 value, 0 rotations",
      "  A  fingerprint fingerprint-of-x, in 1 retained object: job/backup-1 (2026-11-19 12:00:00 UTC)",
    ]);
  });

  test("says where runs with different values fall into one column", () => {
    const lines = drawn([
      history([
        [240, "a"],
        [100.1, "b"],
        [100, "c"],
      ]),
    ]);
    expect(lines[2]).toMatch(/^DB_PASSWORD {3}A·+\* +│$/);
    expect(lines).toContain("* runs with different values   │ now");
  });

  test("of more values than there are letters has one sign for all", () => {
    const runs = Array.from({ length: 60 }, (_, at): [number, string] => [600 - at * 10, `v${String(at)}`]);
    expect(drawn([history(runs)], 700)[2]).toMatch(/^DB_PASSWORD {3}x·+x/);
  });

  test("fits the terminal at any width, however long the names, and never draws past now", () => {
    const runs = fc.array(fc.tuple(fc.double({ min: -5, max: 900, noNaN: true }), fc.constantFrom("a", "b", "c")), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(fc.array(runs, { minLength: 1, maxLength: 3 }), fc.integer({ min: 60, max: 200 }), (all, columns) => {
        const names = ["DB_PASSWORD", "A_VERY_LONG_NAME_OF_A_CREDENTIAL_THAT_NO_ROW_HOLDS", "x\u001b[2J"];
        const sorted = all.map((one, at) =>
          history(
            one.toSorted(([a], [b]) => b - a),
            names[at],
          ),
        );
        const rows = drawn(sorted, columns).slice(0, 2 + sorted.length);
        for (const row of rows) {
          expect(width(row)).toBeLessThanOrEqual(columns - 4);
          expect(row).not.toContain("\u001b");
        }
        for (const row of rows.slice(2)) expect(row.at(-1)).toBe("│");
      }),
    );
  });

  test("of nothing has no lines", () => {
    expect(drawn([])).toEqual([]);
  });
});
