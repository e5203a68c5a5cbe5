import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Report } from "../../../src/model/report.ts";
import { csvColumns } from "../../../src/output/csv/columns.ts";
import { originalOf } from "../../../src/output/csv/cell.ts";
import { FILES, hostileTexts, printed, renamed, reportOf, VERBS, written } from "./reports.ts";

type Row = Record<string, string>;

const cases = FILES.flatMap((file) => VERBS.map((verb) => ({ file, verb, of: file.split("/").at(-1)! })));

function rowsOf(csv: string): Row[] {
  return parse(csv, { columns: true, record_delimiter: "\r\n" });
}

/** The values that a row is to have, found in JSON by the names of the columns alone. */
function wanted(report: Report): object[] {
  if (report.kind === "ExposureReport") {
    return report.items.flatMap((item) =>
      item.carriers.map((carrier, index) => ({ ...item, carriers: { index, ...carrier } })),
    );
  }
  if (report.kind === "ReplayReport") {
    return report.items.flatMap<object>((item) =>
      (item.live?.workloads.length ?? 0) === 0
        ? [item]
        : item.live!.workloads.map((workload) => ({ ...item, live: { ...item.live, workloads: workload } })),
    );
  }
  return report.items;
}

function at(value: unknown, path: string): unknown {
  let found = value;
  for (const step of path.split(".")) found = (found as Record<string, unknown> | null | undefined)?.[step];
  return found;
}

function check(csv: string, report: Report): void {
  const rows = rowsOf(csv);
  const items = wanted(report);
  expect(rows).toHaveLength(items.length);
  for (const [index, row] of rows.entries()) {
    expect(Object.keys(row)).toEqual(csvColumns(report.kind));
    for (const [name, cell] of Object.entries(row)) {
      const from = /^(?:metadata|complete|blindSpots)/.test(name) ? report : items[index];
      const found = at(from, name);
      // None among what could be seen is not none.
      const value = name === "readers.count" && found === 0 && !report.complete ? null : found;
      if (value === undefined || value === null) {
        // What is not there, or stands in each of several things.
        if (!/^(?:ways|live\.workloads\.(?:blockedBy|wouldBlock))\./.test(name)) expect(cell, name).toBe("");
      } else if (typeof value !== "object") expect(originalOf(cell), name).toBe(String(value));
      else if (Array.isArray(value)) {
        expect(cell.split(/(?<!\\); /).filter((part) => part !== "").length > 0, name).toBe(value.length > 0);
      }
    }
  }
}

test.each(cases)("a parser reads the values of -o json: $verb of $of", async ({ verb, file }) => {
  const report = await reportOf(verb, file);
  check(await written(report, "csv"), report);
});

test("names stay in their cells, whatever they are", async () => {
  for (const verb of [["exposure"], ["stale"], []]) {
    const report = await reportOf(verb, "database.yaml");
    await fc.assert(
      fc.asyncProperty(hostileTexts, async (texts) => {
        const hostile = renamed(report, texts);
        check(await written(hostile, "csv"), hostile);
      }),
      { numRuns: 40 },
    );
  }
});

test("no cell is a formula, and each line ends as RFC 4180 has it", async () => {
  for (const file of FILES) {
    const csv = await printed(["exposure", "--all"], file, "csv");
    expect(csv.replaceAll("\r\n", "")).not.toMatch(/[\r\n\t]/);
    for (const row of rowsOf(csv)) {
      for (const cell of Object.values(row)) expect(cell).not.toMatch(/^(?![+-]?\d+(\.\d+)?$)[=+\-@\t\r]/);
    }
  }
});

test("what is unknown is empty, and what makes it so stands in the row", async () => {
  const [row] = rowsOf(await printed(["exposure"], "partial.jsonl", "csv"));
  expect(row).toMatchObject({ complete: "false", "readers.count": "" });
  expect(row!["blindSpots"]).toContain("list");
});

test("without headers rows alone are written", async () => {
  const [first, ...rest] = (await printed(["stale"], "database.yaml", "csv")).split("\r\n");
  expect(first).toMatch(/^object\.kind,/);
  expect((await printed(["stale"], "database.yaml", "csv", "--no-headers")).split("\r\n")).toEqual(rest);
});
