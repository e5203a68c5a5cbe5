import { describe, expect, it } from "vitest";
import { resultOf, statusOf } from "../../../src/cleanup/result.ts";
import { TriedToken } from "../../../src/commands/cleanup-token.ts";
import type { Explorer } from "../../../src/model/api.ts";
import type { TokenCheck } from "../../../src/model/cleanup.ts";
import { cleanupResultView } from "../../../src/output/views/cleanup-result.ts";
import type { ViewOptions } from "../../../src/output/view.ts";
import { chosenItem, planHead } from "../cleanup/run-fixture.ts";

/** A clock that sleeping moves. */
class Clock {
  ms = 0;
  readonly signal = new AbortController();
  readonly given = {
    now: () => new Date(this.ms),
    sleep: (ms: number) => {
      this.ms += ms;
      return Promise.resolve();
    },
    signal: this.signal.signal,
  };
}

/** A server that answers a trial at that second with a status; 200 takes the token, null is no answer. */
function server(clock: Clock, answer: (second: number) => number | null): Explorer {
  const get = () => {
    const status = answer(Math.floor(clock.ms / 1000));
    const error = Object.assign(new Error(`status ${String(status)}`), { name: "ApiError", status, fatal: false });
    return status === 200 ? Promise.resolve({}) : Promise.reject(error);
  };
  return { get, close: () => Promise.resolve() } as unknown as Explorer;
}

function tried(answer: (second: number) => number | null, clock = new Clock()): Promise<TokenCheck> {
  return new TriedToken(server(clock, answer), "alice").ended(clock.given);
}

describe("a token that is tried", () => {
  it.each([
    ["is refused by a 401 alone", (s: number) => (s < 7 ? 200 : 401), { refusedAfterSeconds: 7, unknownBecause: null }],
    [
      "counts as accepted where only a right is missing",
      () => 403,
      { refusedAfterSeconds: null, unknownBecause: null },
    ],
    [
      "is still accepted when nothing can keep it alive",
      () => 200,
      { refusedAfterSeconds: null, unknownBecause: null },
    ],
    ["is tried on while no answer comes", (s: number) => (s < 20 ? null : 401), { refusedAfterSeconds: 20 }],
    [
      "is unknown where no answer comes at last",
      (s: number) => (s < 70 ? 200 : null),
      { unknownBecause: "status null" },
    ],
    [
      "is unknown where the server fails at last",
      (s: number) => (s < 70 ? 200 : 503),
      { unknownBecause: "status 503" },
    ],
    ["is unknown where it is put off at last", () => 429, { refusedAfterSeconds: null, unknownBecause: "status 429" }],
  ])("%s", async (_, answer, expected) => {
    expect(await tried(answer)).toMatchObject({ user: "alice", ...expected });
  });

  it("is unknown where the trial is interrupted", async () => {
    const clock = new Clock();
    const check = await tried((second) => {
      if (second === 3) clock.signal.abort();
      return 200;
    }, clock);
    expect(check).toEqual({ user: "alice", refusedAfterSeconds: null, unknownBecause: "the trial was interrupted" });
  });

  it("and is unknown is neither accepted nor refused in the result, whose status is not 0", () => {
    const chosen = [chosenItem("a")];
    const token = { user: "alice", refusedAfterSeconds: null, unknownBecause: "status 503" };
    const gone = new Map([["uid-a", { outcome: "gone", because: "", by: "us" } as const]]);
    const ran = {
      chosen,
      done: gone,
      verified: new Map(),
      evidence: null,
      journal: "j",
      notes: [],
      at: "2026-11-22T05:41:09Z",
    };
    const result = resultOf(planHead(), { ...ran, token });
    expect(statusOf(resultOf(planHead(), { ...ran, token: null }), chosen)).toBe(0);
    expect(statusOf(result, chosen)).toBe(2);
    const options = { wide: false, details: false, command: (args: string) => args } as ViewOptions;
    const text = cleanupResultView(result, options).after.join("\n");
    expect(text.match(/is not known: status 503/g)).toHaveLength(1);
    const open = resultOf(planHead(), { ...ran, token: { ...token, unknownBecause: null } });
    const after = cleanupResultView(open, options).after;
    expect(after.filter((line) => line.includes("still accept"))).toEqual([
      "The API server still accepts the token that was given, as alice.",
    ]);
    expect(text).not.toMatch(/is (still accepted, as|refused)|still accepts the token that was given, as/);
  });
});
