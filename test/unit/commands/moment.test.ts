import { describe, expect, test } from "vitest";
import { readMoment } from "../../../src/commands/moment.ts";

const TAKEN = "2026-11-22T12:00:00Z";
const at = (text: string): string => readMoment("--since", text)(TAKEN);

describe("a moment is", () => {
  test.each([
    ["2026-11-20T14:00:00Z", "2026-11-20T14:00:00Z"],
    ["2026-11-20T14:00Z", "2026-11-20T14:00:00Z"],
    ["2026-11-20T14:00:00.999Z", "2026-11-20T14:00:00Z"],
    ["2026-11-20T14:00:00.123456789Z", "2026-11-20T14:00:00Z"],
    ["2026-11-20T14:00:00+05:30", "2026-11-20T08:30:00Z"],
    ["2026-11-20T14:00:00-08:00", "2026-11-20T22:00:00Z"],
    ["2024-02-29", "2024-02-29T00:00:00Z"],
    ["2026-11-20", "2026-11-20T00:00:00Z"],
  ])("RFC 3339 or a date in UTC, whatever the evidence: %s", (text, expected) => {
    expect(at(text)).toBe(expected);
  });

  test.each([
    ["0s", "2026-11-22T12:00:00Z"],
    ["90s", "2026-11-22T11:58:30Z"],
    ["90m", "2026-11-22T10:30:00Z"],
    ["1h30m", "2026-11-22T10:30:00Z"],
    ["24h", "2026-11-21T12:00:00Z"],
    ["7d", "2026-11-15T12:00:00Z"],
    ["2w", "2026-11-08T12:00:00Z"],
    ["10000d", "1999-07-07T12:00:00Z"],
  ])("a duration before the evidence was taken: %s", (text, expected) => {
    expect(at(text)).toBe(expected);
  });
});

describe("refused as", () => {
  test.each([
    "",
    "yesterday",
    "7",
    "-7d",
    "7 d",
    "7D",
    "1.5h",
    "d",
    "1y",
    "1000000000d",
    "2026-11-20T14:00:00",
    "2026-11-20 14:00:00Z",
    "2026-13-01",
    "2026-02-30",
    "2026-02-29",
    "2026-04-31T00:00:00Z",
    "2026-11-20T25:00:00Z",
    "2026-11-20T14:00:00+25:00",
    "20261120",
    "1763827200",
    "2026-11-20\n",
  ])("no time: %j", (text) => {
    expect(() => readMoment("--until", text)).toThrow(
      expect.objectContaining({
        name: "UsageError",
        message: `--until takes a time such as 2026-11-20T14:00:00Z or 24h, and "${text}" is none`,
      }),
    );
  });

  test.each(["10001d", "999999w", "999999w".repeat(30)])("too long: %s", (text) => {
    expect(() => readMoment("--since", text)).toThrow(/^--since takes at most 10000d/);
  });
});
